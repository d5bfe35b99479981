"""The signer's socket: requests and answers are one JSON object a line.

A request is `{"do": NAME, …}`; the answer holds the result, or `refused` with the reason.
"""

import base64
import json
import os
import socketserver
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from signer.journal import JournalError
from signer.keys import KeyMissingError
from signer.log import Log, LogError
from signer.note import NoteError, read_key

LONGEST: Final = 64 * 1024 * 1024  # bytes of a question
SECONDS: Final = 30  # that a client may stay silent


class Server(socketserver.ThreadingUnixStreamServer):
    """Answers for one log until `shutdown`."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, socket: Path, log: Log) -> None:
        """Listen; a socket that a dead process left is taken over."""
        socket.unlink(missing_ok=True)
        self.log = log
        before = os.umask(0o117)
        try:
            super().__init__(str(socket), _Handler)
        finally:
            os.umask(before)


class _Handler(socketserver.StreamRequestHandler):
    timeout = SECONDS

    def handle(self) -> None:
        """Answer questions until the client goes."""
        log: Log = self.server.log  # type: ignore[attr-defined]  # it is our Server
        try:
            while text := self.rfile.readline(LONGEST):
                self.wfile.write(json.dumps(answer(log, text)).encode() + b"\n")
        except (TimeoutError, ConnectionError):
            return


def answer(log: Log, text: bytes) -> dict[str, Any]:
    """Return the answer to one question."""
    try:
        asked = json.loads(text)
        return _DOES[asked["do"]](log, asked)
    except (LogError, JournalError, KeyMissingError, NoteError) as error:
        return {"refused": str(error)}
    except (KeyError, TypeError, ValueError) as error:
        return {"refused": f"the question cannot be read: {error!r}"}
    except OSError as error:
        return {"refused": f"the signer cannot write: {error.strerror}"}


def _append(log: Log, asked: dict[str, Any]) -> dict[str, Any]:
    leaves = [base64.b64decode(leaf) for leaf in asked["leaves"]]
    return {"checkpoint": log.append(leaves, int(asked["first"]))}


def _checkpoint(log: Log, _asked: dict[str, Any]) -> dict[str, Any]:
    return {"checkpoint": log.checkpoint()}


def _inclusion(log: Log, asked: dict[str, Any]) -> dict[str, Any]:
    return _hashes(log.inclusion(int(asked["index"]), int(asked["size"])))


def _consistency(log: Log, asked: dict[str, Any]) -> dict[str, Any]:
    return _hashes(log.consistency(int(asked["old"]), int(asked["new"])))


def _leaf_hashes(log: Log, asked: dict[str, Any]) -> dict[str, Any]:
    return _hashes(log.leaf_hashes(int(asked["first"]), int(asked["count"])))


def _prepare_key(log: Log, asked: dict[str, Any]) -> dict[str, Any]:
    old = read_key(asked["old"]) if asked.get("old") else None
    return {"statement": log.prepare_key(str(asked["reason"]), old)}


def _use_key(log: Log, asked: dict[str, Any]) -> dict[str, Any]:
    leaf, nonce = base64.b64decode(asked["leaf"]), str(asked.get("nonce", ""))
    return {"checkpoint": log.use_key(int(asked["index"]), leaf, nonce)}


def _status(log: Log, _asked: dict[str, Any]) -> dict[str, Any]:
    return {"size": log.size, "origin": log.origin, "key": str(log.key), "uid": os.getuid()}


def _hashes(found: list[bytes]) -> dict[str, Any]:
    return {"hashes": [base64.b64encode(each).decode() for each in found]}


_DOES: Final[dict[str, Callable[[Log, dict[str, Any]], dict[str, Any]]]] = {
    "append": _append,
    "checkpoint": _checkpoint,
    "inclusion": _inclusion,
    "consistency": _consistency,
    "leaf_hashes": _leaf_hashes,
    "prepare_key": _prepare_key,
    "use_key": _use_key,
    "status": _status,
}

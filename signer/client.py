"""Calls of the office to its signer: one call, one connection, one short time limit.

Every call raises Unavailable where nobody answers (try again later), and Refused where the signer
refuses (a person must act). Every call may be repeated.
"""

import base64
import json
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

SECONDS: Final = 10


class Unavailable(Exception):
    """Nobody answers, or not in time."""


class Refused(Exception):
    """The signer refuses the call."""


@dataclass(frozen=True, slots=True)
class Appended:
    """Where leaves stand now, and a signed checkpoint that covers them."""

    first_index: int
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the log: its size and origin, the verifier key, the signer's user."""

    size: int
    origin: str
    key: str
    uid: int


class Client:
    """The signer behind a Unix socket."""

    def __init__(self, path: Path, *, seconds: float = SECONDS) -> None:
        """Remember the socket; nothing is opened before a call."""
        self._path, self._seconds = path, seconds

    def append(self, leaves: Sequence[bytes], *, first_index: int) -> Appended:
        """Append leaves, the first of which has this index.

        Leaves that stand there already are not doubled, so a call whose answer was lost is simply
        repeated. Refused: other leaves stand there, or the log is shorter than `first_index`.
        """
        encoded = [base64.b64encode(leaf).decode() for leaf in leaves]
        found = self._ask("append", first=first_index, leaves=encoded)
        return Appended(first_index, str(found["checkpoint"]))

    def checkpoint(self) -> str:
        """Return the newest signed checkpoint."""
        return str(self._ask("checkpoint")["checkpoint"])

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the proof that leaf `index` is in the tree of `size` leaves."""
        return _hashes(self._ask("inclusion", index=index, size=size))

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return the proof that the tree of `new` leaves begins with that of `old`."""
        return _hashes(self._ask("consistency", old=old, new=new))

    def leaf_hashes(self, first: int, count: int) -> list[bytes]:
        """Return the hashes of `count` leaves from `first` on, fewer where the log ends before."""
        return _hashes(self._ask("leaf_hashes", first=first, count=count))

    def prepare_key(self, reason: str, *, old: str = "") -> str:
        """Have the next key made, and return its statement (see `signer.statements`)."""
        return str(self._ask("prepare_key", reason=reason, old=old)["statement"])

    def use_key(self, index: int, leaf: bytes, *, nonce: str = "") -> str:
        """Have the next key used, whose statement is in this leaf; return a checkpoint by it.

        In it as it is, or as the SHA-256 (hexadecimal) of `nonce`, a newline and the statement.
        """
        encoded = base64.b64encode(leaf).decode()
        found = self._ask("use_key", index=index, leaf=encoded, nonce=nonce)
        return str(found["checkpoint"])

    def status(self) -> Status:
        """Return the state of the log."""
        return Status(**self._ask("status"))

    def _ask(self, do: str, **asked: Any) -> dict[str, Any]:
        try:
            answer = json.loads(self._exchange(json.dumps({"do": do, **asked}).encode() + b"\n"))
        except (OSError, ValueError) as error:
            raise Unavailable(f"the signer does not answer: {error}") from error
        if "refused" in answer:
            raise Refused(answer["refused"])
        return dict(answer)

    def _exchange(self, text: bytes) -> bytes:
        folder = os.open(self._path.parent, os.O_PATH | os.O_DIRECTORY)
        try:  # by its folder: the path of a Unix socket may have 107 bytes only
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(self._seconds)
                line.connect(f"/proc/self/fd/{folder}/{self._path.name}")
                line.sendall(text)
                with line.makefile("rb") as file:
                    return file.readline()
        finally:
            os.close(folder)


def _hashes(found: dict[str, Any]) -> list[bytes]:
    return [base64.b64decode(each) for each in found["hashes"]]

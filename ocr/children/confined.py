"""A process in which a file of strangers is opened: `child`, started, listened to, ended.

The parent only trusts the clock. Nothing of the file's content gets into messages or logs.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from ocr.engines.tessdata import ROOT
from ocr.limits import Limits

_LINE_BYTES = 64_000_000


class Died(Exception):
    """The child went without an answer; `code` is crashed or timeout, `reason` for the log."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Child:
    """A child in a process group and a temporary folder of its own; `end` leaves nothing of both.

    (`communicate` would close the child's stdin, which tells it that its parent is gone.)
    """

    def __init__(self, arguments: list[str]) -> None:
        self._scratch = tempfile.TemporaryDirectory(
            prefix="sijill-read-", ignore_cleanup_errors=True
        )
        self._pending = bytearray()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ocr.children.child", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=_environment(self._scratch.name),
            start_new_session=True,
        )

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.end()

    def fileno(self) -> int:
        """Its stdout, for `select`."""
        assert self._process.stdout is not None  # noqa: S101 - opened as a pipe
        return self._process.stdout.fileno()

    def ask(self, line: str) -> None:
        """Send it a line; a child that is gone is noticed at its stdout."""
        assert self._process.stdin is not None  # noqa: S101 - opened as a pipe
        with contextlib.suppress(OSError):
            self._process.stdin.write(f"{line}\n".encode())
            self._process.stdin.flush()

    def lines(self) -> Iterator[bytes]:
        """The lines that became whole by what it has said now; blocks until it says something.

        Raises Died at the end of its stdout, and where it says too much.
        """
        chunk = os.read(self.fileno(), 1 << 20)
        if not chunk:
            raise Died("crashed", how_it_ended(self._process.wait()))
        self._pending += chunk
        *whole, rest = bytes(self._pending).split(b"\n") if b"\n" in chunk else (self._pending,)
        yield from whole
        self._pending = bytearray(rest)
        if len(self._pending) > _LINE_BYTES:
            raise Died("crashed", "the reader said too much")

    def everything(self, seconds: float) -> bytes:
        """All that it says until its stdout ends, within so many seconds. Raises Died: timeout."""
        deadline = time.monotonic() + seconds
        said = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno(), selectors.EVENT_READ)
            while selector.select(max(0.0, deadline - time.monotonic())):
                chunk = os.read(self.fileno(), 1 << 20)
                if not chunk:
                    return bytes(said)
                said += chunk
        raise Died("timeout", "the child took too long")

    def status(self) -> int:
        """Its exit status once its stdout has ended."""
        return self._process.wait()

    def end(self) -> None:
        """Kill the group, wait, and remove the folder."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()
        self._scratch.cleanup()


def options(path: Path, media_type: str | None, seconds: float, limits: Limits) -> list[str]:
    """The arguments by which a child knows its file, its time for a page, and its limits."""
    said = [str(path.absolute()), "--page-seconds", str(seconds)]
    said += ["--most-pages", str(limits.pages), "--most-pixels", str(limits.pixels)]
    said += ["--most-memory", str(limits.memory_bytes)]
    return said + (["--media-type", media_type] if media_type else [])


def how_it_ended(code: int | None) -> str:
    """An exit status in words, for the log."""
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"the reader was ended by {signal.Signals(-code).name}"
    return f"the reader ended with status {code}"


def _environment(scratch: str) -> dict[str, str]:
    """No secret of the office reaches the child."""
    kept = ("PATH", "OCR_MODELS_DIR", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "VIRTUAL_ENV")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    return environment | {
        "TMPDIR": scratch,
        "HOME": scratch,
        "LANG": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }

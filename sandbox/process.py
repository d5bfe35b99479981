"""A child process in which an untrusted file is opened: started, fed, read from, ended.

The parent trusts only the clock. The child runs a module of ours in a process group and a temporary
folder of its own, without the office's secrets, limits itself by `sandbox.limits` and builds the
walls of `sandbox.walls` around itself. Its standard error is discarded, since it may quote the
file; how it ended is known by its status. Its standard input stays open while it runs: end of file
there means that the parent is gone.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Literal, Self

from opentelemetry import trace

from sandbox.walls import VARIABLE, Plan

ROOT: Final = Path(__file__).resolve().parents[1]
MOST_SAID: Final = 64_000_000  # bytes: a child that says more is not ours any more
_CHUNK: Final = 1 << 20
_LAST_SECONDS: Final = 10.0  # from the end of its words to its own
Ending = Literal["crashed", "timeout"]


class ChildDied(Exception):
    """The child ended without an answer; `code` is crashed or timeout, `reason` for the log."""

    def __init__(self, code: Ending, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class OutputTooLarge(ChildDied):
    """The child's output exceeded the limit."""

    def __init__(self) -> None:
        super().__init__("crashed", "the child said too much")


class SandboxedProcess:
    """`python -m MODULE ARGUMENTS` as a child; `end` (or the end of `with`) removes all of it.

    `reads` are the paths that it may read besides Python and the system's libraries, `writes` the
    folders (and files that are there) that it may write besides its own, `programs` those that it
    may start. `kept`: names of variables of our environment that it needs too.
    """

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        *,
        reads: Sequence[str | Path] = (),
        writes: Sequence[str | Path] = (),
        programs: Sequence[str | Path] = (),
        kept: Sequence[str] = (),
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(
            prefix=f"sijill-{module.split('.')[0]}-", ignore_cleanup_errors=True
        )
        self._pending = bytearray()
        plan = Plan(*(_absolute(paths) for paths in (reads, writes, programs)))
        self._pipe, inside = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                stdin=inside.fileno(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=ROOT,
                env=_environment(self._folder.name, kept) | {VARIABLE: plan.serialized()},
                bufsize=0,
                start_new_session=True,
            )
        except OSError:
            self._pipe.close()
            self._folder.cleanup()
            raise
        finally:
            inside.close()
        self._span = trace.get_tracer("sijill").start_span(f"child {module}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.end()

    @property
    def pid(self) -> int:
        """Its process id, which is its group's too."""
        return self._process.pid

    @property
    def scratch(self) -> Path:
        """Its temporary folder, removed at its end."""
        return Path(self._folder.name)

    def fileno(self) -> int:
        """Return the descriptor of its stdout, for `select`."""
        assert self._process.stdout is not None  # noqa: S101 - opened as a pipe
        return self._process.stdout.fileno()

    def ask(self, line: str, *, seconds: float = 60.0) -> None:
        """Send it a line; a child that is gone is noticed at its stdout.

        Raise ChildDied (timeout) where it does not read for `seconds`.
        """
        self.feed(f"{line}\n".encode(), seconds=seconds)

    def feed(self, said: bytes, *, seconds: float = 60.0) -> None:
        """Send the child these bytes; errors as for `ask`."""
        self._pipe.setblocking(False)
        deadline, rest = time.monotonic() + seconds, memoryview(said)
        with selectors.DefaultSelector() as selector, contextlib.suppress(ConnectionError):
            selector.register(self._pipe, selectors.EVENT_WRITE)
            while rest:
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise ChildDied("timeout", "the child does not listen")
                with contextlib.suppress(BlockingIOError):
                    rest = rest[self._pipe.send(rest[:_CHUNK]) :]

    def hand(self, line: str, file: BinaryIO) -> None:
        """Send the child a short line together with an open file; errors as for `ask`."""
        self._pipe.settimeout(60.0)
        try:
            with contextlib.suppress(ConnectionError):
                socket.send_fds(self._pipe, [f"{line}\n".encode()], [file.fileno()])
        except TimeoutError:
            raise ChildDied("timeout", "the child does not listen") from None

    def lines(self) -> Iterator[bytes]:
        """Yield the lines completed by its next output; blocks until there is some.

        Raise ChildDied at the end of its stdout, and where a line has no end.
        """
        chunk = os.read(self.fileno(), _CHUNK)
        if not chunk:
            raise ChildDied("crashed", how_it_ended(self.status(_LAST_SECONDS)))
        self._pending += chunk
        whole: list[bytes] = []
        if b"\n" in chunk:
            *whole, rest = bytes(self._pending).split(b"\n")
            self._pending = bytearray(rest)
        if len(self._pending) > MOST_SAID:
            raise OutputTooLarge
        yield from whole

    def await_lines(self, seconds: float) -> Iterator[bytes]:
        """Yield all its lines until its stdout ends, waiting at most `seconds` for each output.

        Raise ChildDied (timeout) or OutputTooLarge; the end of its stdout is no error here.
        """
        with selectors.DefaultSelector() as selector:
            selector.register(self, selectors.EVENT_READ)
            while True:
                if not selector.select(seconds):
                    raise ChildDied("timeout", "the child took too long")
                try:
                    yield from self.lines()
                except OutputTooLarge:
                    raise
                except ChildDied:
                    return

    def everything(self, seconds: float, *, most: int = MOST_SAID) -> bytes:
        """Return all its output until its stdout ends, within so many seconds and bytes.

        Raise ChildDied.
        """
        deadline = time.monotonic() + seconds
        said = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno(), selectors.EVENT_READ)
            while selector.select(max(0.0, deadline - time.monotonic())):
                chunk = os.read(self.fileno(), _CHUNK)
                if not chunk:
                    return bytes(said)
                said += chunk
                if len(said) > most:
                    raise OutputTooLarge
        raise ChildDied("timeout", "the child took too long")

    def status(self, seconds: float | None = None) -> int:
        """Wait for its exit status and return it. Raise ChildDied (timeout)."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise ChildDied("timeout", "the child took too long") from None

    def is_alive(self) -> bool:
        """Return whether it has not ended."""
        return self._process.poll() is None

    def end(self) -> None:
        """Kill the group, wait, and remove the folder."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._pipe.close()
        if self._process.stdout:
            self._process.stdout.close()
        self._span.set_attribute("process.exit.code", self._process.wait())
        self._span.end()
        self._folder.cleanup()


def how_it_ended(code: int | None) -> str:
    """Return an exit status in words, for the log."""
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"the child was ended by {signal.Signals(-code).name}"
    return f"the child ended with status {code}"


def _absolute(paths: Sequence[str | Path]) -> tuple[str, ...]:
    return tuple(os.path.abspath(path) for path in paths)


def _environment(scratch: str, kept: Sequence[str]) -> dict[str, str]:
    """Return the child's environment, without any secret of the office."""
    wanted = ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV", *kept)
    environment = {name: os.environ[name] for name in wanted if name in os.environ}
    return environment | {
        "TMPDIR": scratch,
        "HOME": scratch,
        "LANG": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }

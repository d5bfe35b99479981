"""`channels.batch.child`, started, listened to and ended: the parent trusts only the clock."""

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
PAGE_SECONDS: Final = 60.0
EXTRACT_SECONDS: Final = 300.0
_LINE: Final = 20_000


class UnreadableError(Exception):
    """The file, or a page of it, could not be opened; `code` is damaged or timeout."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def look(path: Path, folder: Path, *, first: int = 0, last: int = 0) -> Iterator[dict[str, Any]]:
    """What the child says of each page. Raises UnreadableError."""
    with _child("look", str(path), str(folder), str(first), str(last)) as process:
        stream = process.stdout
        assert stream is not None  # noqa: S101 - opened as a pipe
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            while True:
                if not selector.select(PAGE_SECONDS):
                    raise UnreadableError("timeout")
                line = stream.readline(_LINE)
                if not line:
                    break
                yield json.loads(line)
        if process.wait(PAGE_SECONDS) != 0:
            raise UnreadableError("damaged")


def extract(path: Path, folder: Path, letters: list[list[int]]) -> None:
    """Each letter's pages into a file of `folder` named by the first of them; those that cannot be
    made are not there. Raises UnreadableError."""
    said = ";".join(",".join(map(str, pages)) for pages in letters)
    with _child("extract", str(path), str(folder), said) as process:
        try:
            code = process.wait(EXTRACT_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise UnreadableError("timeout") from error
        if code != 0:
            raise UnreadableError("damaged")


@contextlib.contextmanager
def _child(*arguments: str) -> "Iterator[subprocess.Popen[bytes]]":
    with tempfile.TemporaryDirectory(prefix="sijill-batch-") as scratch:
        environment = {"PATH": "/usr/bin:/bin", "HOME": scratch, "TMPDIR": scratch}
        process = subprocess.Popen(
            [sys.executable, "-m", "channels.batch.child", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment,
            bufsize=0,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if process.stdout:
                process.stdout.close()

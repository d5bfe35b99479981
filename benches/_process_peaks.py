"""The most memory that each program below this process has held, as the kernel remembers it."""

import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from ocr.bench.processes import below

_EVERY_SECONDS: Final = 0.1
_DIGEST: Final = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True, slots=True)
class Peak:
    """A process at its largest: resident bytes, and the digest of the file that it was given."""

    bytes: int
    digest: str = ""


@dataclass(slots=True)
class Peaks:
    """Looks at a process and all below it while the block runs; `largest` by program."""

    pid: int
    largest: dict[str, Peak] = field(default_factory=dict)
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        while not self._ended.wait(_EVERY_SECONDS):
            self.look()

    def look(self) -> None:
        """Look once."""
        for pid in [self.pid, *below(self.pid)]:
            with suppress(OSError, ValueError, IndexError):
                size, line = most_of(pid), command_of(pid)
                name = program_of(line)
                if name and size > self.largest.get(name, Peak(0)).bytes:
                    found = _DIGEST.search(" ".join(line))
                    self.largest[name] = Peak(size, found.group() if found else "")

    def rows(self) -> Iterator[tuple[str, Peak]]:
        """Yield the programs and their peaks, the largest first."""
        yield from sorted(self.largest.items(), key=lambda item: -item[1].bytes)


def most_of(pid: int) -> int:
    """Return the most resident bytes that the process has had. Raise OSError where it is gone."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def command_of(pid: int) -> list[str]:
    """Return the words by which the process was started."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]


def program_of(line: list[str]) -> str:
    """Return a short name of what runs: the module and its command, or the program."""
    if line[1:2] == ["-m"]:
        return " ".join(line[2:4])
    words = [Path(word).name for word in line[:3]]
    return " ".join(words[1:]) if words and words[0].startswith("python") else "".join(words[:1])

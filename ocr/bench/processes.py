"""Cost of a process and its children: processor time, wall time, and memory while they run."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_SAMPLE_SECONDS = 0.03


@dataclass(slots=True)
class Cost:
    """Seconds of processor and wall time; `peak` in bytes, resident, of the whole process tree."""

    cpu: float = 0.0
    wall: float = 0.0
    peak: int = 0


def run(command: Sequence[str], *, environment: Mapping[str, str], cwd: Path) -> tuple[bytes, Cost]:
    """Run a command to its end; return (stdout, cost). Raise CalledProcessError."""
    started = time.monotonic()
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=dict(environment),
        cwd=cwd,
    ) as process:
        with peak_of(process.pid) as peak:
            assert process.stdout is not None  # noqa: S101 - opened as a pipe
            out = process.stdout.read()
            # wait4 reports this child's own time, its children's included; nobody else's.
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    wall = time.monotonic() - started
    return out, Cost(usage.ru_utime + usage.ru_stime, wall, peak.bytes)


class Peak:
    """The highest memory use seen so far."""

    bytes = 0


@contextmanager
def peak_of(pid: int) -> Iterator[Peak]:
    """Sample the memory of a process tree thirty times a second while the block runs.

    Shared pages count in every process, and what lives less than a sample interval is missed.
    """
    peak, ended = Peak(), threading.Event()

    def sample() -> None:
        while True:
            peak.bytes = max(peak.bytes, resident(pid))
            if ended.wait(_SAMPLE_SECONDS):
                return

    watcher = threading.Thread(target=sample, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def resident(pid: int) -> int:
    """Return the resident bytes of a process and its descendants; 0 when it is gone."""
    return sum(_sizes(pid))


def largest(pid: int = 0) -> int:
    """Return the resident bytes of the largest process started under this one (or another)."""
    top = pid or os.getpid()
    return max((size for size in _sizes(top, itself=False)), default=0)


def below(pid: int) -> Iterator[int]:
    """Yield the processes started under this one, at whatever depth."""
    waiting = [pid]
    while waiting:
        current = waiting.pop()
        try:
            if current != pid:
                yield current
            for task in os.listdir(f"/proc/{current}/task"):
                children = Path(f"/proc/{current}/task/{task}/children").read_text()
                waiting += map(int, children.split())
        except (OSError, ValueError):
            continue


def _sizes(pid: int, *, itself: bool = True) -> Iterator[int]:
    for current in [*([pid] if itself else []), *below(pid)]:
        with suppress(OSError, IndexError, ValueError):
            yield int(Path(f"/proc/{current}/statm").read_text().split()[1]) * _PAGE_BYTES

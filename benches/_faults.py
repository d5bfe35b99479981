"""The faults of the bench of faults: kills, full disks, a cut network, a wrong clock, a slow disk.

Each is a function of a `Scene`; it returns words on what was done and seen.
"""

import contextlib
import random
import shutil
import signal
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benches._apart import Disks, Network
from benches._crowd import Crowd
from benches._production import PROCESSES, Production, family
from benches._strikes import Strikes, port_of

CLOCK: Final = Path(__file__).with_name("clock_offset.c")
JUMPS: Final = {"+40 min": 2400, "-10 min": -600, "+26 h": 93600}
CUT: Final = ("postgres", "redis", "elasticsearch", "store")
FULL: Final = {"store": "vault", "postgres": "database", "data": "DATA_DIR", "logs": "logs"}
SLOW_MS: Final = 300
AT_ONCE: Final = 3  # parts that are killed in the same moment, at most
WORK_AFTER: Final = 10  # kills, until a letter must be accepted


@dataclass
class Scene:
    """The office under its load, and what the bench may do to it."""

    office: Production
    crowd: Crowd
    strikes: Strikes
    disks: Disks | None
    network: Network | None
    kills: int
    pace: float
    minutes: float  # after which killing ends, however many are left
    seconds: float  # for which each other fault lasts
    words: list[str] = field(default_factory=list)
    at_work: str = "the start"  # the last fault
    unborne: list[str] = field(default_factory=list)  # faults after which nothing was accepted
    left_out: list[str] = field(default_factory=list)  # faults that could not be made here

    @contextlib.contextmanager
    def told(self, what: str) -> Iterator[None]:
        """Say what people noticed while the block ran, and until a minute of calm after it."""
        record, before = self.crowd.day.record, len(self.crowd.day.record.asked)
        accepted = len(self.crowd.day.books.accepted)
        began, self.at_work = time.monotonic(), what
        yield
        ones = record.asked[before:]
        failed = sum(one.outcome == "failed" for one in ones)
        braked = sum(one.outcome == "braked" for one in ones)
        more = len(self.crowd.day.books.accepted) - accepted
        line = (
            f"{what}: {time.monotonic() - began:.0f} s, {len(ones)} requests, {failed} without an "
            f"answer or 5xx, {braked} told to wait, {more} letters accepted"
        )
        self.words.append(line)
        print(line, flush=True)

    def recover(self, *, seconds: float = 240) -> None:
        """Supervise until pages are answered and a letter more is accepted."""
        accepted = len(self.crowd.day.books.accepted)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.strikes.wait(0.3)
            if len(self.crowd.day.books.accepted) > accepted:
                return
        self.unborne.append(f"no letter was accepted within {seconds:.0f} s after {self.at_work}")


def kills(scene: Scene) -> None:
    """Kill -9 in random order, up to `AT_ONCE` parts at once; after ten people get work done."""
    done, rest, until = 0, WORK_AFTER, time.monotonic() + scene.minutes * 60
    with scene.told("kill -9"):
        while done < scene.kills and time.monotonic() < until:
            scene.strikes.supervise()
            for _part in range(random.randint(1, AT_ONCE)):
                done += bool(scene.strikes.strike())
            if done >= rest:
                scene.recover()
                rest = done + WORK_AFTER
                print(f"  {done} kills;{scene.crowd.words()}", flush=True)
            scene.strikes.wait(random.uniform(0.5, 1.5) * scene.pace)
        scene.recover()
    scene.words[-1] = f"{done} times {scene.words[-1]}"


def full_disks(scene: Scene) -> None:
    """Fill the disk of one part after the other, then make room."""
    if scene.disks is None:
        scene.left_out.append("full disks: no mounts of our own")
        return
    for name, what in FULL.items():
        with scene.told(f"disk of {what} full"):
            until = time.monotonic() + scene.seconds
            while time.monotonic() < until:
                scene.disks.fill(name)  # again: what the office removes meanwhile makes room
                scene.strikes.wait(0.5)
            scene.disks.empty(name)
            scene.recover()


def cut_network(scene: Scene) -> None:
    """Cut the way to one server after the other: packets are dropped, nobody is told."""
    if scene.network is None:
        scene.left_out.append("network: no namespace of our own")
        return
    for name in CUT:
        with scene.told(f"network to {name} cut"):
            scene.network.cut(port_of(scene.office, name))
            scene.strikes.wait(scene.seconds)
            scene.network.heal()
            scene.recover()


def wrong_clock(scene: Scene) -> None:
    """Let the wall clock of web, workers and beat jump; those of signer and servers are right."""
    library = _offset_library(scene.office.folder)
    if library is None:
        scene.left_out.append("clock: no C compiler here")
        return
    file = scene.office.folder / "offset"
    file.write_bytes(struct.pack("=q", 0))
    scene.strikes.restart(LD_PRELOAD=str(library), CLOCK_OFFSET=str(file))
    scene.recover()
    for what, seconds in JUMPS.items():
        with scene.told(f"clock of the office's processes {what}"):
            _write_offset(file, seconds)
            scene.strikes.wait(scene.seconds)
            _write_offset(file, 0)
            scene.recover()
    scene.strikes.restart()
    scene.recover()


def _offset_library(folder: Path) -> Path | None:
    compiler, library = shutil.which("cc"), folder / "clock_offset.so"
    if compiler is None:
        return None
    command = [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(CLOCK)]
    subprocess.run(command, check=True)
    return library


def _write_offset(file: Path, seconds: int) -> None:
    """Change the mapped file in place: a new one would be another."""
    with file.open("r+b") as stream:
        stream.write(struct.pack("=q", seconds))


def slow_disk(scene: Scene) -> None:
    """Let each fsync of the database and the object store last longer, by strace's injection."""
    if shutil.which("strace") is None:
        scene.left_out.append("slow disk: no strace here")
        return
    pids = [pid for name in ("postgres", "store") for pid in family(scene.office.pid_of(name))]
    calls = "fsync,fdatasync"
    command = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}"]
    command += ["-e", f"inject={calls}:delay_exit={SLOW_MS * 1000}"]
    command += [word for pid in pids for word in ("-p", str(pid))]
    with scene.told(f"fsync of database and object store {SLOW_MS} ms longer"):
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as tracer:
            scene.strikes.wait(scene.seconds)
            if tracer.poll() is not None:  # forbidden to trace, or all that it traced is gone
                scene.left_out.append(f"slow disk: strace ended by itself, {tracer.returncode}")
            tracer.send_signal(signal.SIGINT)
        scene.recover()


FAULTS: Final[dict[str, Callable[[Scene], None]]] = {
    "disks": full_disks, "network": cut_network, "clock": wrong_clock, "slow_disk": slow_disk,
    "kills": kills,
}  # fmt: skip

__all__ = ["FAULTS", "PROCESSES", "Scene"]

"""A confined child that misbehaves: `python -m tests.sandbox.child_that DEED [LIMIT]`."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from sandbox.limits import confine, die_with_parent, more_cpu


def echoes(asked: IO[bytes]) -> None:
    for line in asked:
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
        if line == b"end\n":
            return


def forks() -> None:
    sleeper = subprocess.Popen(["sleep", "300"])
    print(sleeper.pid, flush=True)


def forks_and_stays(told: str) -> None:
    sleeper = subprocess.Popen(["sleep", "300"])
    Path(told).write_text(f"{os.getpid()} {sleeper.pid}")
    time.sleep(300)


def allocates() -> None:
    print(len(b"x" * 2_000_000_000))


def writes() -> None:
    while True:
        sys.stdout.write("x" * 10_000)


def writes_a_file() -> None:
    with (Path(os.environ["TMPDIR"]) / "big").open("wb") as file:
        file.write(b"x" * 2_000_000)


def counts() -> None:
    while True:
        pass


def tells() -> None:
    print(sorted(os.environ), flush=True)
    print(Path(os.environ["TMPDIR"]).is_dir())
    print("a secret of the file", file=sys.stderr)


def connects(port: str) -> None:
    with socket.create_connection(("127.0.0.1", int(port)), timeout=2):
        print("connected")


DEEDS: dict[str, Callable[..., None]] = {
    "forks": forks,
    "forks and stays": forks_and_stays,
    "allocates": allocates,
    "sleeps": lambda: time.sleep(300),
    "writes": writes,
    "writes a file": writes_a_file,
    "counts": counts,
    "dies": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "tells": tells,
    "connects": connects,
}

if __name__ == "__main__":
    pipe = die_with_parent()
    confine(address_bytes=600_000_000, file_bytes=1_000_000)
    more_cpu(2)
    if sys.argv[1] == "echoes":
        echoes(pipe)
    else:
        DEEDS[sys.argv[1]](*sys.argv[2:])

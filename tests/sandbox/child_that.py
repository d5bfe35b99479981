"""A confined child that misbehaves: `python -m tests.sandbox.child_that DEED [LIMIT]`."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

from sandbox.limits import confine, die_with_parent, more_cpu
from sandbox.serve import handed, say
from sandbox.walls import build_walls, planned


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


def tries(secret: str, folder: str, port: str, told: str) -> None:
    """Say of each hostile deed how it ended: "done", or why not."""
    said = {name: tried(do) for name, do in hostile(secret, folder, int(port)).items()}
    said["reads what it was given"] = tried(lambda: Path(told).read_bytes())
    said["writes in its own folder"] = tried(
        lambda: (Path(os.environ["TMPDIR"]) / "a").write_text("a")
    )
    print(json.dumps(said), flush=True)


def tried(do: Callable[[], object]) -> str:
    try:
        do()
    except OSError as error:
        return type(error).__name__
    return "done"


def hostile(secret: str, folder: str, port: int) -> dict[str, Callable[[], object]]:
    def unix() -> None:
        with socket.socket(socket.AF_UNIX) as door:
            door.connect(f"{folder}/socket")

    def network() -> None:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()

    return {
        "reads a secret": lambda: Path(secret).read_bytes(),
        "lists a folder": lambda: os.listdir(folder),
        "reads its parent's environment": lambda: Path(
            f"/proc/{os.getppid()}/environ"
        ).read_bytes(),
        "reads its parent's memory": lambda: Path(f"/proc/{os.getppid()}/mem").open("rb"),
        "connects": network,
        "connects to a socket": unix,
        "writes outside": lambda: (Path(folder) / "new").write_text("x"),
        "overwrites": lambda: Path(secret).open("ab"),
        "truncates": lambda: os.truncate(secret, 0),
        "opens up": lambda: os.chmod(secret, 0o660),
        "deletes": lambda: os.unlink(secret),
        "signals its parent": lambda: os.kill(os.getppid(), 0),
        "starts a shell": lambda: subprocess.run(["/bin/sh", "-c", "true"], check=True),
    }


def forks_often() -> None:
    """Start 1,000 processes, or as many as it may."""
    started = 0
    with suppress(OSError):
        while started < 1000:
            if not os.fork():
                time.sleep(300)
            started += 1
    print(started, flush=True)


def runs(program: str) -> None:
    print(subprocess.run([program, "-c", "print(1)"], check=False).returncode)


def peeks() -> None:
    ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0)
    print("attached", flush=True)


def serves(pipe: IO[bytes]) -> None:
    """Answer for one file; a second ends it, as does one that is told to end each."""
    for count, (question, file) in enumerate(handed(pipe)):
        if count or question["ends"]:
            os._exit(1)
        say({"text": file.read().decode()})


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
    "tries": tries,
    "forks often": forks_often,
    "runs": runs,
    "peeks": peeks,
}

if __name__ == "__main__":
    pipe = die_with_parent()
    confine(address_bytes=600_000_000, file_bytes=1_000_000)
    more_cpu(2)
    if sys.argv[1] not in {"forks", "forks and stays"}:
        build_walls(planned())
    if sys.argv[1] == "echoes":
        echoes(pipe)
    elif sys.argv[1] == "serve":
        serves(pipe)
    else:
        DEEDS[sys.argv[1]](*sys.argv[2:])

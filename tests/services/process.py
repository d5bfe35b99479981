"""Children that never outlive us: own folder, own unprivileged user, ended when we end."""

import contextlib
import ctypes
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

FOLDER_PREFIX = "sijill-service-"
PR_SET_PDEATHSIG = 1
_PORTS = range(10_000, 32_000)  # the system gives higher ones to outgoing connections
_TRIED = 100
_CHANCE = random.SystemRandom()  # one that no test begins anew
LIBC = ctypes.CDLL(None, use_errno=True)


class ServiceMissingError(Exception):
    """A service cannot be started here; the text says what is missing."""


def free_port() -> int:
    """Return a TCP port that was free on the loopback interface a moment ago.

    It is none of those from which outgoing connections are given theirs: what is to listen there
    may begin only after a minute of set-up.
    """
    for port in _CHANCE.sample(_PORTS, _TRIED):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise ServiceMissingError("no free port")


def service_user() -> str | None:
    """Return the user a service runs as: PostgreSQL and Elasticsearch refuse to run as root."""
    return "nobody" if os.geteuid() == 0 else None


def make_folder(service: str) -> Path:
    """Make a folder of the service's user; its name has our process id for `sweep_folders`."""
    folder = Path(tempfile.mkdtemp(prefix=f"{FOLDER_PREFIX}{os.getpid()}-{service}-"))
    give_to_service(folder)
    return folder


def give_to_service(path: Path) -> None:
    """Make the service's user the owner of a file or folder, with all below it."""
    user = service_user()
    if user is None:
        return
    owner = pwd.getpwnam(user)
    for entry in [path, *path.rglob("*")]:
        os.chown(entry, owner.pw_uid, owner.pw_gid, follow_symlinks=False)


def sweep_folders() -> None:
    """Remove what a killed run left behind: folders whose process is gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER_PREFIX}*-*"):
        process = folder.name.removeprefix(FOLDER_PREFIX).split("-")[0]
        if process.isdecimal() and not Path(f"/proc/{process}").exists():
            shutil.rmtree(folder, ignore_errors=True)


def die_with_parent(signal_number: int) -> Callable[[], None]:
    """Return a preexec function: the child gets the signal when the thread that started it ends."""

    def ask() -> None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal_number)

    return ask


@dataclass(frozen=True, slots=True)
class Child:
    """A running service with its folder and the signal that stops it cleanly."""

    name: str
    process: subprocess.Popen[bytes]
    folder: Path
    stop_signal: signal.Signals

    def stop(self, *, patience: float = 15.0) -> None:
        """Stop the service within `patience` seconds, else kill its group; remove its folder."""
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def words(self) -> str:
        """Return the last lines the service wrote."""
        log = self.folder / "service.log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return "\n".join(lines[-15:])

    def wait_until(self, ready: Callable[[], bool], *, seconds: float) -> None:
        """Wait for `ready`; stop the child and raise `ServiceMissingError` when it never is."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            if ready():
                return
            time.sleep(0.1)
        ended = self.process.poll()
        problem = (
            f"did not start within {seconds:.0f} s" if ended is None else f"ended with {ended}"
        )
        words = self.words()
        self.stop()
        raise ServiceMissingError(f"{self.name} {problem}; its last words:\n{words}")


def start(
    name: str,
    command: Sequence[str],
    *,
    folder: Path,
    stop_signal: signal.Signals = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
) -> Child:
    """Start a service in its folder, in a session of its own, which Ctrl-C does not reach."""
    with log_of(folder) as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent(stop_signal),
            env=clean_environment(folder) | dict(environment or {}),
            user=service_user(),
            group=service_group(),
            extra_groups=[] if service_user() else None,
        )
    return Child(name, process, folder, stop_signal)


def run_once(name: str, command: Sequence[str], *, folder: Path) -> None:
    """Run a preparation step as the service's user. Raise `ServiceMissingError`."""
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env=clean_environment(folder),
        user=service_user(),
        group=service_group(),
        extra_groups=[] if service_user() else None,
        check=False,
    )
    if done.returncode:
        raise ServiceMissingError(f"{name}: {(done.stderr or done.stdout).strip()[-800:]}")


def log_of(folder: Path) -> IO[bytes]:
    """Return the service's log file."""
    return (folder / "service.log").open("ab")


def service_group() -> int | None:
    """Return the group of `service_user`."""
    user = service_user()
    return pwd.getpwnam(user).pw_gid if user else None


def clean_environment(folder: Path) -> dict[str, str]:
    """Return what a service may see of our environment: nothing that steers it by accident."""
    return {"PATH": os.environ.get("PATH", ""), "HOME": str(folder), "LC_ALL": "C.UTF-8"}

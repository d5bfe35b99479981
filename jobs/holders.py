"""Holders of leases: a unique name for each process, and whether that process is alive."""

import os
import socket
from functools import cache
from pathlib import Path


def _started(pid: int) -> str:
    """Return when the process started, in clock ticks since boot; "" when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""


@cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text()[:8]
    except OSError:
        return "-"


def host_prefix() -> str:
    """Return the beginning of the names of all processes of this machine, before a restart too."""
    return f"{socket.gethostname()[:60]}/"


def holder() -> str:
    """Return this process's unique name on a lease: host, boot, pid and start time."""
    pid = os.getpid()
    return f"{host_prefix()}{_boot()}/{pid}/{_started(pid)}"


def is_dead(name: str) -> bool:
    """Return whether the process behind a name is surely dead (known on this host only)."""
    host, boot, pid, started = [*name.split("/"), "", "", ""][:4]
    if f"{host}/" != host_prefix() or not pid.isdecimal():
        return False
    return boot != _boot() or _started(int(pid)) != started

"""The walls around a confined child: built by itself, before it opens an untrusted file.

Each wall stands by itself: namespaces (no network), Landlock (the paths that it is given and no
other), a filter of system calls, no privileges. A wall that this system does not allow is left out
and named; `sandbox.strength` reports it to the office.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from sandbox.landlock import (
    EXECUTE,
    MAKE_SOCKET,
    OWN,
    READ,
    READ_DIR,
    SCOPES_SINCE,
    USE,
    LandlockError,
    allow_only,
)
from sandbox.namespaces import drop_privileges, unshare_namespaces
from sandbox.seccomp import FilterError, filter_system_calls

Wall = Literal["landlock", "landlock_old", "seccomp", "namespaces", "root"]
VARIABLE: Final = "SIJILL_WALLS"
MOST_PROCESSES: Final = 64  # and threads, of the programs that a child starts
_ROOT: Final = Path(__file__).resolve().parents[1]
_SYSTEM: Final = (
    *("/usr", "/lib", "/lib64", "/lib32", "/opt/libreoffice"),
    *("/etc/ld.so.cache", "/etc/fonts", "/etc/libreoffice", "/etc/localtime", "/etc/timezone"),
    *("/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/magic", "/etc/mime.types"),
    *(
        "/etc/papersize",
        "/etc/locale.alias",
        "/etc/alternatives",
        "/etc/ghostscript",
        "/var/lib/ghostscript",
    ),
    *(
        "/var/cache/fontconfig",
        "/var/lib/libreoffice",
        "/var/spool/libreoffice",
        "/sys/devices/system/cpu",
    ),
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/filesystems"),
    *("/proc/version", "/proc/sys/vm/overcommit_memory", "/proc/sys/kernel/osrelease"),
    *("/dev/urandom", "/dev/random", "/dev/zero"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Whom the walls let in: paths to read, folders to write into, programs to start."""

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()

    def serialized(self) -> str:
        """Return the plan as text for the environment of the child."""
        return json.dumps(asdict(self))


def planned() -> Plan:
    """Return the parent's plan, and forget it."""
    said = json.loads(os.environ.pop(VARIABLE, "{}"))
    return Plan(**{name: tuple(paths) for name, paths in said.items()})


def build_walls(plan: Plan) -> list[Wall]:
    """Confine this process for good; return the walls that could not be built."""
    lacking: list[Wall] = []
    try:
        unshare_namespaces()
        if plan.programs:
            resource.setrlimit(resource.RLIMIT_NPROC, (MOST_PROCESSES, MOST_PROCESSES))
    except OSError:
        lacking.append("namespaces")
    drop_privileges()
    try:
        filter_system_calls(programs=bool(plan.programs))
    except FilterError:
        lacking.append("seccomp")
    try:
        # LibreOffice listens in /tmp where no filter makes it believe so.
        sockets = "seccomp" in lacking and bool(plan.programs)
        if allow_only(_allowed(plan, sockets=sockets)) < SCOPES_SINCE:
            lacking.append("landlock_old")
    except LandlockError:
        lacking.append("landlock")
    return lacking


def _allowed(plan: Plan, *, sockets: bool = False) -> dict[int, Sequence[str | Path]]:
    """Return rights -> paths. Of the office's own folder only its code, no data that lie in it."""
    code = [path.parent for path in _ROOT.glob("*/__init__.py")]
    python = [
        sys.prefix,
        sys.base_prefix,
        *(path for path in sys.path if path and path != str(_ROOT)),
    ]
    return {
        READ: [*_SYSTEM, *code, *python, *plan.reads],
        READ_DIR: [_ROOT],  # names, for the import of its packages
        USE: ["/dev/null"],
        MAKE_SOCKET: ["/tmp"] if sockets else [],  # noqa: S108
        OWN: [tempfile.gettempdir(), *plan.writes],
        EXECUTE | READ: [*plan.programs, *(_loaders() if plan.programs else ())],
    }


def _loaders() -> list[Path]:
    """Return the programs that start every program: the dynamic loader."""
    found: list[Path] = []
    for folder in ("/lib64", "/lib"):
        with suppress(OSError):
            found += Path(folder).glob("ld-linux*")
    return [*found, *Path("/lib").glob("*-linux-gnu*/ld-linux*")]

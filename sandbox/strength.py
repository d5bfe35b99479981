"""What this system does not allow of the walls around confined children, tried once."""

from __future__ import annotations

import json
from functools import cache
from typing import Final

from sandbox.process import ChildDied, SandboxedProcess
from sandbox.walls import Wall

# Where none of these holds, a file that breaks its reader has the whole office.
HOLDING: Final[frozenset[Wall]] = frozenset({"landlock", "seccomp", "namespaces"})
# What to do, for the log and for the check of a start.
REMEDIES: Final[dict[Wall, str]] = {
    "landlock": "no Landlock: children that read files may read the office's own. Boot a kernel "
    "of 5.13 or later with landlock in its lsm= list.",
    "landlock_old": "Landlock before version 6: children may signal other processes, and older "
    "ones truncate files. A kernel of 6.12 or later closes that.",
    "seccomp": "no filter of system calls: install libseccomp2.",
    "namespaces": "no user namespaces: the network of children is closed by the filter of system "
    "calls alone. Allow them (sysctl user.max_user_namespaces; in Docker a seccomp profile that "
    "allows unshare).",
    "root": "the office runs as root: the number of processes of LibreOffice is not limited. Run "
    "it as a user of its own.",
}


@cache
def missing_walls() -> tuple[Wall, ...]:
    """Return the walls that a child of this office cannot build, () where all hold."""
    with SandboxedProcess("sandbox.trial", []) as child:
        try:
            return tuple(json.loads(child.everything(30.0)))
        except (ChildDied, ValueError):
            return tuple(sorted(HOLDING))


def holds_nothing() -> bool:
    """Return whether no wall holds at all."""
    return set(missing_walls()) >= HOLDING

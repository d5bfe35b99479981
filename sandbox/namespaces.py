"""Linux namespaces for a child, by an ordinary user: no network, shared memory or capability."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path
from typing import Final

_NEW_USER, _NEW_NETWORK, _NEW_IPC = 0x10000000, 0x40000000, 0x08000000
_NOBODY: Final = 65534
_NO_NEW_PRIVILEGES: Final = 38
_CAPABILITIES_VERSION: Final = 0x20080522


def unshare_namespaces() -> None:
    """Enter new namespaces of user, network and IPC, as a user who is nobody there. Raise OSError.

    The process must have one thread. Outside it stays the user that it was.
    """
    user, group = os.geteuid(), os.getegid()
    if ctypes.CDLL(None, use_errno=True).unshare(_NEW_USER | _NEW_NETWORK | _NEW_IPC):
        raise OSError(ctypes.get_errno(), "no namespaces")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/gid_map").write_text(f"{_NOBODY} {group} 1")
    Path("/proc/self/uid_map").write_text(f"{_NOBODY} {user} 1")


def drop_privileges() -> None:
    """Give up all capabilities, for good and for every program started later. Raise OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    head = (ctypes.c_uint32 * 2)(_CAPABILITIES_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()
    for failed in (
        libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0),
        libc.capset(head, nothing),
    ):
        if failed:
            raise OSError(ctypes.get_errno(), "privileges stay")

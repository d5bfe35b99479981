"""Landlock: the kernel lets this process and its children open named paths and nothing else.

Three system calls by `ctypes` (landlock(7)); numbers are the same on every architecture.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _PATH_BENEATH = 1, 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
_MAKE_DIR, _MAKE_REG, MAKE_SOCKET, _REFER, _TRUNCATE = 1 << 7, 1 << 8, 1 << 9, 1 << 13, 1 << 14
READ: Final = READ_FILE | READ_DIR
USE: Final = READ_FILE | WRITE_FILE
_CHANGE: Final = REMOVE_DIR | REMOVE_FILE | _MAKE_DIR | _MAKE_REG | MAKE_SOCKET
OWN: Final = READ | WRITE_FILE | _CHANGE | _REFER | _TRUNCATE
_OF_FILES: Final = EXECUTE | WRITE_FILE | READ_FILE | _TRUNCATE
# Rights that each version handles: 1 the first thirteen, 2 refer, 3 truncate, 5 device calls.
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 5: 16}
_NETWORK_SINCE, _NETWORK = 4, 0b11  # binding and connecting by TCP
SCOPES_SINCE: Final = 6  # signals, and abstract sockets
_SCOPES: Final = 0b11


class LandlockError(OSError):
    """The kernel does not do it."""


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Return the version of Landlock in this kernel, 0 where it is absent or switched off."""
    found = _libc().syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    return max(0, int(found))


def allow_only(allowed: Mapping[int, Iterable[str | Path]]) -> int:
    """Refuse every path but these (rights -> paths; a path that is not there is left out).

    Return the version of Landlock; network and signals to others are refused too where it knows
    them. The process must have no_new_privs. Raise LandlockError.
    """
    known = version()
    if not known:
        raise LandlockError("no Landlock in this kernel")
    files = (1 << max(bits for since, bits in _FILE_RIGHTS.items() if since <= known)) - 1
    wanted = _Ruleset(
        files,
        _NETWORK if known >= _NETWORK_SINCE else 0,
        _SCOPES if known >= SCOPES_SINCE else 0,
    )
    rules = _call(_CREATE_RULESET, ctypes.byref(wanted), ctypes.c_size_t(_size(known)), 0)
    try:
        for rights, paths in allowed.items():
            for path in paths:
                with suppress(FileNotFoundError, NotADirectoryError):
                    _allow(rules, path, rights & files)
        _call(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)
    return known


def _size(known: int) -> int:
    """Return how much of the structure the kernel knows: each part came with its version."""
    return 24 if known >= SCOPES_SINCE else 16 if known >= _NETWORK_SINCE else 8


def _allow(rules: int, path: str | Path, rights: int) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(folder).st_mode):
            rights &= _OF_FILES
        rule = _Beneath(rights, folder)
        _call(_ADD_RULE, rules, _PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(folder)


def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


def _call(number: int, *arguments: object) -> int:
    done = int(_libc().syscall(number, *arguments))
    if done < 0:
        raise LandlockError(ctypes.get_errno(), "Landlock")
    return done

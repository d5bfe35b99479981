"""Mounts and a network of a bench's own: what it fills or cuts is gone with its processes.

Needs root; nothing of the machine outside is changed.
"""

import contextlib
import ctypes
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.services.process import FOLDER_PREFIX

_NEW_MOUNTS, _NEW_NETWORK = 0x00020000, 0x40000000
_BALLAST: Final = "ballast"
_SPARE: Final = 1 << 20  # bytes that are not reserved but written, to the last block
NEEDED: Final = ("ip", "nft", "mount", "mkfs.ext4")


def leave() -> list[str]:
    """Go into namespaces of mounts and network; return why that cannot be, empty where it is."""
    missing = [name for name in NEEDED if shutil.which(name) is None]
    if os.geteuid() != 0:
        missing.append("root")
    if missing:
        return missing
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_MOUNTS | _NEW_NETWORK):
        return [f"unshare: {os.strerror(ctypes.get_errno())}"]
    _run("mount", "--make-rprivate", "/")
    _run("ip", "link", "set", "lo", "up")
    return []


def _run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


class Disks:
    """Small file systems, one for each part of an office; each can be filled to the last byte."""

    def __init__(self, stack: contextlib.ExitStack, sizes: dict[str, int]) -> None:
        prefix = f"{FOLDER_PREFIX}{os.getpid()}-disks-"
        self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=prefix)))
        self.folder.chmod(0o755)
        self.names = tuple(sizes)
        for name, megabytes in sizes.items():
            self._make(name, megabytes)
            stack.callback(self._unmount, name)

    def _make(self, name: str, megabytes: int) -> None:
        picture, place = self.folder / f"{name}.img", self.folder / name
        with picture.open("wb") as file:
            file.truncate(megabytes << 20)
        place.mkdir()
        _run("mkfs.ext4", "-q", "-F", "-m", "0", str(picture))
        _run("mount", "-o", "loop", str(picture), str(place))
        place.chmod(0o1777)

    def _unmount(self, name: str) -> None:
        subprocess.run(["umount", "-l", str(self.folder / name)], check=False, capture_output=True)

    @contextlib.contextmanager
    def place(self, name: str) -> Iterator[None]:
        """Let temporary folders that are made in the block lie on this disk, where there is one."""
        before = tempfile.tempdir
        if name in self.names:
            tempfile.tempdir = str(self.folder / name)
        try:
            yield
        finally:
            tempfile.tempdir = before

    def fill(self, name: str) -> None:
        """Leave no byte free; what was filled before is kept."""
        path = self.folder / name / _BALLAST
        file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        room = os.statvfs(path.parent)
        end, free = os.lseek(file, 0, os.SEEK_END), room.f_bavail * room.f_frsize
        if free > _SPARE:
            with contextlib.suppress(OSError):
                os.posix_fallocate(file, end, free - _SPARE)
        os.lseek(file, 0, os.SEEK_END)
        with contextlib.suppress(OSError):
            while os.write(file, bytes(4096)):
                pass
        os.close(file)

    def empty(self, name: str) -> None:
        """Make room again."""
        (self.folder / name / _BALLAST).unlink(missing_ok=True)


class Network:
    """The loopback network of the bench; the way to single ports can be cut."""

    def __init__(self) -> None:
        _run("nft", "add", "table", "inet", "bench")
        _run(
            "nft", "add", "chain", "inet", "bench", "cut", "{ type filter hook input priority 0; }"
        )

    def cut(self, port: int) -> None:
        """Let no packet to or from this port through; nobody is told."""
        for side in ("dport", "sport"):
            _run("nft", "add", "rule", "inet", "bench", "cut", "tcp", side, str(port), "drop")

    def heal(self) -> None:
        """Let everything through again."""
        _run("nft", "flush", "chain", "inet", "bench", "cut")

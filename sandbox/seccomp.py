"""The filter of system calls: what opening a file never needs is refused (seccomp by libseccomp).

Refused calls answer EPERM, since libraries try some of them and go on; those that no library makes
end the process.
"""

from __future__ import annotations

import ctypes
import errno
import os
from typing import Final

_ALLOW, _KILL_PROCESS = 0x7FFF0000, 0x80000000
_NOT_EQUAL, _EQUAL_MASKED = 1, 7
_THREADS_TOO = 4  # SCMP_FLTATR_CTL_TSYNC
_CLONE_THREAD, _UNIX = 0x10000, 1
_NEW_SPACES: Final = (0x80, 0x20000, *(1 << bit for bit in range(25, 31)))
_ENDS: Final = (
    *("ptrace", "process_vm_readv", "process_vm_writev", "bpf", "kexec_load", "kexec_file_load"),
    *("init_module", "finit_module", "delete_module", "mount", "umount2", "pivot_root"),
    *("open_by_handle_at", "reboot", "swapon", "swapoff", "iopl", "ioperm"),
)
_REFUSED: Final = (
    *("connect", "accept", "accept4", "memfd_create", "execveat"),
    *("unshare", "setns", "chroot", "move_mount", "open_tree", "fsopen", "fsmount", "fsconfig"),
    *("fspick", "mount_setattr", "name_to_handle_at", "fanotify_init", "quotactl", "quotactl_fd"),
    *("keyctl", "add_key", "request_key", "userfaultfd", "perf_event_open", "kcmp", "pidfd_getfd"),
    *("pidfd_send_signal", "io_uring_setup", "io_uring_enter", "io_uring_register"),
    *("chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat"),
    *("setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr"),
    *("utime", "utimes", "futimesat", "utimensat", "mknod", "mknodat", "acct", "syslog"),
    *("settimeofday", "clock_settime", "adjtimex", "clock_adjtime", "sethostname"),
    *("setdomainname", "vhangup", "shmget", "msgget", "semget", "mq_open", "process_madvise"),
    *("migrate_pages", "move_pages", "personality", "setpriority", "ioprio_set"),
    *("setsid", "setpgid"),  # what leaves the group would not end with it
)
# Where no program is started.
_REFUSED_ALONE: Final = (
    *("execve", "fork", "vfork", "socket", "socketpair", "bind", "listen", "tkill"),
    *("rt_sigqueueinfo", "rt_tgsigqueueinfo"),
)


class FilterError(OSError):
    """There is no filter of system calls."""


class _Compared(ctypes.Structure):
    _fields_ = (
        ("argument", ctypes.c_uint),
        ("how", ctypes.c_int),
        ("first", ctypes.c_uint64),
        ("second", ctypes.c_uint64),
    )


def filter_system_calls(*, programs: bool) -> None:
    """Refuse them from here on, in all threads; `programs`: others may be started.

    Sets no_new_privs. Raise FilterError.
    """
    filtering = _Filter()
    filtering.add(_KILL_PROCESS, *_ENDS)
    filtering.add(_errno(errno.EPERM), *_REFUSED)
    filtering.add(_errno(errno.EPERM), "prlimit64", where=(0, _NOT_EQUAL, 0, 0))
    filtering.add(_errno(errno.ENOSYS), "clone3")  # its flags lie in memory; libraries use clone
    if programs:
        for flag in _NEW_SPACES:
            filtering.add(_errno(errno.EPERM), "clone", where=(0, _EQUAL_MASKED, flag, flag))
        filtering.add(_errno(errno.EPERM), "socket", where=(0, _NOT_EQUAL, _UNIX, 0))
        # LibreOffice wants a socket in /tmp for others to call it: it believes that it has one.
        filtering.add(_errno(0), "bind", "listen")
    else:
        filtering.add(_errno(errno.EPERM), *_REFUSED_ALONE)
        filtering.add(_errno(errno.EPERM), "clone", where=(0, _EQUAL_MASKED, _CLONE_THREAD, 0))
        filtering.add(_errno(errno.EPERM), "kill", "tgkill", where=(0, _NOT_EQUAL, os.getpid(), 0))
    filtering.load()


def _errno(number: int) -> int:
    return 0x00050000 | number


class _Filter:
    """libseccomp's, which knows the numbers of the calls on each architecture."""

    def __init__(self) -> None:
        try:
            self._library = ctypes.CDLL("libseccomp.so.2")
        except OSError as error:
            raise FilterError("libseccomp is not installed") from error
        self._library.seccomp_init.restype = ctypes.c_void_p
        self._library.seccomp_init.argtypes = (ctypes.c_uint32,)
        self._filter = ctypes.c_void_p(self._library.seccomp_init(_ALLOW))
        if not self._filter:
            raise FilterError("no filter")

    def add(self, action: int, *names: str, where: tuple[int, int, int, int] | None = None) -> None:
        """Answer these calls so; calls that this machine does not have are left out."""
        compared = _Compared(*where) if where else None
        for name in names:
            number = self._library.seccomp_syscall_resolve_name(name.encode())
            if number == -1:  # unknown to this libseccomp
                continue
            failed = self._library.seccomp_rule_add_array(
                self._filter,
                ctypes.c_uint32(action),
                ctypes.c_int(number),
                ctypes.c_uint(1 if compared else 0),
                ctypes.byref(compared) if compared else None,
            )
            # EDOM: not on this architecture; EEXIST: two names of one call.
            if failed and -failed not in (errno.EDOM, errno.EEXIST, errno.EOPNOTSUPP):
                raise FilterError(-failed, name)

    def load(self) -> None:
        """Put the filter in force. Raise FilterError."""
        self._library.seccomp_attr_set(self._filter, _THREADS_TOO, ctypes.c_uint32(1))
        failed = self._library.seccomp_load(self._filter)
        self._library.seccomp_release(self._filter)
        if failed:
            raise FilterError(-failed, "the filter was not taken")

"""What a confined child does before it opens the file: set limits, and end with its parent.

No Django, and nothing else that is slow to import: the child starts in a fraction of a second.
"""

from __future__ import annotations

import ctypes
import faulthandler
import os
import resource
import select
import signal
from typing import IO

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> IO[bytes]:
    """Make the whole process group end with the parent, programs started in it included.

    Return the pipe from the parent, which no process started later inherits.
    A guard process waits for the end of the parent's pipe (it reads nothing of it):
    PR_SET_PDEATHSIG alone is not inherited by other programs and follows the parent's *thread*. The
    guard itself has it set for this process.
    """
    if os.getpgrp() != os.getpid():
        os.setpgid(0, 0)
    if os.fork():
        pipe = os.fdopen(os.dup(0), "rb")
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        return pipe
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    for descriptor in (1, 2):
        os.close(descriptor)
    end = select.poll()
    end.register(0, 0)
    end.poll()
    os.killpg(0, signal.SIGKILL)
    os._exit(0)


def confine(
    *,
    address_bytes: int,
    memory_bytes: int | None = None,
    file_bytes: int | None = None,
    open_files: int = 128,
) -> None:
    """Limit this process and those it starts; switch core dumps off.

    Limited are address space, memory written to (where given), the largest file written, open
    files.
    """
    faulthandler.disable()
    limits = [
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, memory_bytes),
        (resource.RLIMIT_AS, address_bytes),
        (resource.RLIMIT_FSIZE, file_bytes),
        (resource.RLIMIT_NOFILE, open_files),
    ]
    for kind, value in limits:
        if value is not None:
            resource.setrlimit(kind, (value, value))


def more_cpu(seconds: float) -> None:
    """Allow so many more seconds of processor time; the kernel ends a process that exceeds them."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))

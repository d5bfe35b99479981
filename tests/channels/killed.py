"""A program that is killed and begun again: forked from a process that has imported what it needs.

To import it costs some seconds of a processor, and not the import is to be killed.
"""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

from django.db import connection

# Whoever begins it writes a line; the program says its number first, and what ends it is told last.
_AGAIN = """
import os, sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
for name, value in zip(sys.argv[2::2], sys.argv[3::2]):
    setattr(settings, name, type(getattr(settings, name))(value))
import django
django.setup()
from channels import services
for _ in sys.stdin:
    begun = os.fork()
    if not begun:
        print(os.getpid(), flush=True)
        exec({program!r})
        os._exit(0)
    os.waitpid(begun, 0)
    print("ended", flush=True)
"""


class Program:
    """One that runs only after `begin`, and again after `kill`."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def begin(self) -> None:
        """Begin it, and wait until it is about to work."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        self._number = int(self.line())

    def line(self) -> str:
        """Wait for what it says next; "ended" after its end."""
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def runs(self) -> bool:
        """Tell whether it has not ended yet."""
        try:
            os.kill(self._number, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """Kill it, and wait for its end."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._number, signal.SIGKILL)
        while (said := self.line()) != "ended":
            assert said, "the process that begins it has ended"


@contextlib.contextmanager
def program(source: str, **settings: str) -> Iterator[Program]:
    """Give a program that works with `channels.services` on the database and settings of a test."""
    name = str(connection.settings_dict["NAME"])
    named = [word for pair in settings.items() for word in pair]
    process = subprocess.Popen(
        [sys.executable, "-c", _AGAIN.format(program=source), name, *named],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        process_group=0,
    )
    try:
        yield Program(process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # with what it forked, which a failed test leaves
        process.communicate()

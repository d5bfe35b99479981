"""Kill -9 over all parts of a production office, and whoever starts them again."""

import contextlib
import os
import random
import signal
import socket
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from benches._production import PROCESSES, SERVERS, Production, family

# How often each is struck, and the seconds after a start before it is struck again, once it stands.
TARGETS: Final = {
    "a process of web": (22, 3.0), "web": (3, 10.0), "a process that reads": (14, 3.0),
    "a process that does the rest": (18, 3.0), "slow": (3, 10.0), "fast": (3, 10.0),
    "beat": (6, 10.0), "signer": (9, 3.0), "a session of postgres": (8, 3.0),
    "postgres": (5, 12.0), "redis": (9, 3.0), "store": (8, 4.0), "elasticsearch": (3, 40.0),
}  # fmt: skip
_BELOW: Final = {
    "a process of web": "web", "a process that reads": "slow",
    "a process that does the rest": "fast", "a session of postgres": "postgres",
}  # fmt: skip


@dataclass
class Strikes:
    """What was killed, what is to be started again, and what ended by itself."""

    office: Production
    kills: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)
    settings: dict[str, str] = field(default_factory=dict)
    _since: dict[str, float] = field(default_factory=dict)
    _due: list[tuple[float, str]] = field(default_factory=list)

    def strike(self) -> str:
        """Kill one part or process; return which, or nothing where all are on their way up."""
        fit = [name for name in TARGETS if self._fit(name)]
        if not fit:
            return ""
        name = random.choices(fit, [TARGETS[one][0] for one in fit])[0]
        if not (self._process(name) if name in _BELOW else self._whole(name)):
            return ""
        self.kills[name] += 1
        return name

    def _fit(self, name: str) -> bool:
        part = _BELOW.get(name, name)
        rested = time.monotonic() - self._since.get(part, 0) > TARGETS[name][1]
        if not rested or part in {one for _at, one in self._due} or self.office.has_ended(part):
            return False
        return stands(self.office, part)

    def _process(self, name: str) -> bool:
        """Kill a process below a part, whose own supervisor is to begin another."""
        part = _BELOW[name]
        below = family(self.office.pid_of(part))[1:]
        if not below:
            return False
        with contextlib.suppress(ProcessLookupError):
            os.kill(random.choice(below), signal.SIGKILL)
        if name == "a session of postgres":  # all its sessions end, and it recovers
            self._since[part] = time.monotonic()
        return True

    def _whole(self, name: str) -> bool:
        self.office.kill(name)
        self._later(name, random.uniform(0.1, 1.0))
        return True

    def _later(self, name: str, seconds: float) -> None:
        self._due.append((time.monotonic() + seconds, name))

    def supervise(self) -> None:
        """Start what is due, and what ended by itself, as an operator's supervisor does."""
        now = time.monotonic()
        for at, name in list(self._due):
            if at <= now:
                self._due.remove((at, name))
                self.office.start_again(name, **self._given(name))
                self._since[name] = time.monotonic()
        waiting = {name for _at, name in self._due}
        for name in (*PROCESSES, *SERVERS):
            if name not in waiting and self.office.has_ended(name):
                self.ended[name] += 1
                self.office.kill(name)
                self._later(name, 1.0)

    def _given(self, name: str) -> dict[str, str]:
        """Return the settings of a part: the signer has a machine, and a clock, of its own."""
        return self.settings if name in PROCESSES and name != "signer" else {}

    def restart(self, **settings: str) -> None:
        """Start the office's processes anew with other settings."""
        self.settings = settings
        down = {name for _at, name in self._due}
        self._due = [(at, name) for at, name in self._due if name not in PROCESSES]
        for name in PROCESSES:
            if name not in down:
                self.office.kill(name)
            self._later(name, 0)
        self.supervise()

    def wait(self, seconds: float) -> None:
        """Let time pass, supervising."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.supervise()
            time.sleep(0.1)


def stands(office: Production, name: str) -> bool:
    """Return whether a part is at work: it listens, or has forked the processes that work."""
    if name in ("fast", "slow"):
        return len(family(office.pid_of(name))) > 1
    if name not in ("web", *SERVERS):
        return True
    port = office.port if name == "web" else port_of(office, name)
    try:
        socket.create_connection(("127.0.0.1", port), timeout=0.5).close()
    except OSError:
        return False
    return True


def port_of(office: Production, name: str) -> int:
    """Return the port at which a server listens."""
    address = {
        "postgres": office.database,
        "redis": office.broker,
        "elasticsearch": office.environment["SEARCH_URL"],
        "store": office.environment["VAULT_URL"],
    }[name]
    return urlsplit(address).port or 0

"""An office's day in a bench: what people share, and what they were promised.

Each has think times as a person has: seconds drawn between half and one and a half of a mean. What
they were promised stands in `Books`, with which the office is compared in the end.
"""

import itertools
import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import requests

from benches._recorded import Record

THINK: Final = {"depositing": 120.0, "desk": 20.0, "searching": 20.0, "citizens": 60.0}
PATIENCE: Final = 300.0
WORDS: Final = (
    *("branchement", "fuite", "compteur", "facture", "coupure", "assainissement", "contrat"),
    *("quartier", "réclamation", "pression", "devis", "résiliation", "échéance", "canalisation"),
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A letter that the office has answered for."""

    letter: str
    number: str
    code: str
    sha256: str


@dataclass
class Books:
    """What was promised to people, by the subject of each deposit."""

    accepted: dict[str, Accepted] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)  # sent, and not answered until now
    refused: list[str] = field(default_factory=list)  # that must not be there
    begun: list[str] = field(default_factory=list)  # letters whose journey began at the desk
    closed: list[str] = field(default_factory=list)  # those of them that came to the end
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def next(self) -> int:
        """Return a number that nobody else got."""
        return next(self._numbers)

    def accept(self, subject: str, one: Accepted) -> None:
        """Keep a promise."""
        self.accepted[subject] = one
        self.unsure.discard(subject)

    def some(self) -> Accepted | None:
        """Return a letter that a citizen may follow."""
        known = [one for one in list(self.accepted.values())[-500:] if one.code]
        return random.choice(known) if known else None


@dataclass
class Day:
    """What all people share: the office's address, its record, their books, and the end."""

    url: str
    record: Record
    books: Books
    think: float = 1.0
    scans: int = 5  # one in so many letters is a scan
    over: threading.Event = field(default_factory=threading.Event)

    def rest(self, role: str) -> None:
        """Think, or do something else, as long as a person of this role does."""
        self.over.wait(random.uniform(0.5, 1.5) * THINK[role] * self.think)

    def pause(self, answer: requests.Response | None = None) -> None:
        """Wait before the same is tried again: as long as the office asks for, else a moment.

        Where a part is away (503), whoever hardly thinks hardly waits.
        """
        asked = answer.headers.get("Retry-After", "") if answer is not None else ""
        seconds = min(float(asked), 60) if asked.isdecimal() else 0.3
        if answer is not None and answer.status_code == 503:
            seconds = max(0.3, seconds * min(self.think, 1))
        time.sleep(seconds)


def letter(number: int, *, scans: int) -> tuple[str, bytes]:
    """Return name and content of a letter that equals no other."""
    from tests.factories import pdf_bytes, picture_bytes

    chance = random.Random(number)
    lines = [f"Lettre {number} {uuid.uuid4().hex[:12]}"]
    lines += [" ".join(chance.choices(WORDS, k=7)) for _line in range(18)]
    if number % scans == 0:
        return "scan.png", picture_bytes("\n".join(lines))
    if number % scans == 1:
        plain = "\n".join(lines).encode("ascii", "ignore").decode()
        return "lettre.pdf", pdf_bytes(plain)
    return "lettre.txt", "\n".join(lines).encode()


def until(day: Day, call: Callable[[], requests.Response], wanted: set[int]) -> requests.Response:
    """Call until it is answered by one of these; RuntimeError for a refusal that is none of them.

    Nobody's answer, 5xx and "wait" are followed by the very same call.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        answer = None
        try:
            answer = call()
        except requests.RequestException:
            if time.monotonic() > deadline:
                raise
        if answer is not None and answer.status_code in wanted:
            return answer
        waits = answer is None or answer.status_code >= 500 or answer.status_code == 429
        if not waits or time.monotonic() > deadline:
            status = answer.status_code if answer is not None else 0
            raise RuntimeError(f"{status} in place of {sorted(wanted)}")
        day.pause(answer)

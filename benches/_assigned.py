"""Assignments of an archive, made in bulk beside its letters: most settled, a share still open."""

from __future__ import annotations

import random
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from org.models import Department, User
from registry.models.letters import Letter
from registry.models.registers import Register
from routing.models.assignments import Assignment

BATCH = 2_000
LARGEST = 3_000  # open letters of the largest department
TRAY = 300
METHODS = ("letter", "letter", "email", "phone", "noted", "no_follow_up")
REASONS = ("Concerne un autre service", "Dossier incomplet", "لا يدخل في اختصاصنا")


def assign_archive(*, largest: str) -> float:
    """Give every incoming letter its assignment where none has one yet; return seconds.

    The newest letters wait in the tray or are open with departments, `LARGEST` of them (a thirtieth
    in a small archive) with the department `largest` and a quarter of that with each other one.
    """
    began = time.monotonic()
    if not Assignment.objects.exists():
        _Maker(largest).make()
    return time.monotonic() - began


class _Maker:
    def __init__(self, largest: str) -> None:
        self.rng = random.Random(11)
        self.today = timezone.localdate()
        self.codes = dict(Department.objects.values_list("pk", "code"))
        self.largest = largest
        self.register = Register.objects.get(code="IN")
        count = Letter.objects.filter(register=self.register).count()
        self.most = min(LARGEST, count // 30)
        self.tray = min(TRAY, count // 100)
        self.open: Counter[str] = Counter()
        self.person = User.objects.filter(memberships__department__code=largest).first()

    def make(self) -> None:
        """Assign the newest letters first, since those are the open ones."""
        letters = Letter.objects.filter(register=self.register)
        letters.update(stage="closed")
        for number, chunk in enumerate(self._newest(letters), start=1):
            with transaction.atomic():
                self._chunk(chunk)
            if number % 50 == 0:
                print(f"  assigned {number * BATCH} letters", flush=True)

    def _newest(self, letters: Any) -> Iterator[list[Letter]]:
        keys = list(letters.order_by("-registered_at").values_list("pk", flat=True))
        columns = letters.only("id", "department_id", "registered_at", "due_on")
        for start in range(0, len(keys), BATCH):
            some = keys[start : start + BATCH]
            rows = columns.in_bulk(some)
            yield [rows[key] for key in some if rows[key].department_id]

    def _chunk(self, letters: list[Letter]) -> None:
        rows: list[Assignment] = []
        moved: list[Letter] = []
        for letter in letters:
            code = self.codes[letter.department_id or 0]
            quota = self.most if code == self.largest else self.most // 4
            if self.tray:
                self.tray -= 1
                moved.append(self._waits(letter))
            elif self.open[code] < quota:
                self.open[code] += 1
                moved.append(self._lies_open(letter, rows))
            else:
                rows += self._settled(letter)
        Assignment.objects.bulk_create(rows, batch_size=1_000)
        Letter.objects.bulk_update(moved, ["stage", "due_on", "department"], batch_size=500)

    def _waits(self, letter: Letter) -> Letter:
        letter.stage, letter.department_id = "registered", None
        return letter

    def _lies_open(self, letter: Letter, rows: list[Assignment]) -> Letter:
        due = self.today + timedelta(days=self.rng.randrange(-20, 40))
        letter.due_on = due if self.rng.random() < 0.9 else None
        state = "accepted" if self.rng.random() < 0.6 else "open"
        letter.stage = "in_hand" if state == "accepted" else "registered"
        row = self._row(letter, state=state, due_on=letter.due_on)
        row.assigned_at = timezone.now() - timedelta(hours=self.rng.randrange(1, 2_400))
        if state == "accepted" and self.rng.random() < 0.3:
            row.person = self.person
        rows.append(row)
        return letter

    def _settled(self, letter: Letter) -> list[Assignment]:
        done = letter.registered_at + timedelta(days=1 + self.rng.expovariate(1 / 18))
        rows = [self._row(letter, state="signed_off", signed_off_at=done, due_on=letter.due_on)]
        rows[0].method = self.rng.choice(METHODS)
        if self.rng.random() < 0.02:
            reason = self.rng.choice(REASONS)
            rows.append(self._row(letter, state="refused", reason=reason, decided_at=done))
        return rows

    def _row(self, letter: Letter, *, due_on: date | None = None, **columns: Any) -> Assignment:
        return Assignment(
            id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
            letter=letter,
            department_id=letter.department_id or 0,
            assigned_at=letter.registered_at + timedelta(hours=self.rng.randrange(1, 20)),
            due_on=due_on,
            **columns,
        )

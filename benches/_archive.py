"""A large archive of letters in Arabic and French, written straight to the database for speed.

The words follow Zipf's law: those of the starting set first, then a long tail of made-up ones. Each
letter has two sentences of the starting set, a letterhead, a reference, people and an address.
Seeded: letter number n is always the same one, so a making that was interrupted goes on.
"""

from __future__ import annotations

import datetime
import hashlib
import itertools
import random
import re
import time
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import transaction
from django.utils import timezone

from benches._letters import (
    _STREETS,
    _STREETS_AR,
    FIRST,
    FIRST_AR,
    SURNAMES,
    SURNAMES_AR,
)
from org.models import Department, LetterKind
from registry.models.documents import Document
from registry.models.files import StoredFile
from registry.models.letters import Letter, Party
from registry.models.readers import DepartmentReader
from registry.models.readings import DocumentReading
from registry.models.registers import NumberSeries, Register
from understanding.starting_set import starting_set

BATCH = 2_000
FIRST_FREE = 5_000_000
FIRST_DAY = datetime.datetime(2019, 1, 7, 8, tzinfo=datetime.UTC)
DAYS = 2_600
TAIL = 40_000  # made-up words of each language
EXPONENT = 1.05
# The more letters, the earlier in the list.
DEPARTMENTS = ("EAU", "COM", "ELEC", "BRT", "REC", "CPT", "ASS", "TRX", "ACH", "JUR", "RH", "FIN")
STAGES = ("closed", "answered", "in_hand", "registered")
CHANNELS = ("counter", "post", "email", "portal", "scan")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words of a language, the commonest first, with cumulative weights; and whole sentences."""

    words: list[str]
    weights: list[float]
    sentences: list[str]


@cache
def vocabulary(language: str) -> Vocabulary:
    """Return the words of the letters of that language ("ar" or "fr")."""
    counts: dict[str, int] = {}
    sentences: list[str] = []
    for example in starting_set():
        if _is_arabic(example.text) != (language == "ar"):
            continue
        sentences += [part.strip() for part in re.split(r"(?<=[.؟!])\s", example.text) if part]
        for word in re.findall(r"[^\W\d_]{2,}", example.text.lower()):
            counts[word] = counts.get(word, 0) + 1
    known = sorted(counts, key=lambda word: (-counts[word], word))
    rng = random.Random(language)
    ends = [word for word in known if 3 <= len(word) <= 6]
    tail = {f"{rng.choice(ends)}{rng.choice(ends)[-3:]}" for _ in range(TAIL)} - set(known)
    words = known + sorted(tail, key=lambda word: hashlib.md5(word.encode()).digest())  # noqa: S324
    weights = itertools.accumulate(1 / (rank + 2) ** EXPONENT for rank in range(len(words)))
    return Vocabulary(words, list(weights), sentences)


def _is_arabic(text: str) -> bool:
    return sum("\u0600" <= char <= "\u06ff" for char in text) > len(text) / 3


def fill(count: int, *, seed: int = 1) -> float:
    """Fill the office up to `count` letters, continuing from those there; return seconds."""
    began, told = time.monotonic(), time.monotonic()
    maker = _Maker(seed)
    there = Letter.objects.count()
    start = there
    while there < count:
        first = there - there % BATCH
        maker.make(first, there, min(first + BATCH, count))
        there = min(first + BATCH, count)
        if time.monotonic() - told > 10:
            told = time.monotonic()
            rate = (there - start) / (told - began)
            print(f"  made {there} / {count} letters, {rate:.0f} a second", flush=True)
    # Letters registered the ordinary way get numbers that no generated one has.
    for register in Register.objects.filter(code__in=("IN", "OUT")):
        series, _ = NumberSeries.objects.get_or_create(
            register=register, year=timezone.localdate().year
        )
        if series.last < FIRST_FREE:
            NumberSeries.objects.filter(pk=series.pk).update(last=FIRST_FREE)
    return time.monotonic() - began


class _Maker:
    """Makes letters `start` to `end` of the batch that begins with letter `first`."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.kinds = list(LetterKind.objects.order_by("position"))
        self.departments = {row.code: row for row in Department.objects.all()}
        self.registers = {row.code: row for row in Register.objects.all()}

    def make(self, first: int, start: int, end: int) -> None:
        rng = random.Random(f"{self.seed}:{first}")
        rows: dict[type[Any], list[Any]] = {
            kind: []
            for kind in (Letter, Party, StoredFile, Document, DocumentReading, DepartmentReader)
        }
        for serial in range(first, first + BATCH):
            made = self._letter(serial, rng)
            if start <= serial < end:
                for row in made:
                    rows[type(row)].append(row)
        with transaction.atomic():
            for kind, wanted in rows.items():
                kind._default_manager.bulk_create(wanted, batch_size=1_000)

    def _letter(self, serial: int, rng: random.Random) -> list[Any]:
        language = "ar" if rng.random() < 0.5 else "fr"
        words = vocabulary(language)
        at = FIRST_DAY + datetime.timedelta(
            days=serial * 7919 % DAYS,
            seconds=rng.randrange(30_000),
            microseconds=serial % 1_000_000,
        )
        register = self.registers["IN" if rng.random() < 0.75 else "OUT"]
        code = DEPARTMENTS[min(int(rng.expovariate(0.3)), len(DEPARTMENTS) - 1)]
        if rng.random() < 0.01:
            code = "SI"
        letter = Letter(
            id=_uuid(rng),
            register=register,
            year=at.year,
            serial=serial + 1,
            number=f"{at.year}/{register.code}/{serial + 1:06d}",
            subject=" ".join(rng.choices(words.words, cum_weights=words.weights, k=6)),
            kind=rng.choice(self.kinds),
            channel=rng.choice(CHANNELS),
            stage=STAGES[min(int(rng.expovariate(1.2)), 3)],
            received_at=at,
            registered_at=at,
            external_reference=f"{rng.randrange(1, 9000)}/{code}/{at.year}",
            confidentiality=rng.choices((0, 1, 2), (95, 4, 1))[0],
            language=language,
            department=self.departments[code],
            due_on=(at + datetime.timedelta(days=30)).date() if rng.random() < 0.4 else None,
            tracking_hash="",
            version=1,
        )
        name, street = _person(language, rng)
        text = _text(letter, name, street, words, rng)
        file = StoredFile(
            id=_uuid(rng),
            sha256=hashlib.sha256(letter.id.bytes).hexdigest(),
            size=len(text),
            media_type="text/plain",
            stored_at=at,
        )
        document = Document(
            id=_uuid(rng),
            letter=letter,
            file=file,
            position=1,
            role="main",
            title="lettre.txt",
            media_type="text/plain",
        )
        reading = DocumentReading(
            id=_uuid(rng), document=document, engine="bench", language=language, text=text,
            read_at=at,
        )  # fmt: skip
        readers = {code, rng.choice(DEPARTMENTS)} if rng.random() < 0.3 else {code}
        return [
            letter,
            Party(id=_uuid(rng), letter=letter, role="sender", name=name, address=street),
            file,
            document,
            reading,
            *(
                DepartmentReader(id=_uuid(rng), letter=letter, department=self.departments[one])
                for one in sorted(readers)
            ),
        ]


def _uuid(rng: random.Random) -> uuid.UUID:
    return uuid.UUID(int=rng.getrandbits(128), version=4)


def _person(language: str, rng: random.Random) -> tuple[str, str]:
    arabic = language == "ar"
    first, last = (FIRST_AR, SURNAMES_AR) if arabic else (FIRST, SURNAMES)
    street = rng.choice(_STREETS_AR if arabic else _STREETS)
    return f"{rng.choice(first)} {rng.choice(last)}", f"{rng.randrange(1, 300)}, {street}"


def _text(letter: Letter, name: str, street: str, words: Vocabulary, rng: random.Random) -> str:
    """Return 1 to 2 KB; "directeur" and "المدير" stand in every letter of their language."""
    drawn = rng.choices(words.words, cum_weights=words.weights, k=rng.randrange(90, 210))
    lines = [" ".join(drawn[start : start + 11]) for start in range(0, len(drawn), 11)]
    lines[1:1] = rng.sample(words.sentences, 2)
    if letter.language == "ar":
        head = (
            f"إلى السيد المدير\nمن: {name}\nالعنوان: {street}\nالمرجع: {letter.external_reference}"
        )
    else:
        head = f"Monsieur le Directeur\n{name}\n{street}\nRéf : {letter.external_reference}"
    return f"{head}\n{letter.registered_at:%d/%m/%Y}\n" + "\n".join(lines) + f"\n{name}"

"""Letters and queries with graded answers, by which the ranking of search is judged.

The letters are the 953 of the starting set, each with a number, a sender in the letter's script, a
signature and, for every tenth, a reference; every eighth has some letters misread as scans have.
A query's grades (3 best, 0 none) come from rules a person wrote beside it, over the letter as it
was before any letter was misread: `graded/queries.jsonl`, one query a line.
"""

from __future__ import annotations

import datetime
import json
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benches._first_letters import first_letters
from benches._letters import FIRST, FIRST_AR, SURNAMES, SURNAMES_AR
from search.contract import SearchDocument

QUERIES: Final = Path(__file__).resolve().parent / "graded" / "queries.jsonl"
_SUBJECT: Final = re.compile(r"^(?:Objet|Object|Subject|الموضوع)\s*:\s*(.+)$", re.MULTILINE)
_ARABIC: Final = re.compile("[\u0621-\u064a]")
_CODES: Final = ("DG", "م ع", "SG", "DT", "ق م", "DG", "DRH")
_MISREAD: Final = dict(zip("emnclhباتفعدن", "cnuoihثلنقغذت", strict=True))
_BEGAN: Final = datetime.datetime(2026, 1, 2, 9, 0, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class GradedLetter:
    """A letter as the engine gets it, and the fields that the rules of grading look at."""

    document: SearchDocument
    serial: int
    subject: str
    text: str
    named: str


@dataclass(frozen=True, slots=True)
class GradedQuery:
    """A typed query; `rules` as in `graded/queries.jsonl`; `half` is "dev" or "report"."""

    kind: str
    typed: str
    half: str
    rules: tuple[Mapping[str, Any], ...]

    def grades(self, letters: list[GradedLetter]) -> dict[str, int]:
        """Return letter id → 1 to 3, for every letter that answers."""
        graded = {letter.document.id: self._grade(letter) for letter in letters}
        return {key: grade for key, grade in graded.items() if grade}

    def _grade(self, letter: GradedLetter) -> int:
        return next((int(rule["grade"]) for rule in self.rules if _fits(rule, letter)), 0)


def graded_queries() -> list[GradedQuery]:
    """Return all queries, both halves."""
    rows = [json.loads(line) for line in QUERIES.read_text(encoding="utf-8").splitlines()]
    return [
        GradedQuery(row["kind"], row["typed"], row["half"], tuple(row["grades"])) for row in rows
    ]


def _fits(rule: Mapping[str, Any], letter: GradedLetter) -> bool:
    document = letter.document
    return (
        all(_has(pattern, letter.text) for pattern in rule.get("text", ()))
        and all(_has(pattern, letter.subject) for pattern in rule.get("subject", ()))
        and not ("not" in rule and _has(rule["not"], letter.text))
        and _is(rule.get("letter_kind"), document.kind)
        and _is(rule.get("department"), document.department)
        and ("sender" not in rule or _has(rule["sender"], document.sender))
        and ("named" not in rule or _has(rule["named"], letter.named))
        and rule.get("serial", letter.serial) == letter.serial
    )


def _has(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.IGNORECASE) is not None


def _is(pattern: str | None, value: str) -> bool:
    return pattern is None or re.fullmatch(pattern, value) is not None


def graded_letters() -> list[GradedLetter]:
    """Return the collection of letters, the same each time."""
    return list(_letters())


def _letters() -> Iterator[GradedLetter]:
    for serial, example in enumerate(first_letters(), start=1):
        arabic = len(_ARABIC.findall(example.text)) * 2 > len(example.text)
        first, last = (FIRST_AR, SURNAMES_AR) if arabic else (FIRST, SURNAMES)
        name = f"{first[serial % len(first)]} {last[serial * 7 % len(last)]}"
        reference = (
            f"{serial}/{_CODES[serial // 30 % len(_CODES)]}/2025" if serial % 10 == 1 else ""
        )
        found = _SUBJECT.search(example.text)
        subject = found[1].strip() if found else ""
        signed = serial % 2 == 0
        text = f"{example.text}\n\n{name}" if signed else example.text
        yield GradedLetter(
            document=SearchDocument(
                id=str(uuid.UUID(int=serial)),
                version=1,
                number=f"2026/IN/{serial:06d}",
                subject=subject,
                parties="" if signed else name,
                sender="" if signed else name,
                reference=reference,
                text=_misread(text) if serial % 8 == 0 else text,
                language="ar" if arabic else "fr",
                reader_tokens=("office",),
                register="IN",
                direction="in",
                kind=example.kind,
                department=example.department,
                stage="registered",
                channel="counter",
                year=2026,
                registered_at=_BEGAN + datetime.timedelta(hours=serial * 37 % 953 * 8),
            ),
            serial=serial,
            subject=subject,
            text=example.text,
            named=name,
        )


def _misread(text: str) -> str:
    """Return the text with a letter of every fifth longer word changed as a scan may read it."""
    words = re.split(r"(\s+)", text)
    for place in range(0, len(words), 10):
        word = words[place]
        middle = len(word) // 2
        if len(word) >= 5 and word[middle] in _MISREAD:
            words[place] = word[:middle] + _MISREAD[word[middle]] + word[middle + 1 :]
    return "".join(words)

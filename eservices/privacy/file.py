"""The file of a print-out: a ZIP with a PDF to read, JSON for programs, and the documents."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import get_language

from eservices.privacy.models import Printout
from eservices.privacy.parts import Part, limits
from eservices.privacy.words import Words
from org.institution import institution_on
from org.models import Processing
from org.processing import kept_for, record_by_code
from org.signs import listed
from registry.models.letters import Letter
from registry.paper import PaperInPieces
from search.exports.zipped import ZipFileOut

MOST_DRAWN: Final = 200  # entries of a part on paper; data.json has all
PIECE: Final = 100  # entries that are laid out at once
_DAYS: Final = ("registered_at", "at", "opened_at", "made_at", "saved_at", "issued_on")


class PersonFile:
    """Parts and letters, gathered; `close` writes them into the ZIP.

    Long parts are laid out as they come, so that the job reports its progress after each.
    """

    def __init__(self, path: Path, printout: Printout) -> None:
        self._zip = ZipFileOut(path)
        self._printout = printout
        self._record = record_by_code()
        self._parts: list[Part] = []
        self._words = Words()
        self._waiting: list[dict[str, Any]] = []
        self._paper = PaperInPieces("privacy/printout.html")

    def add(self, rows: Sequence[Any]) -> None:
        """Take parts as they come; write the documents of letters at once."""
        for row in rows:
            if isinstance(row, Part):
                self._draw(row)
                self._parts.append(row)
        if letters := [row for row in rows if isinstance(row, Letter)]:
            self._zip.add(letters)

    def close(self) -> None:
        """Draw the PDF, write the JSON, and complete the file."""
        told = {**self._head(), "parts": [self._part(one) for one in self._parts]}
        self._lay_out(last=True)
        self._zip.put("data.json", json.dumps(told, ensure_ascii=False, indent=2).encode())
        self._zip.put("data.pdf", self._paper.as_pdf())
        self._zip.close()

    def drop(self) -> None:
        """Close the file without completing it."""
        self._zip.drop()

    def _head(self) -> dict[str, Any]:
        institution = institution_on(None)
        return {
            "format": "sijill-person 1",
            "made_at": timezone.localtime().isoformat(timespec="minutes"),
            "by": str(institution.translated("name", _language())) if institution else "",
            "subject": {"key": self._printout.subject, "name": self._printout.name},
            "reason": self._printout.reason,
            "asked_by_letter": self._printout.letter.number if self._printout.letter else "",
            "never_told": limits(),
        }

    def _draw(self, one: Part) -> None:
        shown = self._words.rows(one.code, newest(one.rows))
        part = {**self._part(one), "rows": shown, "count": len(one.rows)}
        part["more"] = len(one.rows) - len(shown)
        self._waiting.append(part)
        if sum(len(one["rows"]) + 1 for one in self._waiting) >= PIECE:
            self._lay_out()

    def _lay_out(self, *, last: bool = False) -> None:
        parts, self._waiting = self._waiting, []
        self._paper.add(self._context(parts=parts, first=not self._paper.pages, last=last))

    def _context(self, **more: Any) -> dict[str, Any]:
        language = _language()
        return {
            "language": language,
            "direction": "rtl" if language == "ar" else "ltr",
            "told": self._head() if more.get("first") else {},
            "today": timezone.localdate(),
            **more,
        }

    def _part(self, one: Part) -> dict[str, Any]:
        row = self._record[one.processing]
        return {
            "part": one.code,
            "title": one.title,
            **processing_in_words(row),
            "source": one.source,
            "left_out": one.left_out,
            "rows": one.rows,
        }


def processing_in_words(row: Processing) -> dict[str, str]:
    """Return purpose, ground, recipients and retention as the record of processing states them."""
    ground = listed(one for one in (row.get_ground_display(), row.ground_text) if one)
    return {
        "purpose": row.translated("purpose"),
        "ground": ground,
        "recipients": row.translated("recipients"),
        "retention": kept_for(row),
    }


def newest(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the newest rows, as many as are drawn; those of which no day is known last."""

    def day_of(row: dict[str, Any]) -> str:
        return str(next((row[name] for name in _DAYS if row.get(name)), ""))

    return sorted(rows, key=day_of, reverse=True)[:MOST_DRAWN]


def _language() -> str:
    return (get_language() or "fr")[:2]

"""The file of a print-out: a ZIP with a PDF to read, JSON for programs, and the documents."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from eservices.privacy.models import Printout
from eservices.privacy.parts import Part, limits
from eservices.privacy.words import in_words, name_in_words
from org.institution import institution_on
from org.models import Processing
from org.processing import kept_for, record_by_code
from registry.models.letters import Letter
from registry.paper import bilingual_pdf
from search.exports.zipped import ZipFileOut


class PersonFile:
    """Parts and letters, gathered; `close` draws them into the ZIP."""

    def __init__(self, path: Path, printout: Printout) -> None:
        self._zip = ZipFileOut(path)
        self._printout = printout
        self._record = record_by_code()
        self._parts: list[Part] = []

    def add(self, rows: Sequence[Any]) -> None:
        """Take parts as they come; write the documents of letters at once."""
        self._parts += [row for row in rows if isinstance(row, Part)]
        if letters := [row for row in rows if isinstance(row, Letter)]:
            self._zip.add(letters)

    def close(self) -> None:
        """Draw the PDF, write the JSON, and complete the file."""
        told = self._told()
        self._zip.put("data.json", json.dumps(told, ensure_ascii=False, indent=2).encode())
        self._zip.put("data.pdf", _pdf(told))
        self._zip.close()

    def drop(self) -> None:
        """Close the file without completing it."""
        self._zip.drop()

    def _told(self) -> dict[str, Any]:
        institution = institution_on(None)
        return {
            "format": "sijill-person 1",
            "made_at": timezone.localtime().isoformat(timespec="minutes"),
            "by": str(institution.told("name", _language())) if institution else "",
            "subject": {"key": self._printout.subject, "name": self._printout.name},
            "reason": self._printout.reason,
            "asked_by_letter": self._printout.letter.number if self._printout.letter else "",
            "never_told": limits(),
            "parts": [self._part(one) for one in self._parts],
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
    """Return purpose, ground, recipients and retention as the record of processing tells them."""
    ground = ", ".join(one for one in (str(row.get_ground_display()), row.ground_text) if one)
    return {
        "purpose": row.told("purpose"),
        "ground": ground,
        "recipients": row.told("recipients"),
        "retention": kept_for(row),
    }


def _language() -> str:
    return (get_language() or "fr")[:2]


def _pdf(told: dict[str, Any]) -> bytes:
    language = _language()
    parts = [
        {
            **one,
            "rows": [
                [(name_in_words(name), in_words(value)) for name, value in row.items()]
                for row in one["rows"]
            ],
        }
        for one in told["parts"]
    ]
    context = {
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "told": {**told, "parts": parts},
        "today": timezone.localdate(),
    }
    return bilingual_pdf("privacy/printout.html", context, tagged=True)

"""Which program version wrote an index: its fields, and how it analysed words.

`SCHEMA_VERSION` (`analysis`) is for the fields: an index of another one cannot be searched. The
mark of the analysis is computed from its result for a sample, so that nobody has to maintain it; an
index of another analysis still answers, a little worse, until it is rebuilt.
"""

import datetime
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Final

from search.analysis.document_terms import SCHEMA_VERSION, analyse
from search.contract import EngineState, SearchDocument

_SAMPLE: Final = """
المملكة المغربية، الوكالة المستقلة لتوزيع الماء والكهرباء: إلى السيد مدير المصلحة التقنية، شكاية
بشأن انقطاعات التيار الكهربائي بالمنازل وفاتورة رقم ٢٠٢٥/٠٠١٢٣ المؤرّخة في ١٢ يناير، وبالمطالبات
Madame, mes réclamations répétées du 3 mars n'ont reçu aucune réponse; l'œuvre, les branchements,
les compteurs d'eau nº 2026/IN/000123, réf. 345-DG/2025. Yours faithfully: the meters' readings.
"""


@dataclass(frozen=True, slots=True)
class Stamp:
    """An index's version stamp: the version of its fields, and the mark of its analysis."""

    schema: int
    analysis: str

    @classmethod
    def present(cls) -> "Stamp":
        """Return the stamp of this program."""
        return cls(SCHEMA_VERSION, _mark())

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Stamp":
        """Return the stamp read from an index; one without a stamp fits no program."""
        schema = said.get("schema")
        return cls(schema if isinstance(schema, int) else -1, str(said.get("analysis", "")))

    def as_json(self) -> dict[str, Any]:
        """Return the stamp as it is written into an index."""
        return {"schema": self.schema, "analysis": self.analysis}

    @property
    def usable(self) -> bool:
        """Whether this program can search that index and write to it."""
        return self.schema == SCHEMA_VERSION

    @property
    def state(self) -> EngineState:
        """The state of an index with this stamp."""
        if not self.usable:
            return "outdated"
        return "ready" if self == Stamp.present() else "aged"


@cache
def _mark() -> str:
    terms = analyse(
        SearchDocument(
            id="",
            version=0,
            number="2026/IN/000123",
            subject=_SAMPLE[:80],
            parties="Mohammed Benani\nمحمد بناني",
            reference="345/DG/2025",
            text=_SAMPLE,
            language="ar",
            reader_tokens=(),
            register="IN",
            direction="in",
            kind="",
            department="",
            stage="",
            channel="",
            year=2026,
            registered_at=datetime.datetime(2026, 3, 2, 8, tzinfo=datetime.UTC),
        )
    )
    # Without the order of the words: some of it is that of a set, another in each process.
    words = {
        field.name: sorted(" ".join(_texts(getattr(terms, field.name))).split())
        for field in fields(terms)
    }
    return hashlib.sha256(repr(words).encode()).hexdigest()[:16]


def _texts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value

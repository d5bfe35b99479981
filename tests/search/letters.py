"""Documents and questions for the tests of engines."""

import datetime
import uuid
from typing import Any

from search.contract import SearchDocument, SearchEngine, SearchQuery, SearchResult

MORNING = datetime.datetime(2026, 3, 2, 8, 0, tzinfo=datetime.UTC)
OFFICE = ("office",)


def letter_id(serial: int) -> str:
    return str(uuid.UUID(int=serial))


def letter(serial: int, **fields: Any) -> SearchDocument:
    """A document of the office; every minute one."""
    values: dict[str, Any] = {
        "id": letter_id(serial),
        "version": 1,
        "number": f"2026/IN/{serial:06d}",
        "subject": "",
        "parties": "",
        "reference": "",
        "text": "",
        "language": "fr",
        "reader_tokens": OFFICE,
        "register": "IN",
        "direction": "incoming",
        "kind": "request",
        "department": "EAU",
        "stage": "registered",
        "channel": "desk",
        "year": 2026,
        "registered_at": MORNING + datetime.timedelta(minutes=serial),
    }
    return SearchDocument(**(values | fields))


def ask(engine: SearchEngine, words: str, **fields: Any) -> SearchResult:
    """Search as the office, after everything put before has become visible."""
    engine.settle()
    return engine.search(SearchQuery(**({"words": words, "reader_tokens": OFFICE} | fields)))


def found(engine: SearchEngine, words: str, **fields: Any) -> list[int]:
    """Serials of the letters found, best first."""
    return [uuid.UUID(hit.id).int for hit in ask(engine, words, **fields).hits]

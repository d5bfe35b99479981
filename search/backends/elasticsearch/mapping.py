"""Elasticsearch's mapping, and the conversion of a document to it."""

import datetime
import re
from typing import Any, Final

from search.contract import FACETS, SearchDocument
from search.cursors import microseconds
from search.ranking import recency, sort_key
from search.terms import Terms

# What the core's "standard" tokenizer keeps in one piece: everything else is spelled out, so
# that it cuts where `language.tokens` cut and nowhere else.
_UNSAFE: Final = re.compile("[^a-z0-9_ \u0621-\u063a\u0641-\u064a\u066e\u066f\u0671-\u06d3]")
_LONGEST: Final = 250
# Facets of few values, together in one field: it is counted in the time of one of them.
PACKED: Final = {
    "handling": ("register", "direction", "stage", "channel", "language", "sender_state"),
    "time": ("year", "month"),
}
SEPARATOR: Final = "\x1f"


def safe(tokens: str) -> str:
    """Return tokens (joined by spaces) so spelled that Elasticsearch leaves each one whole."""
    if not _UNSAFE.search(tokens):
        return tokens
    spelled = _UNSAFE.sub(lambda found: f"_{ord(found.group()):x}_", tokens)
    return " ".join(token[:_LONGEST] for token in spelled.split(" "))


def _text(options: str, *, norms: bool = True) -> dict[str, Any]:
    return {"type": "text", "analyzer": "standard", "index_options": options, "norms": norms}


def mappings() -> dict[str, Any]:
    """Return a strict mapping: unknown fields are an error, never a guess; no source is kept."""
    keyword = {"type": "keyword"}
    properties: dict[str, Any] = {
        "id": keyword,
        "version": {"type": "long"},
        "words": _text("positions"),
        "subject": _text("positions"),
        "stems": _text("freqs"),
        "subject_stems": _text("freqs"),
        "people": _text("freqs"),
        "reference": _text("positions"),
        "sender": _text("docs", norms=False),
        "proposed": _text("docs", norms=False),
        "recipient": _text("docs", norms=False),
        "number_key": keyword,
        "keys": keyword,
        "names": keyword,
        "readers": keyword,
        "sort_key": {"type": "long"},
        "recency": {"type": "double"},
        "day": {"type": "integer"},
        "written_day": {"type": "integer"},
        "due_day": {"type": "integer"},
    }
    return {
        "dynamic": "strict",
        # The database keeps the letters; here only what tells documents and versions apart.
        "_source": {"includes": ["id", "version"]},
        "properties": properties | dict.fromkeys(FACETS, keyword) | packed_mappings(),
    }


def packed_mappings() -> dict[str, Any]:
    """Return the fields of facets together, which are only counted."""
    return {field: {"type": "keyword", "index": False} for field in PACKED}


def to_source(document: SearchDocument, terms: Terms) -> dict[str, Any]:
    """Return the document with its terms, as the mapping requires it."""
    facets = {name: str(getattr(document, name)) for name in FACETS}
    return {
        "id": document.id,
        "version": document.version,
        "words": [safe(words) for words in terms.words],
        "subject": safe(terms.subject),
        "stems": safe(terms.stems),
        "subject_stems": safe(terms.subject_stems),
        "people": safe(terms.people),
        "sender": safe(terms.sender),
        "proposed": safe(terms.proposed),
        "recipient": safe(terms.recipients),
        "reference": safe(terms.reference),
        "number_key": list(terms.number_keys),
        "keys": list(terms.keys),
        "names": list(terms.names),
        "readers": list(document.reader_tokens),
        "sort_key": sort_key(microseconds(document.registered_at), document.id),
        "recency": recency(document.day),
        "day": document.day.toordinal(),
        **_days("written_day", document.written_on),
        **_days("due_day", document.due_on),
        **facets,
        **{
            field: SEPARATOR.join(facets[name] for name in names) for field, names in PACKED.items()
        },
    }


def _days(field: str, day: datetime.date | None) -> dict[str, int]:
    return {field: day.toordinal()} if day else {}


def tombstone(identity: str, version: int) -> dict[str, Any]:
    """Return what stays of a removed document: nobody may read it, older versions are refused."""
    return {"id": identity, "version": version}

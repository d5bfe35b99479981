"""Tantivy's fields, and the conversion of a document to them."""

from typing import Final

import tantivy

from search.contract import FACETS, SearchDocument
from search.cursors import microseconds
from search.ranking import recency, sort_key
from search.terms import Terms

_POSITIONS: Final = ("words", "subject", "reference")
_FREQUENCIES: Final = ("stems", "subject_stems", "people")
_SETS: Final = ("sender", "proposed", "recipient")
_KEYS: Final = ("number_key", "keys", "names", "readers")
_DAYS: Final = ("day", "written_day", "due_day")


def build_schema() -> tantivy.Schema:
    """Build the schema; Tantivy only cuts tokens at spaces ("whitespace") or not ("raw")."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("version", stored=True, indexed=True, fast=True)
    for name in _POSITIONS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="position")
    for name in _FREQUENCIES:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in _SETS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in _KEYS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("sort_key", indexed=True, fast=True)
    for name in _DAYS:
        builder.add_unsigned_field(name, indexed=True, fast=True)
    builder.add_float_field("recency", fast=True)
    return builder.build()


def to_tantivy(document: SearchDocument, terms: Terms) -> tantivy.Document:
    """Return the document with its terms, without its text, which the database keeps."""
    row = tantivy.Document()
    row.add_text("id", document.id)
    row.add_unsigned("version", document.version)
    for words in terms.words:
        row.add_text("words", words)
    row.add_text("stems", terms.stems)
    row.add_text("subject", terms.subject)
    row.add_text("subject_stems", terms.subject_stems)
    row.add_text("people", terms.people)
    row.add_text("sender", terms.sender)
    row.add_text("proposed", terms.proposed)
    row.add_text("recipient", terms.recipients)
    row.add_text("reference", terms.reference)
    for name, keys in (
        ("number_key", terms.number_keys),
        ("keys", terms.keys),
        ("names", terms.names),
    ):
        for key in keys:
            row.add_text(name, key)
    for token in document.reader_tokens:
        row.add_text("readers", token)
    for name in FACETS:
        row.add_text(name, str(getattr(document, name)))
    row.add_unsigned("sort_key", sort_key(microseconds(document.registered_at), document.id))
    row.add_float("recency", recency(document.day))
    row.add_unsigned("day", document.day.toordinal())
    if document.written_on:
        row.add_unsigned("written_day", document.written_on.toordinal())
    if document.due_on:
        row.add_unsigned("due_day", document.due_on.toordinal())
    return row


def tombstone(identity: str, version: int) -> tantivy.Document:
    """Return what stays of a removed document: nobody may read it, older versions are refused."""
    row = tantivy.Document()
    row.add_text("id", identity)
    row.add_unsigned("version", version)
    return row

"""Many letters at once as documents with their terms."""

from dataclasses import replace
from uuid import UUID

from search.analysis.document_terms import analyse
from search.contract import SearchDocument
from search.index.many_documents import documents_of
from search.terms import Terms

Analysed = list[tuple[SearchDocument, Terms]]


def analyse_letters(ids: list[UUID]) -> Analysed:
    """Return these letters' documents, without their text, and their index terms."""
    return [(replace(document, text=""), analyse(document)) for document in documents_of(ids)]

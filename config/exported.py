"""The table of exports: where each takes its rows from; the sources do not know each other."""

from typing import Any, Final

from eservices.privacy import printing
from figures import sheets
from registry.book import register_book
from registry.sheets.files import Source
from search.exports import job
from search.exports.job import Progress, make_export
from search.exports.models import Export

SOURCES: Final = {
    "search": job.search_source,
    "book": register_book.book_source,
    "backlog": sheets.list_source,
    "due": sheets.list_source,
    "refusals": sheets.list_source,
    "outcomes": sheets.list_source,
    "person": printing.person_source,
}


def export_work(export_id: str, progress: Progress) -> Any:
    """Make the file of an export, as the work of its job; see `make_export`."""
    return make_export(export_id, progress, source_of=_source_of)


def _source_of(export: Export) -> Source:
    return SOURCES[export.source](export)

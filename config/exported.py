"""Where each export takes its rows from: one table, since the sources do not know each other."""

from typing import Any, Final

from django.utils.module_loading import import_string

from registry.sheets.files import Source
from search.exports.job import Progress, make_export
from search.exports.models import Export

SOURCES: Final = {
    "search": "search.exports.job.search_source",
    "book": "registry.book.register_book.book_source",
    "backlog": "figures.sheets.list_source",
    "due": "figures.sheets.list_source",
    "refusals": "figures.sheets.list_source",
    "outcomes": "figures.sheets.list_source",
}


def export_work(export_id: str, progress: Progress) -> Any:
    """The job's work: the file of an export, as `make_export` says."""
    return make_export(export_id, progress, source_of=_source_of)


def _source_of(export: Export) -> Source:
    found: Source = import_string(SOURCES[export.source])(export)
    return found

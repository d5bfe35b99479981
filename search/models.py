"""The tables of search: what people keep of it. The index itself lies with the engine."""

from search.export_models import Export, ExportedLetter
from search.saved_models import SavedSearch, SearchAlert

__all__ = ["Export", "ExportedLetter", "SavedSearch", "SearchAlert"]

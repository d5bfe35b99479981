"""The tables of search: what people keep of it, and what letters mean. Indexes lie with engines."""

from search.export_models import Export, ExportedLetter
from search.saved_models import SavedSearch, SearchAlert
from search.vector_models import LetterVector

__all__ = ["Export", "ExportedLetter", "LetterVector", "SavedSearch", "SearchAlert"]

"""The tables of search: what people keep of it, and what letters mean. Indexes lie with engines."""

from search.exports.models import Export, ExportedLetter
from search.meaning.models import LetterVector
from search.saved.models import SavedSearch, SearchAlert

__all__ = ["Export", "ExportedLetter", "LetterVector", "SavedSearch", "SearchAlert"]

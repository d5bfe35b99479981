"""The tables of search: saved searches, exports and vectors; the engines keep the indexes."""

from search.exports.models import Export, ExportedLetter
from search.meaning.models import LetterVector
from search.saved.models import SavedSearch, SearchAlert

__all__ = ["Export", "ExportedLetter", "LetterVector", "SavedSearch", "SearchAlert"]

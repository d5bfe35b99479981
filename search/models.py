"""The tables of search: saved searches, exports, vectors, words; engines keep the indexes."""

from search.exports.models import Export, ExportedLetter
from search.meaning.models import LetterVector, WordList, WordPart
from search.saved.models import SavedSearch, SearchAlert

__all__ = [
    "Export",
    "ExportedLetter",
    "LetterVector",
    "SavedSearch",
    "SearchAlert",
    "WordList",
    "WordPart",
]

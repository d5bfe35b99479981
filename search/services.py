"""The front door of search: what pages, the API, commands and the job table may call."""

from search.finding import FoundLetters, LetterHit, find_letters
from search.indexing import index_letter_work, index_state, rebuild_index, settle_index

__all__ = [
    "FoundLetters",
    "LetterHit",
    "find_letters",
    "index_letter_work",
    "index_state",
    "rebuild_index",
    "settle_index",
]

"""The words of a letter by which it was found, marked in its excerpt and named as written."""

from collections.abc import Collection, Iterable
from itertools import islice
from typing import Final

from language.fold import fold_word
from language.stems import Meeting, indexed_forms
from language.tokens import Picker
from search.answers.matching import Mark

LOOKED_AT: Final = 3_000  # characters of a letter
_MOST_MARKS: Final = 200
_MOST_NAMED: Final = 4


class StemMarks:
    """Finds the words of texts that are forms of the stems of a query."""

    def __init__(self, asked: Iterable[dict[str, float]]) -> None:
        self._stems = frozenset(stem for stems in asked for stem in stems)
        self._may_meet = Meeting(self._stems)
        self._picker = Picker(self._stems_of)

    def _stems_of(self, words: Collection[str]) -> dict[str, str]:
        """Return the words that are forms of a stem of the query, each with it."""
        found: dict[str, str] = {}
        for written in words:
            folded = fold_word(written)
            if self._may_meet(folded):
                stem = next((one for one in indexed_forms(folded) if one in self._stems), "")
                if stem:
                    found[written] = stem
        return found

    def marks(self, text: str) -> list[Mark]:
        """Return the words of the beginning of a text that are forms of these stems."""
        if not self._stems:
            return []
        return list(islice(self._picker(text[:LOOKED_AT]), _MOST_MARKS))

    def named(self, *texts: str) -> tuple[str, ...]:
        """Return the first different words among them, as the letter writes them."""
        written: dict[str, str] = {}
        for text in texts:
            for token, stem in self.marks(text):
                written.setdefault(stem, token.text)
        return tuple(list(written.values())[:_MOST_NAMED])

"""The words of a letter by which it was found, marked in its excerpt and named as written."""

from collections.abc import Iterable
from itertools import islice
from typing import Final

from language.fold import fold_word
from language.stems import indexed_forms, may_meet
from language.tokens import picked
from search.answers.matching import Mark

LOOKED_AT: Final = 3_000  # characters of a letter
_MOST_MARKS: Final = 200
_MOST_NAMED: Final = 4


class StemMarks(dict[str, str]):
    """Word as written → the stem that it is a form of, or ""; fills itself."""

    def __init__(self, asked: Iterable[dict[str, float]]) -> None:
        super().__init__()
        self._stems = frozenset(stem for stems in asked for stem in stems)

    def __missing__(self, written: str) -> str:
        folded = fold_word(written)
        found = ""
        if any(may_meet(folded, stem) for stem in self._stems):
            found = next((one for one in indexed_forms(folded) if one in self._stems), "")
        self[written] = found
        return found

    def marks(self, text: str) -> list[Mark]:
        """Return the words of the beginning of a text that are forms of these stems."""
        if not self._stems:
            return []
        return list(islice(picked(text[:LOOKED_AT], self), _MOST_MARKS))

    def named(self, *texts: str) -> tuple[str, ...]:
        """Return the first different words among them, as the letter writes them."""
        written: dict[str, str] = {}
        for text in texts:
            for token, stem in self.marks(text):
                written.setdefault(stem, token.text)
        return tuple(list(written.values())[:_MOST_NAMED])

"""Which words of a page answer a query: for marks on its picture and in its whole text.

The same words are looked for as the snippets mark: exact, by stem, by their beginning.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from language.stems import index_stems
from language.tokens import tokenize
from search.query import ParsedQuery, Phrase, Prefix, Reference, Word, parse

MOST_MARKS: Final = 400  # on one page
_LONGEST: Final = 200_000  # characters of one page that are looked at


class Marker:
    """Finds the words of a query in texts. Nothing answers a query without words."""

    def __init__(self, words: str) -> None:
        parsed: ParsedQuery = parse(words)
        self._words: set[str] = set()
        self._stems: set[str] = set()
        self._prefixes: tuple[str, ...] = ()
        self._known: dict[str, bool] = {}
        for clause in parsed.must:
            self._add(clause)

    def __bool__(self) -> bool:
        return bool(self._words or self._prefixes)

    def _add(self, clause: Any) -> None:
        if isinstance(clause, Word):
            self._words.add(clause.text)
            self._stems |= set(clause.stems)
        elif isinstance(clause, Phrase | Reference):
            self._words |= set(clause.words)
        elif isinstance(clause, Prefix):
            self._prefixes += (clause.text,)
        else:  # a clause that only names more words
            self._words |= set(getattr(clause, "words", ()))

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """(start, end) of the answering words in a text, in order, at most 400."""
        if not self:
            return
        count = 0
        for token in tokenize(text[:_LONGEST]):
            if not token.whole and self._answers(token.folded):
                yield token.start, token.end
                count += 1
                if count == MOST_MARKS:
                    return

    def places(self, words: Iterable[str]) -> Iterator[int]:
        """The indexes of those words, as a reader cut them, in which an answer stands."""
        if not self:
            return
        count = 0
        for index, word in enumerate(words):
            if any(not t.whole and self._answers(t.folded) for t in tokenize(word[:400])):
                yield index
                count += 1
                if count == MOST_MARKS:
                    return

    def found_in(self, text: str) -> bool:
        """Whether any answer stands in the text."""
        return next(self.spans(text), None) is not None

    def _answers(self, word: str) -> bool:
        known = self._known.get(word)
        if known is None:
            known = self._known[word] = self._looks_like_one(word)
        return known

    def _looks_like_one(self, word: str) -> bool:
        if word in self._words or any(word.startswith(prefix) for prefix in self._prefixes):
            return True
        return bool(self._stems) and not self._stems.isdisjoint(index_stems(word))

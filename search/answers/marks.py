"""Which words of a page match a query: for marks on its picture and in its whole text."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from search.answers.matching import Matcher
from search.query.parsing import parse


class Marker:
    """Finds the words of a query in texts, as snippets do; without words nothing matches."""

    def __init__(self, words: str) -> None:
        self._parsed = parse(words)
        self._matcher = Matcher(self._parsed)

    def __bool__(self) -> bool:
        return bool(self._parsed.must)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield (start, end) of a text's matching words, in order, disjoint, at most some 400."""
        end = 0
        for token, _reason in self._matcher.marks(text) if self else ():
            if token.start >= end:
                end = token.end
                yield token.start, token.end

    def places(self, words: Iterable[str]) -> Iterator[int]:
        """Yield the indexes of those words, as OCR cut them, in which a match stands."""
        starts, pieces, at = [], [], 0
        for word in words:
            starts.append(at)
            pieces.append(word)
            at += len(word) + 1
        spans = self.spans(" ".join(pieces))
        ends = ((bisect_right(starts, s) - 1, bisect_right(starts, e - 1)) for s, e in spans)
        yield from dict.fromkeys(place for first, after in ends for place in range(first, after))

    def found_in(self, text: str) -> bool:
        """Return whether any match stands in the text."""
        return next(self.spans(text), None) is not None

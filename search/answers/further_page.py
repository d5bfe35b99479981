"""The cursor of a further page: the engine's own, and how the first page was answered."""

from dataclasses import dataclass, replace
from typing import Final

from search.contract import SearchQuery

# Before each of the three parts; words have none, and an engine's cursor begins with none.
_SIGN: Final = "~"
_BETWEEN: Final = "."  # folded words are letters and digits


@dataclass(frozen=True, slots=True)
class PageMarker:
    """What a further page must repeat.

    The words in which typos were tolerated, how many characters at most, the words that were left
    out, and the engine's cursor ("" for the first page).
    """

    cursor: str
    typos: frozenset[str] = frozenset()
    most_typos: int = 2
    left_out: frozenset[str] = frozenset()

    def continued(self, query: SearchQuery) -> SearchQuery:
        """Return the query of this page, answered as the first page was."""
        return replace(
            query,
            cursor=self.cursor,
            typos=self.typos,
            most_typos=self.most_typos,
            left_out=self.left_out,
        )


def read_marker(text: str) -> PageMarker:
    """Parse what `write_marker` wrote; any other text is passed to the engine as its cursor."""
    if not text.startswith(_SIGN):
        return PageMarker(text)
    forgiven, _, rest = text[1:].partition(_SIGN)
    left_out, _, cursor = rest.partition(_SIGN)
    most, _, words = forgiven.partition(_BETWEEN)
    return PageMarker(cursor, _set(words), 1 if most == "1" else 2, _set(left_out))


def write_marker(query: SearchQuery, cursor: str) -> str:
    """Return the marker of the page after the one that answered this query; "" after the last."""
    typos = frozenset() if isinstance(query.typos, bool) else query.typos
    if not cursor or not (typos or query.left_out):
        return cursor
    forgiven = _BETWEEN.join([str(query.most_typos), *sorted(typos)])
    return f"{_SIGN}{forgiven}{_SIGN}{_BETWEEN.join(sorted(query.left_out))}{_SIGN}{cursor}"


def _set(joined: str) -> frozenset[str]:
    return frozenset(filter(None, joined.split(_BETWEEN)))

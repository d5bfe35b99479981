"""Did you mean: a misspelt word as it is spelled in letters that this person may read.

It is taken from the texts of letters that were found with typos tolerated and that the database let
this person see, never from the index: a correction reveals only what they could have read.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from language.fold import fold_word
from language.nearness import edits, misread
from language.tokens import Picker, tokenize
from search.answers.matching import Misspelt
from search.contract import SearchQuery
from search.engines import get_engine
from search.query.parsing import Word, read_query

_LOOKED_AT: Final = 20_000  # characters of each letter
_MOST_LETTERS: Final = 20
# Who has so many letters with the words as typed did not misspell them.
_ENOUGH: Final = 10


def better_spelling(query: SearchQuery, texts: Iterable[str], *, found: int, as_typed: int) -> str:
    """Return the whole query with its rarest-looking words as the texts spell them.

    "" where that finds no more letters than the query as typed, and where ten letters have the
    words as typed; `found` letters have them with typos, `as_typed` without. Raise what the engine
    raises.
    """
    if min(found, as_typed) >= _ENOUGH:
        return ""
    corrected = _corrected(query, list(texts)[:_MOST_LETTERS])
    if not corrected:
        return ""
    [more] = get_engine().counts([replace(query, words=corrected, typos=False, cursor="")])
    return corrected if more > as_typed else ""


def _corrected(query: SearchQuery, texts: list[str]) -> str:
    wanted = [c for c in read_query(query).must if isinstance(c, Word) and c.typos]
    if not wanted or not texts:
        return ""
    found = _spellings(wanted, texts)
    corrected = query.words
    for token in reversed(list(tokenize(query.words))):
        better = found.get(token.folded, "") if not token.whole else ""
        if better:
            corrected = corrected[: token.start] + better + corrected[token.end :]
    return corrected if corrected != query.words else ""


def _spellings(wanted: list[Word], texts: list[str]) -> dict[str, str]:
    """Return misspelt word → the nearest spelling, of several the one most letters have.

    None for a word that as many have.
    """
    standing: Counter[str] = Counter()
    near: dict[str, Counter[str]] = {word.text: Counter() for word in wanted}
    written: dict[str, str] = {}
    like = Picker(_Like(wanted))
    for text in texts:
        found = like(text[:_LOOKED_AT])
        seen = {token.folded: (token.text, typed) for token, typed in found}
        for folded, (spelt, typed) in seen.items():
            for word in typed.split():
                if folded == word:
                    standing[word] += 1
                else:
                    near[word][folded] += 1
                    written.setdefault(folded, spelt)
    best: dict[str, str] = {}
    for typed, candidates in near.items():
        ranked = [(-edits(one, typed, 2), count, one) for one, count in candidates.items()]
        if ranked:
            _, count, folded = max(ranked)
            if count > standing[typed]:
                best[typed] = written[folded].lower()
    return best


class _Like:
    """Tells which of the wanted words a word is, or nearly is."""

    def __init__(self, wanted: list[Word]) -> None:
        self._wanted = [(word.text, Misspelt(word)) for word in wanted]

    def __call__(self, written: str) -> str:
        folded = fold_word(written)
        like = [
            wanted
            for wanted, is_nearly in self._wanted
            if folded == wanted or (is_nearly(folded) and not _is_worse(folded, wanted))
        ]
        return " ".join(like)


def _is_worse(word: str, wanted: str) -> bool:
    """Return whether a scan took one of the letters of the wanted word for two ("dernande")."""
    return len(word) > len(wanted) and word in misread(wanted)

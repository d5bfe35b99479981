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
from language.tokens import picked, tokenize
from search.answers.matching import is_typo
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
    words as typed; `found` letters have them with typos, `as_typed` without. Raises what the engine
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
    like = _Like(wanted)
    for text in texts:
        seen = {
            token.folded: (token.text, typed) for token, typed in picked(text[:_LOOKED_AT], like)
        }
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


class _Like(dict[str, str]):
    """Word as written → those of the wanted words that it is, or nearly is."""

    def __init__(self, wanted: list[Word]) -> None:
        super().__init__()
        self._wanted = wanted

    def __missing__(self, written: str) -> str:
        folded = fold_word(written)
        like = [w.text for w in self._wanted if folded == w.text or _is_better(folded, w)]
        self[written] = found = " ".join(like)
        return found


def _is_better(word: str, wanted: Word) -> bool:
    """Return whether it may be the wanted word spelt well.

    Not where a scan took one of its letters for two, as in "dernande".
    """
    if not is_typo(word, wanted):
        return False
    return len(word) <= len(wanted.text) or word not in misread(wanted.text)

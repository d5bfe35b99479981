"""Did you mean: a misspelt word as it is spelled in letters that this person may read.

It is taken from the texts of letters that were found with typos tolerated and that the database let
this person see, never from the index: a correction reveals only what they could have read.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from language.fold import fold_word
from language.nearness import edits, misread
from language.tokens import Picker, tokenize
from search.answers.matching import Matcher, near_spotter
from search.contract import SearchQuery
from search.engines import get_engine
from search.query.parsing import Word, read_query

_LOOKED_AT: Final = 20_000  # characters of each letter
_MOST_LETTERS: Final = 20
# Who has so many letters with the words as typed did not misspell them.
_ENOUGH: Final = 10


@dataclass(frozen=True, slots=True)
class _Spelling:
    """A word as texts spell it, and how many of them."""

    text: str
    texts: int


def better_spelling(
    query: SearchQuery,
    texts: Iterable[str],
    *,
    found: int,
    as_typed: int,
    matcher: Matcher | None = None,
) -> str:
    """Return the whole query with its rarest-looking words as the texts spell them.

    "" where that finds no more letters than the query as typed, and where ten letters have the
    words as typed; `found` letters have them with typos, `as_typed` without. `matcher` is the one
    that looked for the query in these texts, if one did. Raise what the engine raises.
    """
    if min(found, as_typed) >= _ENOUGH:
        return ""
    wanted = [c for c in read_query(query).must if isinstance(c, Word) and c.typos]
    looked_at = list(texts)[:_MOST_LETTERS] if wanted else []
    spelt = _spellings(wanted, looked_at, matcher or Matcher(read_query(query)))
    corrected = replace(query, words=_respelt(query.words, spelt), typos=False, cursor="")
    if corrected.words == query.words:
        return ""
    return corrected.words if _finds_more(corrected, spelt, as_typed) else ""


def _respelt(words: str, spelt: Mapping[str, _Spelling]) -> str:
    for token in reversed(list(tokenize(words))):
        if not token.whole and token.folded in spelt:
            words = words[: token.start] + spelt[token.folded].text + words[token.end :]
    return words


def _finds_more(query: SearchQuery, spelt: Mapping[str, _Spelling], as_typed: int) -> bool:
    """Return whether the corrected query finds more letters than the one typed.

    The engine need not count where the query is one word that more of the found letters have.
    """
    match read_query(query).must:
        case (Word(text),):
            if any(fold_word(one.text) == text and one.texts > as_typed for one in spelt.values()):
                return True
    [more] = get_engine().counts([query])
    return more > as_typed


def _spellings(wanted: list[Word], texts: list[str], matcher: Matcher) -> dict[str, _Spelling]:
    """Return misspelt word → the nearest spelling, of several the one most letters have.

    None for a word that as many have.
    """
    standing: Counter[str] = Counter()
    near: dict[str, Counter[str]] = {word.text: Counter() for word in wanted}
    written: dict[str, str] = {}
    like = Picker(_Like(wanted, matcher), near_spotter(matcher.misspelt(word) for word in wanted))
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
    best: dict[str, _Spelling] = {}
    for typed, candidates in near.items():
        ranked = [(-edits(one, typed, 2), count, one) for one, count in candidates.items()]
        if ranked:
            _, count, folded = max(ranked)
            if count > standing[typed]:
                best[typed] = _Spelling(written[folded].lower(), count)
    return best


class _Like:
    """Finds the wanted words that each word is, or nearly is."""

    def __init__(self, wanted: list[Word], matcher: Matcher) -> None:
        self._wanted = [(word.text, matcher.misspelt(word)) for word in wanted]

    def __call__(self, words: Collection[str]) -> dict[str, str]:
        folded = {written: fold_word(written) for written in words}
        like: dict[str, list[str]] = {}
        for wanted, misspelt in self._wanted:
            for word in misspelt.among(folded.values()):
                if word == wanted or not _is_worse(word, wanted):
                    like.setdefault(word, []).append(wanted)
        return {written: " ".join(like[word]) for written, word in folded.items() if word in like}


def _is_worse(word: str, wanted: str) -> bool:
    """Return whether a scan took one of the letters of the wanted word for two ("dernande")."""
    return len(word) > len(wanted) and word in misread(wanted)

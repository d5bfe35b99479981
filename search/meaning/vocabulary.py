"""The words that letters are made of, as they spell them: which there are, and which are kept."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

from language.stems import indexed_forms
from language.tokens import tokenize
from language.words import STOP_WORDS

MOST_WORDS: Final = 20_000
LONGEST: Final = 30
_SHORTEST: Final = 3
_MOST_COUNTED: Final = 150_000  # spellings; above, those of one letter are forgotten
_COMMON: Final = 0.1  # of all letters
_MANY: Final = 500  # letters that cost little to find, whatever their share
_CHANGED: Final = 0.01  # of a list, from which it is worth making anew


class ContentWord(NamedTuple):
    """A word with a meaning of its own: folded, and as it is written, in small letters."""

    folded: str
    spelt: str


def content_words(text: str) -> Iterator[ContentWord]:
    """Yield the content words of a text, as often as they stand there; no stop words or numbers."""
    for token in tokenize(text):
        folded = token.folded
        if token.whole or not folded.isalpha() or folded in STOP_WORDS:
            continue
        if _SHORTEST <= len(folded) <= LONGEST and len(token.text) <= LONGEST:
            yield ContentWord(folded, token.text.lower())


def question_words(text: str, most: int) -> list[ContentWord]:
    """Return the content words of a question, each once."""
    return list(islice({one.folded: one for one in content_words(text)}.values(), most))


def count_words(texts: Iterable[str], before: dict[str, int]) -> dict[str, int]:
    """Return in how many letters each spelling stands, with those counted before.

    Rare ones are forgotten where there are too many to keep.
    """
    counted = Counter(before)
    for text in texts:
        counted.update({one.spelt for one in content_words(text)})
    if len(counted) > _MOST_COUNTED:
        return {spelt: held for spelt, held in counted.items() if held > 1}
    return dict(counted)


def choose_words(counted: dict[str, int]) -> dict[str, int]:
    """Return the most frequent words, in the spelling that letters use most, with their letters.

    In a fixed order, the most frequent first.
    """
    spellings: dict[str, list[tuple[int, str]]] = {}
    for spelt, held in counted.items():
        for one in content_words(spelt):
            spellings.setdefault(one.folded, []).append((held, spelt))
    ranked = sorted(
        (-sum(held for held, _ in ways), max(ways, key=lambda way: (way[0], way[1]))[1])
        for ways in spellings.values()
    )
    return {spelt: -held for held, spelt in ranked[:MOST_WORDS]}


def common_stems(words: Mapping[str, int], letters: int) -> list[str]:
    """Return the stems that are too frequent to be distinctive, and the most expensive to find."""
    held: Counter[str] = Counter()
    for word, count in words.items():
        for stem in indexed_forms(word):
            held[stem] += count
    return sorted(stem for stem, count in held.items() if count > max(_COMMON * letters, _MANY))


def is_arabic(word: str) -> bool:
    """Return whether a folded or spelt word is in Arabic letters."""
    return word > "\u0600"


def has_changed(before: Collection[str], now: Collection[str]) -> bool:
    """Return whether so many words came or went that the list is worth making anew."""
    differing = set(before).symmetric_difference(now)
    return len(differing) > _CHANGED * max(len(before), 1)

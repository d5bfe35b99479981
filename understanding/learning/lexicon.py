"""Bilingual rules for the kind and the department, (nearly) certain from a few words.

A phrase is written as in a letter; it is folded, each word takes Arabic particles before it (و ف ب
ك ل ال), ``*`` stands for any ending, and up to two words may stand between two of a phrase.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from language.fold import fold
from understanding.learning.lexicon_rules import RULES, Rule
from understanding.learning.lexicon_topics import TOPICS

_PARTICLE: Final = "(?:[وف]?(?:[بكل]?ال|لل|[بكل])?|[وف])"
_GAP: Final = r"[^\w]+(?:\w+[^\w]+){0,2}?"
HEAD: Final = 600  # characters: letterhead, references, subject and greeting


@dataclass(frozen=True, slots=True)
class Hit:
    """One rule that holds: its value, its confidence (0..1), and the letter's words."""

    name: str
    field: str
    value: str
    score: float
    words: str


def find_hits(text: str) -> list[Hit]:
    """Return the rules that hold for `text`, the surest first."""
    folded = fold(text)
    hits = [hit for rule in RULES if (hit := _hit(rule, folded))]
    return sorted(hits, key=lambda hit: (-hit.score, hit.name))


def topic_counts(text: str) -> dict[str, int]:
    """Count the different words of each topic list in `text`; lists without any are left out.

    A hint for the classifier only: no single word of these lists decides anything.
    """
    folded = fold(text)
    counts = {topic: len(set(_found(phrases, folded))) for topic, phrases in TOPICS.items()}
    return {topic: count for topic, count in counts.items() if count}


def is_topic_word(word: str, topic: str) -> bool:
    """Return whether this one word is on the list of `topic`."""
    folded = fold(word)
    return any(one.fullmatch(folded) for one in _possible(TOPICS.get(topic, ()), folded))


def _hit(rule: Rule, folded: str) -> Hit | None:
    place = folded[:HEAD] if rule.head else folded
    found = next(_found(rule.any_of, place), None)
    if found is None:
        return None
    if rule.also and not _is_there(rule.also, folded):
        return None
    if rule.unless and _is_there(rule.unless, folded):
        return None
    return Hit(rule.name, rule.field, rule.value, rule.score, " ".join(found.split()))


def _is_there(phrases: tuple[str, ...], folded: str) -> bool:
    return any(one.search(folded) for one in _possible(phrases, folded))


def _found(phrases: tuple[str, ...], folded: str) -> Iterator[str]:
    """Yield what one pattern of all phrases would find: the leftmost, there the earlier phrase's.

    Few phrases can stand in a letter; one pattern would try all of them at each of its letters.
    """
    patterns = _possible(phrases, folded)
    ahead = [(m.start(), n, m) for n, one in enumerate(patterns) if (m := one.search(folded))]
    heapq.heapify(ahead)
    place = 0
    while ahead:
        start, number, match = ahead[0]
        if start >= place:
            yield match[0]
            place = match.end()
        if later := patterns[number].search(folded, place):
            heapq.heapreplace(ahead, (later.start(), number, later))
        else:
            heapq.heappop(ahead)


def _possible(phrases: tuple[str, ...], folded: str) -> list[re.Pattern[str]]:
    """Return the patterns of the phrases of which every word stands somewhere in the text."""
    return [
        pattern for words, pattern in _patterns(phrases) if all(word in folded for word in words)
    ]


@cache
def _patterns(phrases: tuple[str, ...]) -> list[tuple[list[str], re.Pattern[str]]]:
    return [(_words(phrase), re.compile(_phrase(phrase))) for phrase in phrases]


def _words(phrase: str) -> list[str]:
    """Return what a text must hold where the phrase stands in it."""
    if phrase.startswith("/"):
        return []
    return [fold(word.rstrip("*")) for word in phrase.split()]


def _phrase(phrase: str) -> str:
    if phrase.startswith("/"):  # a regular expression on folded text
        return f"(?:{phrase[1:]})"
    return r"\b" + _GAP.join(_word(word) for word in phrase.split()) + r"\b"


def _word(word: str) -> str:
    bare = re.escape(fold(word.rstrip("*"))) + (r"\w*" if word.endswith("*") else "")
    return _PARTICLE + bare if re.match("[\u0600-\u06ff]", word) else bare

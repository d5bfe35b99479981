"""Bilingual rules for the kind and the department, (nearly) certain from a few words.

A phrase is written as in a letter; it is folded, each word takes Arabic particles before it (و ف ب
ك ل ال), ``*`` stands for any ending, and up to two words may stand between two of a phrase.
"""

from __future__ import annotations

import re
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
    counts = {
        topic: len({found[0] for found in _pattern(phrases).finditer(folded)})
        for topic, phrases in TOPICS.items()
    }
    return {topic: count for topic, count in counts.items() if count}


def is_topic_word(word: str, topic: str) -> bool:
    """Return whether this one word is on the list of `topic`."""
    phrases = TOPICS.get(topic)
    return bool(phrases and _pattern(phrases).fullmatch(fold(word)))


def _hit(rule: Rule, folded: str) -> Hit | None:
    place = folded[:HEAD] if rule.head else folded
    found = _search(rule.any_of, place)
    if found is None:
        return None
    if rule.also and _search(rule.also, folded) is None:
        return None
    if rule.unless and _search(rule.unless, folded) is not None:
        return None
    return Hit(rule.name, rule.field, rule.value, rule.score, " ".join(found.split()))


def _search(phrases: tuple[str, ...], folded: str) -> str | None:
    found = _pattern(phrases).search(folded)
    return found[0] if found else None


@cache
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_phrase(phrase) for phrase in phrases))


def _phrase(phrase: str) -> str:
    if phrase.startswith("/"):  # a regular expression on folded text
        return f"(?:{phrase[1:]})"
    return r"\b" + _GAP.join(_word(word) for word in phrase.split()) + r"\b"


def _word(word: str) -> str:
    bare = re.escape(fold(word.rstrip("*"))) + (r"\w*" if word.endswith("*") else "")
    return _PARTICLE + bare if re.match("[\u0600-\u06ff]", word) else bare

"""Phrases are looked for one by one, and found as one pattern of all of them finds them."""

from __future__ import annotations

import random
import re
from functools import cache

import pytest

from language.fold import fold
from understanding.learning import lexicon
from understanding.learning.lexicon_rules import RULES
from understanding.learning.lexicon_topics import TOPICS
from understanding.starting_set import starting_set

LISTS = [
    *TOPICS.values(),
    *(words for rule in RULES for words in (rule.any_of, rule.also) if words),
]


@cache
def one_pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(lexicon._phrase(phrase) for phrase in phrases))


def agree(texts: list[str]) -> int:
    """Compare both ways on these texts; return how many words were found."""
    found = 0
    for phrases in LISTS:
        for text in texts:
            told = list(lexicon._found(phrases, text))
            assert told == [one[0] for one in one_pattern(phrases).finditer(text)], phrases
            assert lexicon._is_there(phrases, text) == bool(told), phrases
            found += len(told)
    return found


def test_letters_give_what_one_pattern_gives() -> None:
    assert agree([fold(one.text) for one in starting_set()[::120]]) > 30


@pytest.mark.parametrize("seed", range(3))
def test_so_do_words_of_the_lists_in_any_order(seed: int) -> None:
    """Phrases that begin alike, overlap or are cut short, with and without Arabic particles."""
    chosen = random.Random(seed)
    words = [word.strip("*/") for phrases in LISTS for phrase in phrases for word in phrase.split()]
    before = ("", "", "", "و", "ال", "بال", "x")
    text = " ".join(chosen.choice(before) + chosen.choice(words) for _ in range(200))
    assert agree([fold(text)]) > 50


def test_a_word_on_a_list_is_one_whole() -> None:
    assert lexicon.is_topic_word("Robinet", "EAU")
    assert not lexicon.is_topic_word("robinetterie", "EAU")
    assert not lexicon.is_topic_word("robinet", "no such list")

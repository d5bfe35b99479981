"""Light stems of Arabic words: attached particles, endings, and the broken plurals of an office.

Light stemming takes off what is written against the word and leaves the word itself; after Larkey,
Ballesteros and Connell, "Light stemming for Arabic information retrieval" (2007), but cautious with
short words and with words that really begin with و ف ب ك ل. Everything here works on folded words
(`language.fold`): ة is ه, ى is ي, ئ is ي, أ is ا.
"""

from typing import Final

from language.arabic_nouns import NOUNS
from language.arabic_plurals import INNER_PLURALS
from language.arabic_words import BROKEN_PLURALS, OWN_LETTER

_WHOLE: Final = NOUNS.union(INNER_PLURALS, INNER_PLURALS.values())
_GLUED_ARTICLES: Final = ("وبال", "وكال", "وفال", "فبال", "ولل", "فلل", "وال", "فال", "بال", "كال")
_POSSESSIVES: Final = (
    ("هما", 4),
    ("كما", 4),
    ("ها", 3),
    ("هم", 4),
    ("هن", 4),
    ("كم", 4),
    ("نا", 4),
)
_ENDINGS: Final = (("ات", 3), ("تين", 4), ("تان", 4), ("ون", 4), ("ين", 4), ("ان", 4), ("تي", 3))


def arabic_stems(word: str) -> tuple[str, ...]:
    """Return the stem of a folded Arabic word, then the stems of its other possible readings.

    A first و ف ب ك ل may be a particle or belong to the word (بلدية): the first stem keeps to
    the likelier reading, the others follow, without repetition.
    """
    base, others = _without_particles(word)
    stems = [_without_endings(base)]
    stems += [_without_endings(other) for other in others]
    if base.endswith("ي") and len(base) >= 4 and not base.endswith("تي"):
        stems.append(base[:-1])  # "my": طلبي; or an adjective: تجاري, which then also finds تجار
    return tuple(dict.fromkeys(stems))


def _without_particles(word: str) -> tuple[str, tuple[str, ...]]:
    """Return the word without its attached prefixes, and its other readings."""
    if word.startswith(OWN_LETTER) and not word.startswith("وال"):
        return word, ()
    for prefix in _GLUED_ARTICLES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            hidden = word[len(prefix) - 1 :]
            return word[len(prefix) :], (hidden,) if prefix.endswith("لل") else ()
    if word.startswith("لل") and len(word) >= 5:
        return word[2:], (word[1:],)  # للماء is ل + الماء, but للجنة hides ل + ال + لجنة
    if word.startswith("ال") and len(word) >= 4:
        return word[2:], ()
    if word.startswith(("و", "ف")) and len(word) >= 5 and word not in _WHOLE:
        inner, others = _without_particles(word[1:])
        return inner, (*others, word)
    if word.startswith(("ب", "ك", "ل")) and len(word) >= 5:
        return word, (word[1:],)
    return word, ()


def _without_endings(word: str) -> str:
    """Strip possessive, plural, dual and feminine endings; at least two letters stay."""
    if word in BROKEN_PLURALS:
        word = BROKEN_PLURALS[word]
    word = _bare_hamza(word)
    owned = False
    for ending, least in _POSSESSIVES:
        if word.endswith(ending) and len(word) - len(ending) >= least and not _is_whole(word):
            word, owned = word[: -len(ending)], True
            break
    if word.endswith("ه") and len(word) >= 4:
        word, owned = word[:-1], owned or len(word) >= 6
    if word in BROKEN_PLURALS:
        word = BROKEN_PLURALS[word].removesuffix("ه")
    if owned and word.endswith("ت") and not word.endswith("ات") and len(word) >= 5:
        return word[:-1]  # شكايتنا: the ta marbuta of شكاية opened before the possessive
    for ending, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return _bare_hamza(word[: -len(ending)])
    return _bare_hamza(word)


def _is_whole(word: str) -> bool:
    """Return whether its last letters are its own: a known noun, or formed like متراكم."""
    return word in _WHOLE or (len(word) == 6 and word.startswith("مت") and word[3] == "ا")


def _bare_hamza(word: str) -> str:
    """Strip the last hamza, which OCR and writers often drop: كهرباء, شيء; but not ماء."""
    if word.endswith("ء") and (len(word) >= 4 or word[-2:-1] in ("ي", "و")) and len(word) >= 3:
        return word[:-1]
    return word

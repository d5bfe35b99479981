"""Known words that a misspelt one may stand for, with how likely each is.

By few edits, by sound (French as it is heard, Moroccan speech in Latin letters with its digits,
Arabic letters that are mixed up), with a particle written against it, as the beginning of a longer
word, or as two words run together.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

_MOST: Final = 6  # candidates
# What Moroccan speech and hasty writing put before a word: articles, particles, persons of verbs.
_LATIN_PREFIXES: Final = (
    *("dial", "dyal", "kay", "kan", "kat", "qu", "dl", "fl", "bl", "el", "al", "l", "d", "f", "b"),
    *("w", "n", "y"),
)
_ARABIC_PREFIXES: Final = (
    *(
        "ديال",
        "فال",
        "هاد",
        "غادي",
        "كان",
        "كن",
        "كي",
        "كت",
        "ل",
        "د",
        "ف",
        "ب",
        "و",
        "ه",
        "ن",
        "ي",
    ),
    "ت",
)
_LATIN_SOUNDS: Final = (
    (re.compile("eaux?|au"), "o"), (re.compile("ch|sh"), "$"), (re.compile("gh"), "r"),
    (re.compile("kh|5|x"), "X"), (re.compile("qu|q|9"), "k"), (re.compile("ph"), "f"),
    (re.compile("c(?=[eiy])"), "s"), (re.compile("c"), "k"), (re.compile("g(?=[eiy])"), "j"),
    (re.compile("m(?=[bpt])"), "n"), (re.compile("p(?=t)"), ""), (re.compile("tion"), "sn"),
    (re.compile("z"), "s"), (re.compile("[37h']"), ""),
)  # fmt: skip
_VOWELS: Final = re.compile("(?<=.)[aeiouyw]")
_ARABIC_SOUNDS: Final = str.maketrans("ضظذثطقصة", "ددتستكسه")
_ARABIC_VOWELS: Final = re.compile("(?<=.)[اويهء]")
_ARABIC: Final = re.compile("[\u0600-\u06ff]")
_DOUBLED: Final = re.compile(r"(.)\1+")
_LEAST_SOUND: Final = 3
_LEAST_ALIKE: Final = 0.5
_BARE: Final = 0.95
_BY_SOUND: Final = 0.75
_BY_PREFIX: Final = 0.8


@dataclass(slots=True)
class Spelling:
    """Words that are known, by sound as well."""

    words: list[str]
    known: set[str] = field(init=False)
    by_sound: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        """Sort the words by their sound."""
        self.known = set(self.words)
        sounds: dict[str, list[str]] = defaultdict(list)
        for word in self.words:
            if len(key := sound_of(word)) >= _LEAST_SOUND:
                sounds[key].append(word)
        self.by_sound = dict(sounds)

    def likely(self, word: str) -> dict[str, float]:
        """Return what a folded word that is not known may stand for, with weights below 1."""
        found: dict[str, float] = {}
        for bare in self._bare(word):
            found[bare] = _BARE
        if not found:
            self._near(word, found)
            self._sounding(word, found)
            self._beginning(word, found)
        best = sorted(found.items(), key=lambda one: (-one[1], one[0]))
        return dict(best[:_MOST])

    def parts(self, word: str) -> tuple[str, str] | None:
        """Return the two known words that are run together in this one, None if there are none."""
        for cut in range(len(word) - 2, 2, -1):
            if word[:cut] in self.known and word[cut:] in self.known:
                return word[:cut], word[cut:]
        return None

    def _bare(self, word: str) -> Iterable[str]:
        prefixes = _ARABIC_PREFIXES if _ARABIC.search(word) else _LATIN_PREFIXES
        for prefix in prefixes:
            rest = word.removeprefix(prefix)
            if rest != word and len(rest) >= 3 and rest in self.known:
                yield rest
                return

    def _near(self, word: str, found: dict[str, float]) -> None:
        most = _edits_allowed(word)
        if most == 0:
            return
        rows = extract(word, self.words, scorer=OSA.distance, score_cutoff=most, limit=_MOST)
        for near, edits, _place in rows:
            if len(near) > 3 and (near[0] == word[0] or len(word) >= 7):
                alike = (1 - edits / max(len(word), len(near))) ** 2
                if alike >= _LEAST_ALIKE:
                    found[near] = max(found.get(near, 0), alike)

    def _sounding(self, word: str, found: dict[str, float]) -> None:
        key = sound_of(word)
        for same in self.by_sound.get(key, ()) if len(key) >= _LEAST_SOUND else ():
            alike = OSA.normalized_similarity(word, same)
            found[same] = max(found.get(same, 0), _BY_SOUND * (0.6 + 0.4 * alike))

    def _beginning(self, word: str, found: dict[str, float]) -> None:
        if len(word) < 3:
            return
        for longer in self.words:
            if longer.startswith(word):
                share = len(word) / len(longer)
                found[longer] = max(found.get(longer, 0), _BY_PREFIX * (0.5 + 0.5 * share))


def sound_of(word: str) -> str:
    """Return the consonants of a folded word as they sound; alike for spellings of one word."""
    if _ARABIC.search(word):
        heard = _ARABIC_VOWELS.sub("", word.removeprefix("ال").translate(_ARABIC_SOUNDS))
    else:
        heard = word
        for pattern, sound in _LATIN_SOUNDS:
            heard = pattern.sub(sound, heard)
        heard = _VOWELS.sub("", heard)
        heard = heard.rstrip("sX") if len(heard) > _LEAST_SOUND else heard
    return _DOUBLED.sub(r"\1", heard)


def _edits_allowed(word: str) -> int:
    length = len(word)
    if length <= 3 or any(char.isdecimal() for char in word[:1]):
        return 0
    return 1 if length <= 5 else 2 if length <= 9 else 3

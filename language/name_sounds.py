"""How a word of a name sounds, in Arabic or Latin letters: consonants, and vowels between them."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from language.name_words import ENDS_IN_A

A, I, U, E, AYN, ANY = 1, 2, 4, 8, 16, 32  # noqa: E741 - vowels of a group, as bits
_ARABIC: Final = {
    **dict(zip("بتثجحخدذرزسشصضطظغفقكلمنه", "bttjhxddrzscsdtdqfkklmnh", strict=True)),
    "گ": "k",
}
_ARABIC_VOWELS: Final = {"ا": A, "و": U, "ي": I, "ع": AYN, "ء": AYN}
# Longest first; "q" is the sound of غ, "G" a hard g (often for ك or ق), "c" is ش, "x" is خ;
# a hyphen keeps two letters from being one sound (Der-ham).
_SPELT: Final = (
    "tch=c sch=c ch=c sh=c kh=x gh=q rh=q dh=d th=t dj=j ph=f gue=Ge gui=Gi ge=je gi=ji gy=ji",
    "qu=k ck=k ce=se ci=si cy=si ou=u oo=u b=b c=k d=d f=f g=G h=h j=j k=k l=l m=m n=n p=p",
    "q=k r=r s=s t=t v=v x=ks z=z -=",
)
_LATIN: Final = tuple(pair.split("=") for line in _SPELT for pair in line.split())
_LATIN_VOWELS: Final = {"a": A, "e": E, "i": I, "y": I, "o": U, "u": U, "w": U}
_ENDINGS: Final = {A: "a", I: "i", U: "u", E: "", AYN: "?", ANY: "a"}
_KEYED: Final = str.maketrans({"p": "b", "v": "f", "G": "k"})


@dataclass(frozen=True, slots=True)
class Sound:
    """The sound of a word.

    `vowels` has one group of bits more than there are `consonants`: before, between, after.
    """

    consonants: str
    vowels: tuple[int, ...]
    arabic: bool
    ending: str  # the vowel that the word ends in: a, i, u, "?" for a bare ayn, or none

    @property
    def key(self) -> str:
        """Consonants and ending: what spellings of one word share. Short, ASCII, never empty."""
        ending = self.ending.replace("?", "")
        return (self.consonants.translate(_KEYED) + ending) or "0"


@lru_cache(maxsize=65_536)
def sound_of(word: str) -> Sound:
    """Return the sound of one folded word (`language.fold`), without spaces."""
    arabic = "\u0600" <= word[:1] <= "\u06ff"
    return _arabic(word) if arabic else _latin(word)


def _arabic(word: str) -> Sound:
    if word in ENDS_IN_A:
        word = word[:-1] + "ا"
    sound = _Building()
    last = len(word) - 1
    for place, letter in enumerate(word):
        if place == 0 and letter in "وي" and last:
            sound.consonant("w" if letter == "و" else "y")
        elif place == 0 and letter == "ا":
            sound.vowel(ANY)
        elif place == last and letter == "ه" and place > 1:
            sound.vowel(A)
        elif bit := _ARABIC_VOWELS.get(letter):
            sound.vowel(bit)
        elif heard := _ARABIC.get(letter):
            sound.consonant(heard)
    return sound.finished(arabic=True)


def _latin(word: str) -> Sound:
    if len(word) > 3 and word.endswith("e") and word[-2] not in "aeiouy":
        word = word[:-1]  # silent
    word = word.replace("ae", "a") if word.endswith("ae") else word
    sound, place = _Building(), 0
    first, rest = _initial_glide(word)
    if first:
        sound.consonant(first)
        place = len(word) - len(rest)
    while place < len(word):
        if bit := _LATIN_VOWELS.get(word[place]):
            if word.startswith(("ou", "oo"), place):
                place += 1
            sound.vowel(bit)
            place += 1
            continue
        spelt, heard = next(
            (pair for pair in _LATIN if word.startswith(pair[0], place)), (word[place], word[place])
        )
        for one in heard:
            if bit := _LATIN_VOWELS.get(one):
                sound.vowel(bit)
            else:
                sound.consonant(one)
        place += len(spelt)
    return sound.finished(arabic=False)


def _initial_glide(word: str) -> tuple[str, str]:
    """Split off a w or y that begins the word and is a consonant there (Ouafae, Wafae, Youssef)."""
    for spelt, heard in (("ou", "w"), ("w", "w"), ("y", "y")):
        rest = word.removeprefix(spelt)
        if rest != word and rest[:1] and rest[0] in "aeiouy":
            return heard, rest
    return "", word


class _Building:
    """Builds a sound letter by letter; doubled consonants are one."""

    def __init__(self) -> None:
        self._consonants: list[str] = []
        self._vowels = [0]
        self._last = ""

    def vowel(self, bit: int) -> None:
        self._vowels[-1] |= bit
        if bit != AYN or not self._last:
            self._last = _ENDINGS[bit]

    def consonant(self, heard: str) -> None:
        if self._consonants and self._consonants[-1] == heard and not self._vowels[-1]:
            return
        self._consonants.append(heard)
        self._vowels.append(0)
        self._last = ""

    def finished(self, *, arabic: bool) -> Sound:
        return Sound("".join(self._consonants), tuple(self._vowels), arabic, self._last)


_NEAR: Final = {
    frozenset(pair): cost
    for cost, pairs in {
        0.15: "kG fv bp",
        0.3: "Gq",
        0.4: "jG hx",
        0.5: "sz dz",
        0.6: "dt qr kx cs ck",
        0.7: "kq cj",
        0.8: "mn bf",
    }.items()
    for pair in pairs.split()
}
_DROPPED: Final = {"h": 0.6, "w": 0.5, "y": 0.5, "n": 0.9}


@lru_cache(maxsize=262_144)
def sound_likeness(one: Sound, other: Sound) -> float:
    """Return how alike two words sound, 0..1; symmetric, 1 for the same."""
    if one == other:
        return 1.0
    longest = max(len(one.consonants), len(other.consonants))
    return max(0.0, 1.0 - _distance(one, other) / (longest + 0.5))


def _distance(one: Sound, other: Sound) -> float:
    """Return an edit distance over consonants; matching ones compare the vowels before them."""
    row = [0.0]
    for b in other.consonants:
        row.append(row[-1] + _DROPPED.get(b, 1.0))
    for i, a in enumerate(one.consonants):
        above, row = row, [row[0] + _DROPPED.get(a, 1.0)]
        for j, b in enumerate(other.consonants):
            meet = 0.0 if a == b else _NEAR.get(frozenset((a, b)), 1.0)
            vowels = _vowel_cost(one, i, other, j)
            row.append(
                min(
                    above[j] + meet + vowels,
                    above[j + 1] + _DROPPED.get(a, 1.0),
                    row[j] + _DROPPED.get(b, 1.0),
                )
            )
    return row[-1] + _ending_cost(one, other)


def _ending_cost(one: Sound, other: Sound) -> float:
    """Weigh endings, which part Karim from Karima and Mansour from Mansouri, in both scripts."""
    if one.ending == other.ending:
        return 0.55 if (one.vowels[-1] ^ other.vowels[-1]) & (I | U) else 0.0
    both = {one.ending, other.ending}
    if "?" in both:
        return 0.05 if both & {"", "a", "i"} else 0.5
    return 0.6 if both == {"u", ""} else 0.9


def _vowel_cost(one: Sound, i: int, other: Sound, j: int) -> float:
    a, b = one.vowels[i], other.vowels[j]
    if a == b:
        return 0.0
    if i == 0 or j == 0:
        return _initial_cost(a, b) if i == j else 0.2
    if one.arabic != other.arabic:
        return _across(a, b) if one.arabic else _across(b, a)
    return _in_arabic(a, b) if one.arabic else _in_latin(a, b)


def _initial_cost(a: int, b: int) -> float:
    if not a or not b:
        there = a | b
        return 0.2 if there & (I | E) or there == ANY else 0.4
    if (a | b) & (ANY | AYN) or (a & b):
        return 0.05
    return 0.15 if E in (a, b) else 0.5


def _in_arabic(a: int, b: int) -> float:
    """Compare vowels in Arabic: only long ones are written, so each that differs counts."""
    differs = (a ^ b) & ~AYN
    cost = 0.55 * bool(differs & A) + 0.7 * bool(differs & (I | U))
    return min(cost, 0.8) + 0.3 * bool((a ^ b) & AYN)


def _across(arabic: int, latin: int) -> float:
    """Compare vowels across scripts.

    Short vowels are written in Latin letters alone; a long one should be heard in both.
    """
    long = arabic & (A | I | U)
    if not long:
        return 0.03
    missing, more = long & ~latin, latin & ~long & ~E
    cost = 0.0
    if missing:
        soft = bool(latin & E)
        cost += (0.05 if soft else 0.3) if missing == A else (0.15 if soft else 0.75)
    if more & (I | U):
        cost += 0.1 if arabic & AYN else 0.35
    return cost + 0.03 * bool(more & A)


def _in_latin(a: int, b: int) -> float:
    strong_a, strong_b = a & ~E, b & ~E
    if not strong_a or not strong_b:
        only = strong_a | strong_b
        weak = bool((a | b) & E)
        if not only:
            return 0.1
        return (0.1 if only == A else 0.2) if weak else (0.2 if only == A else 0.35)
    if not strong_a & strong_b:
        return 0.75 if I in (strong_a, strong_b) else 0.5
    differs = strong_a ^ strong_b
    return 0.1 * bool(differs & A) + 0.3 * bool(differs & (I | U))

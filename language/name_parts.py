"""Parsing of names: titles and articles removed, particles joined, institutions recognised."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from language.fold import fold
from language.name_forms import (
    ARABIC_ARTICLE,
    child_forms,
    faithful_forms,
    forms_of,
    joined_forms,
    served_forms,
)
from language.name_sounds import Sound, sound_of
from language.name_words import (
    ARTICLES,
    ASSIMILATED,
    BODIES,
    DOTTED_FORMS,
    FAITH,
    HONOURS,
    JOINED,
    KINDS,
    LEGAL_FORMS,
    SERVANT,
    SHORT,
    SMALL,
    TITLES,
    TWO_IN_ONE,
)

_WORD: Final = re.compile(r"[a-z]+|[\u0621-\u064a\u0671-\u06d3]+|\d+")
_DOTTED: Final = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]\.\s?){2,}(?:[^\W\d_](?![^\W_]))?")
_CONCEPTS: Final = {
    fold(spelt): f"={code}"
    for table in (BODIES, KINDS)
    for code, line in table.items()
    for spelt in line.split("|")
}
_LONGEST: Final = max(len(spelt.split()) for spelt in _CONCEPTS)
# Nour, Noureddine; the servant in Benabdellah, بنعبد.
_FAITHFUL: Final = re.compile(
    r"^(?:([a-z]{2,}?)[aeiou]?dd?[ie]{1,2}ne?|([\u0621-\u064a]{2,})الدين)$"
)
_CHILD: Final = re.compile(r"^(?:(ben|bin|bou)(abd)|(ا?بن|بو)(عبد))(?=.{3})")
_CHILD_APART: Final = re.compile(r"^(?:(ben|bin|bou)abd(?:[aeu]l|ou)?|(ا?بن|بو)عبد)$")
_PAIRS: Final = tuple(
    (tuple(whole.split()), re.compile(first), re.compile(second))
    for whole, (first, second) in TWO_IN_ONE.items()
)
_PAIRS_JOINED: Final = tuple(
    (tuple(whole.split()), re.compile(f"(?:{first})(?:[ae]l?|ال)?(?:{second})"))
    for whole, (first, second) in TWO_IN_ONE.items()
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: the forms it may have (folded), or the concept that it stands for."""

    forms: tuple[str, ...]
    concept: str = ""  # "=commune"
    servant: bool = False  # Abd el-…; `forms` are what follows
    light: bool = False  # may stand or not
    parts: tuple["Word", ...] = ()  # names in it that a person may go by: Fatima and Zahra
    several: bool = False  # is often written in several words

    @property
    def sounds(self) -> tuple[Sound, ...]:
        """The sound of each form."""
        return tuple(sound_of(form) for form in self.forms)

    @property
    def keys(self) -> frozenset[str]:
        """What its spellings share."""
        if self.concept:
            return frozenset({self.concept})
        begin = "bd" if self.servant else ""
        return frozenset(begin + sound.key for sound in self.sounds)

    @property
    def whole(self) -> str:
        """Its first form as one text."""
        arabic = self.forms[0] > "\u0600"
        return (("عبد" if arabic else "abd") if self.servant else "") + self.forms[0]


@lru_cache(maxsize=16_384)
def words_of(name: str) -> tuple[Word, ...]:
    """Return the words of a name without uninformative ones; where there are only such, those."""
    text = _DOTTED.sub(lambda match: re.sub(r"[.\s]", "", match.group()) + " ", fold(name))
    for spelt, joined in DOTTED_FORMS.items():
        text = text.replace(spelt, joined)
    tokens = _with_concepts(_WORD.findall(text))
    telling = [t for t in tokens if t not in TITLES | LEGAL_FORMS | SMALL]
    words = tuple(_read(telling)) or tuple(_read(tokens))
    if all(word.light for word in words):
        return tuple(replace(word, light=False) for word in words)
    return words


def spans_of(words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Return which of these folded words form one word of a name, as adjacent half-open spans.

    ben + kirane, abd + el + kader, nour + eddine, fatima + zahra; an article belongs to the word
    after it.
    """
    ends = [end for _word, end in _spanned(list(words))]
    if not ends:
        return ((0, len(words)),) if words else ()
    ends[-1] = len(words)
    return tuple(zip([0, *ends[:-1]], ends, strict=True))


def _with_concepts(tokens: list[str]) -> list[str]:
    """Replace phrases and words of institutions by their concept, the longest first."""
    found: list[str] = []
    place = 0
    while place < len(tokens):
        for length in range(min(_LONGEST, len(tokens) - place), 0, -1):
            piece = tokens[place : place + length]
            concept = _CONCEPTS.get(" ".join(piece))
            if concept is None:
                bare = [ARABIC_ARTICLE.sub("", piece[0]), *piece[1:]]
                concept = _CONCEPTS.get(" ".join(bare))
            if concept:
                found.append(concept)
                place += length
                break
        else:
            found.append(tokens[place])
            place += 1
    return found


def _read(tokens: list[str]) -> Iterator[Word]:
    return (word for word, _end in _spanned(tokens))


def _spanned(tokens: list[str]) -> Iterator[tuple[Word, int]]:
    """Yield words, each with the index of the token it ends before.

    A particle takes the word after it, "eddine" the word before.
    """
    waiting: Word | None = None
    place = end = 0
    while place < len(tokens):
        token = SHORT.get(tokens[place], tokens[place])
        if _is_article(token, tokens[place + 1] if place + 1 < len(tokens) else ""):
            place += 1
            continue
        if waiting and not waiting.concept and (joined := _joined_back(waiting, token)):
            waiting, place = joined, place + 1
        else:
            if waiting:
                yield waiting, end
            waiting, place = _next(tokens, place, token)
        end = place
    if waiting:
        yield waiting, end


def _next(tokens: list[str], place: int, token: str) -> tuple[Word, int]:
    """Return the word that begins with this token, and where the next begins."""
    follows, after = _following(tokens, place + 1, token)
    apart = _CHILD_APART.match(token)
    if not follows:
        return _single(token), place + 1
    if apart:
        return Word(child_forms(apart[1] or apart[2], follows), several=True), after
    if token in SERVANT:
        return Word(served_forms(follows), servant=True, several=True), after
    if token not in JOINED:
        return _single(token), place + 1
    beyond, end = _following(tokens, after, token) if follows in SERVANT else ("", after)
    if beyond:
        return Word(child_forms(JOINED[token], beyond), several=True), end
    name = SHORT.get(follows, follows)
    if _CHILD.match(JOINED[token] + name):
        return _single(JOINED[token] + name), after
    return Word(joined_forms(JOINED[token], forms_of(name)), several=True), after


def _following(tokens: list[str], place: int, before: str) -> tuple[str, int]:
    """Return the token that follows after articles, and its end.

    "" where none does, or an institution, or a word in other letters than those before.
    """
    after = _past_articles(tokens, place)
    follows = tokens[after] if after < len(tokens) else "="
    joins = follows[0] != "=" and (follows[0] > "\u0600") == (before[0] > "\u0600")
    return follows if joins else "", after + 1


def _past_articles(tokens: list[str], place: int) -> int:
    while place + 1 < len(tokens) and _is_article(tokens[place], tokens[place + 1]):
        place += 1
    return place


def _is_article(token: str, follows: str) -> bool:
    if token in ARTICLES:
        return bool(follows)
    return token in ASSIMILATED and bool(follows) and follows[0] == token[1]


def _joined_back(before: Word, token: str) -> Word | None:
    """Join a token to the word before it: Nour + Eddine, Fatima + Zahra."""
    if token in FAITH and not before.light:
        return Word(
            faithful_forms(before.forms), servant=before.servant, parts=(before,), several=True
        )
    for names, first, second in _PAIRS:
        if second.fullmatch(token) and first.fullmatch(before.forms[0]):
            return _pair(names)
    return None


def _plain(word: Word) -> Word:
    """Return the word as it stands: Salah in Salah Eddine is not Sala."""
    return replace(word, forms=word.forms[:1])


def _pair(names: tuple[str, ...]) -> Word:
    return Word(("-".join(names),), parts=tuple(Word((name,)) for name in names), several=True)


def _single(token: str) -> Word:
    if token[0] == "=":
        return Word((token,), concept=token)
    honour = HONOURS.get(token) or HONOURS.get(token.removeprefix("ب"))
    if honour:
        return Word((honour,), light=True)
    for names, whole in _PAIRS_JOINED:
        if whole.fullmatch(token):
            return _pair(names)
    bare = ARABIC_ARTICLE.sub("", token) if token.startswith("العبد") else token
    rest = bare[3:] if bare.startswith(("abd", "عبد")) else ""
    if len(rest) >= 3 and token not in SERVANT:
        return Word(served_forms(rest, joined=True), servant=True, several=True)
    if child := _CHILD.match(token):
        forms = child_forms(child[1] or child[3], token[child.end() :], joined=True)
        return Word((*forms, *forms_of(token)), several=True)
    if faithful := _FAITHFUL.match(token):
        first = forms_of(faithful[1] or faithful[2])
        forms = faithful_forms(first) if faithful[2] else forms_of(token)
        return Word(forms, parts=(_plain(Word(first)),), several=True)
    return Word(forms_of(token), several=_begins_joined(token))


def _begins_joined(token: str) -> bool:
    return len(token) > 4 and token.startswith(("ben", "bel", "ait", "بن", "بل", "ايت"))

"""A name taken apart: titles and articles away, particles joined, institutions recognised."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from language.fold import fold
from language.name_sounds import Sound, sound_of
from language.name_words import (
    ARTICLES,
    ASSIMILATED,
    BODIES,
    DOTTED_FORMS,
    FAITH,
    FLOWER,
    HONOURS,
    JOINED,
    KINDS,
    LEGAL_FORMS,
    OWN_ARTICLE,
    SERVANT,
    SHORT,
    SMALL,
    TITLES,
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
_ARABIC_ARTICLE: Final = re.compile(r"^(?:[وبلك]?ال|لل)(?=.{3})")
_MOON: Final = "حخعكمغبقجفهو"
_JOINED_ARTICLE: Final = re.compile(r"^(?:[ea]l(?=.{3})|[ea](?=([rsndtz])\1.)|ech(?=ch))")
_SERVANT_LINK: Final = re.compile(r"^[aeiou]?(?:([lrsndtz])(?=\1)|l(?=.{2}))?")
_GOD: Final = frozenset(
    ["lah", "llah", "allah", "ellah", "ullah", "ulla", "alla", "lla", "الله", "لله"]
)
_FATIMA: Final = re.compile(r"^(?:fat[ei]?ma|فاطمه|فطيمه)$")
_FATIMA_ZAHRA: Final = re.compile(r"^fat[ei]ma[ea]?z+[aeo]h?ra[eh]?$|^فاطمه?(?:ال)?زهر(?:اء|ه)$")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: the forms it may have (folded), or the concept that it stands for."""

    forms: tuple[str, ...]
    concept: str = ""  # "=commune"
    servant: bool = False  # Abd el-…; `forms` are what follows
    light: bool = False  # may stand or not

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
    """The words of a name, without what tells nothing; where only such words stand, those."""
    text = _DOTTED.sub(lambda match: re.sub(r"[.\s]", "", match.group()) + " ", fold(name))
    for spelt, joined in DOTTED_FORMS.items():
        text = text.replace(spelt, joined)
    tokens = _with_concepts(_WORD.findall(text))
    telling = [t for t in tokens if t not in TITLES | LEGAL_FORMS | SMALL]
    words = tuple(_read(telling)) or tuple(_read(tokens))
    if all(word.light for word in words):
        return tuple(Word(word.forms, word.concept, word.servant) for word in words)
    return words


def _with_concepts(tokens: list[str]) -> list[str]:
    """Phrases and words of institutions replaced by their concept, the longest first."""
    found: list[str] = []
    place = 0
    while place < len(tokens):
        for length in range(min(_LONGEST, len(tokens) - place), 0, -1):
            piece = tokens[place : place + length]
            concept = _CONCEPTS.get(" ".join(piece))
            if concept is None:
                bare = [_ARABIC_ARTICLE.sub("", piece[0]), *piece[1:]]
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
    """Words one by one; a particle takes the word behind it, "eddine" the word before."""
    waiting: Word | None = None
    place = 0
    while place < len(tokens):
        token = SHORT.get(tokens[place], tokens[place])
        after = _past_articles(tokens, place + 1)
        follows = tokens[after] if after < len(tokens) and tokens[after][0] != "=" else ""
        place += 1
        if _is_article(token, tokens[place] if place < len(tokens) else ""):
            continue
        if waiting and not waiting.concept and (joined := _joined_back(waiting, token)):
            waiting = joined
            continue
        if waiting:
            yield waiting
        if follows and token in SERVANT:
            waiting, place = Word(_served(follows), servant=True), after + 1
        elif follows and token in JOINED:
            forms = tuple(JOINED[token] + form for form in _forms(SHORT.get(follows, follows)))
            waiting, place = Word(forms), after + 1
        else:
            waiting = _single(token)
    if waiting:
        yield waiting


def _past_articles(tokens: list[str], place: int) -> int:
    while place + 1 < len(tokens) and _is_article(tokens[place], tokens[place + 1]):
        place += 1
    return place


def _is_article(token: str, follows: str) -> bool:
    if token in ARTICLES:
        return bool(follows)
    return token in ASSIMILATED and bool(follows) and follows[0] == token[1]


def _joined_back(before: Word, token: str) -> Word | None:
    """Nour + Eddine, Fatima + Zahra."""
    if token in FAITH:
        arabic = before.forms[0] > "\u0600"
        tail = "دين" if arabic else "dine"
        return Word(tuple(form + tail for form in before.forms), servant=before.servant)
    if token in FLOWER and _FATIMA.match(before.forms[0]):
        return Word(("fatimazahra",))
    return None


def _single(token: str) -> Word:
    if token[0] == "=":
        return Word((token,), concept=token)
    honour = HONOURS.get(token) or HONOURS.get(token.removeprefix("ب"))
    if honour:
        return Word((honour,), light=True)
    if _FATIMA_ZAHRA.match(token):
        return Word(("fatimazahra",))
    rest = token[3:] if token.startswith(("abd", "عبد")) else ""
    if len(rest) >= 3 and token not in SERVANT:
        return Word(_served(rest, joined=True), servant=True)
    return Word(_forms(token))


def _served(rest: str, *, joined: bool = False) -> tuple[str, ...]:
    """What follows "Abd": the name without the article that links it."""
    if rest in _GOD:
        return ("allah", "alla")
    if rest == "الاله":
        return ("ilah",)
    if rest[0] > "\u0600":
        rest = _ARABIC_ARTICLE.sub("", rest)
        return (SHORT.get(rest, rest),)
    if not joined:
        return _forms(rest)
    bare = _SERVANT_LINK.sub("", rest)
    if bare in _GOD:
        return ("allah", "alla")
    linked_by_one_l = rest.endswith("l" + bare) and bare[:1] in {*"aeiouy"}
    return (bare, "l" + bare) if linked_by_one_l else (bare,)


def _forms(token: str) -> tuple[str, ...]:
    """The word as it stands and without an article that may have grown to it."""
    if token[0] > "\u0600":
        return _arabic_forms(token)
    forms = [token]
    if token not in OWN_ARTICLE:
        if (bare := _JOINED_ARTICLE.sub("", token)) != token:
            forms.insert(0, bare)
        elif token[0] == "l" and len(token) > 4:
            forms += [token[1:]] if token[1] in "aehmkgbo" else []
            forms += [token[2:]] if token[1] in "aeo" and token[2] in "hmkgbfcwq" else []
    forms += [form[:-1] for form in forms if form.endswith("ah")]
    told = [f for f in forms if f == token or len(f) > 4 or len(sound_of(f).consonants) > 1]
    return tuple(dict.fromkeys(told))


def _arabic_forms(token: str) -> tuple[str, ...]:
    if token in OWN_ARTICLE:
        return (token,)
    bare = _ARABIC_ARTICLE.sub("", token)
    bare = SHORT.get(bare, bare)
    if bare == token and token[0] == "ل" and len(token) > 3 and token[1] in _MOON:
        return (token, token[1:])
    return (bare,)

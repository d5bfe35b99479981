"""The forms that one word of a name may have: without its article, or with a particle joined."""

import re
from typing import Final

from language.name_sounds import sound_of
from language.name_words import ENDS_IN_A, IN_LATIN, OWN_ARTICLE, SHORT

ARABIC_ARTICLE: Final = re.compile(r"^(?:[وبلك]?ال|لل)(?=.{3})")
_SHORT_ARTICLE: Final = re.compile(r"^ال(?=..$)")  # الحق; of الهام it may be the first letters
_MOON: Final = "حخعكمغبقجفهو"
_JOINED_ARTICLE: Final = re.compile(r"^(?:[ea]l(?=.{3})|[ea](?=([rsndtz])\1.)|ech(?=ch))")
_SERVANT_LINK: Final = re.compile(r"^[aeiou]?(?:([lrsndtz])(?=\1)|l(?=.{2}))?")
_GOD: Final = frozenset(
    ["lah", "llah", "allah", "ellah", "ullah", "ulla", "alla", "lla", "الله", "لله"]
)
_PARTICLE: Final = re.compile(r"^(?:ا?بن|ا?بو|ايت|ا?ولاد|ولد)(?=.{3})")


def served_forms(rest: str, *, joined: bool = False) -> tuple[str, ...]:
    """Return the forms of what follows "Abd": the name without the article that links it."""
    if rest in _GOD:
        return ("alla",)
    if rest == "الاله":
        return ("ilah",)
    if rest[0] > "\u0600":
        bare = _SHORT_ARTICLE.sub("", ARABIC_ARTICLE.sub("", rest))
        return (SHORT.get(bare, bare), *((rest,) if len(rest) == 4 and bare != rest else ()))
    if not joined:
        return forms_of(rest)
    bare = _SERVANT_LINK.sub("", rest)
    if bare in _GOD or f"l{bare}" in _GOD:
        return ("alla",)
    linked_by_one_l = rest.endswith("l" + bare) and bare[:1] in {*"aeiouy"}
    return (bare, "l" + bare) if linked_by_one_l else (bare,)


def forms_of(token: str) -> tuple[str, ...]:
    """Return the word as it stands and without an article that may be joined to it."""
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
    forms += [form[0] + form[1:].replace("rh", "r-h") for form in forms if "rh" in form[1:]]
    forms += [f"ait-{form[3:]}" for form in forms if form.startswith("aith")]
    told = [f for f in forms if f == token or len(f) > 4 or len(sound_of(f).consonants) > 1]
    return tuple(dict.fromkeys(told))


def _arabic_forms(token: str) -> tuple[str, ...]:
    if token in OWN_ARTICLE:
        return (token,)
    bare = ARABIC_ARTICLE.sub("", token)
    bare = SHORT.get(bare, bare)
    if bare == token and (short := _SHORT_ARTICLE.sub("", token)) != token:
        return (short, token)
    if bare == token and token[0] == "ل" and len(token) > 3 and token[1] in _MOON:
        return (token, token[1:])
    return (*_open_ended((bare,)), bare, *_hard(bare))


def _open_ended(forms: tuple[str, ...]) -> tuple[str, ...]:
    """Return the forms whose last letter folding wrote as ya (بنموسى), as they sound."""
    found = (_PARTICLE.match(form) for form in forms)
    return tuple(
        form[:-1] + "ا"
        for form, particle in zip(forms, found, strict=True)
        if particle and form[particle.end() :] in ENDS_IN_A
    )


def joined_forms(particle: str, forms: tuple[str, ...]) -> tuple[str, ...]:
    """Return particle and name joined: Ben + Kirane; in Ait Hammou t and h stay two sounds."""
    joined = tuple(particle + form for form in forms)
    apart = tuple(f"{particle}-{form}" for form in forms if particle[-1] in "td" and form[0] == "h")
    return (*_open_ended(joined), *apart, *joined)


def _hard(token: str) -> tuple[str, ...]:
    """Return the form with the gim that is a hard g before s or z: جسوس is Guessous."""
    return ("ك" + token[1:],) if token[0] == "ج" and token[1:2] in {"س", "ز"} else ()


def child_forms(particle: str, rest: str, *, joined: bool = False) -> tuple[str, ...]:
    """Return Ben + Abd + the name that follows, in its script; d and j or h stay two sounds."""
    latin = IN_LATIN.get(particle, particle)
    return tuple(
        (f"{particle}عبد" if form[0] > "\u0600" else f"{latin}abd-") + form
        for form in served_forms(rest, joined=joined)
    )


def faithful_forms(forms: tuple[str, ...]) -> tuple[str, ...]:
    """Return the forms with "eddine" appended, whose d may merge with one before it."""
    arabic = forms[0] > "\u0600"
    joined = tuple(form + ("ادين" if arabic else "edine") for form in forms)
    short = tuple(form + ("دين" if arabic else "dine") for form in forms if form[-1] in "dد")
    return joined + short

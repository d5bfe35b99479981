"""Whether two forms of a fact are equal: words folded and similar, numbers sign by sign."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher
from typing import Any, Final

from language.fold import fold

Same = Callable[[Any, Any], bool]

_PLAIN: Final = re.compile(r"[\W_]+")
_SORT: Final = re.compile(r"^[^\W\d_]+ n°\s*", re.IGNORECASE)
_TITLES: Final = re.compile(
    r"^(?:(?:a|au|aux|le|la|les|l'|the|to|m|mr|mrs|ms|mme|mlle|monsieur|madame|messieurs|me|maitre"
    r"|dr|docteur|الي|السيده?|السيدات|الساده|الانسه|الاستاذه?|الدكتوره?|ذ|د|سيدي)\b[\s.:]*)+"
)


def plain(text: str) -> str:
    """Return letters and digits alone, folded."""
    return _PLAIN.sub("", fold(text))


def words_alike(share: float) -> Same:
    """Return a test: this share of the signs is equal, or the words of one fill the other."""

    def same(one: str, other: str) -> bool:
        halves = _in_one_script(other)
        if len(halves) == 2 and any(same(one, half) for half in halves):
            return True
        left, right = (_TITLES.sub("", fold(" ".join(text.split()))) for text in (one, other))
        return _alike(plain(left), plain(right), share) or _inside(left, right)

    return same


def _in_one_script(text: str) -> list[str]:
    """Return the two names of what is named in both scripts; one where it is in one alone."""
    runs = re.findall(r"[\u0600-\u06ff][\u0600-\u06ff\s]*|[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ\s.'’\-]*", text)
    return [run.strip() for run in runs if len(run.strip()) > 3]


def _alike(one: str, other: str, share: float) -> bool:
    if one == other:
        return True
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return bool(one and other) and matcher.ratio() >= share


def _inside(one: str, other: str) -> bool:
    """Return whether the longer has all words of the shorter, which make up two thirds of it."""
    left, right = set(re.findall(r"\w+", one)), set(re.findall(r"\w+", other))
    few, many = sorted((left, right), key=len)
    return bool(few) and few <= many and 3 * len("".join(few)) >= 2 * len("".join(many))


def any_of(same: Same) -> Same:
    """Return a test against several names: one of them is the same."""
    return lambda one, names: any(same(one, name) for name in names)


def same_number(scan: bool) -> Same:
    """Return whether all signs are the same; of a scan every digit, and 0.7 of all signs."""

    def same(one: str, other: str) -> bool:
        left, right = (plain(_SORT.sub("", text)) for text in (one, other))
        if left == right or not scan:
            return left == right
        digits = (re.sub(r"\D", "", text) for text in (left, right))
        return len(set(digits)) == 1 and _alike(left, right, 0.7)

    return same


def same_email(scan: bool) -> Same:
    """Return whether the address is the same; of a scan 0.9 of its signs."""
    return lambda one, other: (
        one.lower() == other.lower() or (scan and _alike(plain(one), plain(other), 0.9))
    )


def same_phone(one: str, other: str) -> bool:
    """Return whether the last nine digits are the same."""
    left, right = (re.sub(r"\D", "", fold(text))[-9:] for text in (one, other))
    return left == right

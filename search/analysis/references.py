"""References and numbers as keys: one for 345/DG/2025 however it is joined, ordered or spelled."""

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from language.bidi import strip_bidi_controls
from language.fold import fold
from language.numerals import ascii_digits, registry_number_key

_LONGEST: Final = 100
_LETTER: Final = r"[^\W\d_]"
_INITIALS: Final = rf"{_LETTER}{{1,2}}(?:[ .]{_LETTER}{{1,2}}(?![^\W_])){{1,3}}"
_NODE: Final = rf"(?:{_INITIALS}|[^\W_]{{1,30}})"
_GLUE: Final = r"\s?[/\\\-‐‑–—_.|]\s?"
# Pieces joined by signs: 345/DG/2025, 2025-م ع-345, FA.118; some have no digit and are none.
REFERENCE: Final = re.compile(rf"(?<![^\W_]){_NODE}(?:{_GLUE}{_NODE}){{1,7}}(?![^\W_])")
# The same as people type it among other words: a sign has a space on both sides or on neither (but
# for a slash or a dot), or "compteur -123" would be one.
_DASH: Final = r"[\-‐‑–—]"
_TYPED_GLUE: Final = rf"(?:\s?[/\\_.|]\s?|{_DASH}|\s{_DASH}\s)"
_TYPED: Final = re.compile(rf"(?<![^\W_]){_NODE}(?:{_TYPED_GLUE}{_NODE}){{1,7}}(?![^\W_])")
_PLAIN_WORD: Final = re.compile(rf"{_LETTER}{{4,}}")
# Letters and digits in one word (BK123456), or a short code before a number (BK 123456).
_MIXED: Final = re.compile(
    rf"(?<![^\W_])(?:{_LETTER}{{1,6}}\d+|\d+{_LETTER}{{1,6}}(?:\d+)?)(?![^\W_])"
    r"|(?<![^\W_])[A-Z]{1,4} \d{3,9}(?![^\W_])"
)
# A code that stands before joined numbers: BC 2025/0188.
_CODED: Final = re.compile(
    rf"(?<![^\W_])[A-Z]{{2,5}} \d{{1,9}}(?:{_GLUE}\d{{1,9}}){{1,3}}(?![^\W_])"
)
_RUNS: Final = re.compile(rf"\d+|{_INITIALS}|{_LETTER}+")
_YEAR: Final = re.compile(r"(?:19|20)(\d\d)")
_NOT_LETTERS: Final = re.compile(r"[\W\d_]+")
# What stands before a number and is no part of it; folded.
MARKS: Final = frozenset(
    word
    for line in (
        "n no nr num numero number ref refs reference references",
        "رقم عدد مرجع المرجع مرجعنا مرجعكم برقم تحت ن",
    )
    for word in line.split()
)
_MOST_PIECES: Final = 8
_LONGEST_CODE: Final = 6


def reference_key(text: str) -> str:
    """Return the key of one reference.

    Order, separators, zeros and digits' script do not count. A year is its last two digits where
    another number stands beside it. Where there is no letter the order of three and more numbers
    counts (a date is no other date). "" without a digit.
    """
    runs = _RUNS.findall(ascii_digits(text))
    numbers = [run.lstrip("0") or "0" for run in runs if run[0].isdecimal()]
    codes = [code for run in runs if not run[0].isdecimal() and (code := _code(run))]
    if not numbers:
        return ""
    if not codes:
        return _bounded(sorted(numbers) if len(numbers) == 2 else numbers)
    if len(numbers) > 1:
        numbers = [_YEAR.sub(r"\1", n).lstrip("0") if _YEAR.fullmatch(n) else n for n in numbers]
    return _bounded(sorted([*numbers, *codes]))


def _code(run: str) -> str:
    return _NOT_LETTERS.sub("", fold(run))


def _bounded(pieces: list[str]) -> str:
    joined = "_".join(pieces)
    if len(joined) > _LONGEST:
        return hashlib.sha256(joined.encode(errors="replace")).hexdigest()
    return joined


def reference_at(typed: str, place: int) -> str:
    """Return the reference that begins at this place of what was typed, or ""."""
    match = _TYPED.match(typed, place)
    return match[0] if match and reference_key(match[0]) and is_reference(match[0]) else ""


def is_reference(joined: str) -> bool:
    """Return whether pieces joined by signs are a reference rather than words and a number.

    "DG/345" and "FACT-2025-12" are, "compteur/345" and "bennani - 4" are not.
    """
    words = [run for run in _RUNS.findall(joined) if _PLAIN_WORD.fullmatch(run)]
    return all(word.isupper() and len(word) <= _LONGEST_CODE for word in words)


def reference_keys(text: str) -> Iterator[str]:
    """Yield the keys of every reference that stands in a text."""
    plain = ascii_digits(strip_bidi_controls(text))
    for pattern in (REFERENCE, _MIXED, _CODED):
        for match in pattern.finditer(plain):
            if key := reference_key(match[0]):
                yield key


def typed_reference(typed: str) -> str:
    """Return the key when everything typed is one reference, also joined by spaces alone; else "".

    "345 DG 2025" and "réf. 345 م ع 2025" are; "facture 2025" is not: its word is no code.
    """
    runs = _RUNS.findall(ascii_digits(typed))
    while runs and fold(runs[0]).strip(".") in MARKS:
        runs = runs[1:]
    codes = [_code(run) for run in runs if not run[0].isdecimal()]
    if not 2 <= len(runs) <= _MOST_PIECES or any(len(code) > _LONGEST_CODE for code in codes):
        return ""
    if re.search(r"[^\w\s/\\\-‐‑–—_.|°º:]", typed):
        return ""
    return reference_key(" ".join(runs))


def number_term(number: str) -> str:
    """Return the key of a registry number in any notation, as one plain token; "" for none."""
    key = registry_number_key(number)
    return key.replace("/", "_").lower() if key else ""


def number_terms(number: str) -> tuple[str, ...]:
    """Return every key of a registered letter's number: whole, or parts of it."""
    whole = number_term(number)
    if not whole:
        return ()
    year, code, serial = whole.split("_")
    return (whole, serial, f"{code}_{serial}", f"{year}_{serial}")


def query_number(value: str) -> str:
    """Return the one of `number_terms` that a value means: 123, IN-123, 2026/IN/123; or ""."""
    if whole := number_term(value):
        return whole
    runs = re.findall(r"\d+|[^\W\d_]+", ascii_digits(value))
    while runs and fold(runs[0]) in MARKS:
        runs = runs[1:]
    numbers = [run for run in runs if run[0].isdecimal()]
    codes = [run.lower() for run in runs if not run[0].isdecimal()]
    if len(runs) > 2 or not numbers:
        return ""
    serial = numbers[-1].lstrip("0")
    if len(numbers) == 2:
        years = [n for n in numbers if _YEAR.fullmatch(n)]
        if not years:
            return ""
        others = [n for n in numbers if n is not years[0]]
        return f"{years[0]}_{others[0].lstrip('0')}"
    return f"{codes[0]}_{serial}" if codes else serial

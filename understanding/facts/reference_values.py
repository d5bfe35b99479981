"""The number itself behind a label: where it ends, and what is no reference."""

from __future__ import annotations

import re
from typing import Final

from understanding.facts.lines import Line

# They are handed out by others, or to others: a letter names them and is none of them.
NEVER_ITSELF: Final = re.compile(
    r"وصل|الوصل|recu|quittance|permis|رخصه|الرخصه|رسم|الرسم|titre|t\.?f|receipt|permit|ticket"
    r"|bon de livraison|autorisation|certificat|attestation"
)
# "consultation n° 02/ACH/2026": the reference itself begins behind its sort.
_SORT: Final = re.compile(
    r"^(?:(?:[^\W\d_]|[.'’]){2,} ?){1,4}(?:n\s?[°ºo.]|عدد|رقم)\s*[:：]?\s*"
    r"|^(?:(?:ال)?(?:إ|ا)رسالية|(?:ال)?رسالة|(?:ال)?مراسلة|(?:ال)?كتاب|lettre|courrier"
    r"|bordereau)\s(?=\d|[A-Z]{1,5}[/\-]\S*\d)",
    re.IGNORECASE,
)
# A telephone number is one run or parted as telephones are, never by strokes: "0526/2026/12" and
# "052-633-2026" are month, serial and year.
_S: Final = r"[ .\-]"
TELEPHONE: Final = re.compile(
    r"(?<![\w/])(?![+\d]{1,12}(?:[.\-]\d{1,6}){0,5}[.\-](?:19|20)\d\d(?!\d))(?:"
    rf"(?:\+|00)212{_S}?0?[5-8](?:{_S}?\d){{8}}"
    rf"|(?:212{_S}?0?|0)[5-8](?:\d{{8}}|(?:{_S}\d\d){{4}}|{_S}\d{{8}}|{_S}\d\d(?:{_S}\d{{3}}){{2}}"
    rf"|\d\d(?:{_S}\d{{6}}|(?:{_S}\d\d){{3}}|(?:{_S}\d{{3}}){{2}})"
    rf"|\d{_S}\d{{3}}(?:{_S}\d{{4}}|(?:{_S}\d\d){{2}})))(?![\d/])"
)
# Words of two letters that go on with the phrase, and are no initials.
_NO_WORD: Final = (
    r"(?!(?:لم|لن|من|في|عن|ما|لا|قد|هو|هي|ان|أن|إن|او|أو|كي|له|لي|به|اي|أي|ثم|كل)(?!\w))"
)
_ATOM: Final = rf"[^\W_]{{1,16}}(?:\s{_NO_WORD}[\u0621-\u064a]{{1,2}}(?![^\W_])){{0,3}}"
# A spaced stroke before a whole word begins another column.
_JOINT: Final = (
    r"(?:\s?[/\\]\|?\s?(?!(?<=\s)(?:[A-ZÀ-Þ]?[a-zà-ÿ]{3}|[\u0621-\u064a]{4}))|[\-–_.]"
    r"|\s[–—\-]\s(?!\d{1,2}(?:er)? [^\W\d_]{3,}\.? (?:20)?\d\d)(?=\d+(?:\.\d{3,})?(?![\d/.\-])))"
)
# Initials, atoms joined by strokes and points, initials once more: "SIN 26/00733/MRH",
# "ج أ ت ب / 07 / 2026", "ث.ب/م 331-25", "00/117 ق ج م". No words before, between or behind.
_INITIALS: Final = (
    r"(?:(?:[A-Z]{1,5}|[\u0621-\u064a]{1,2})(?:[./\-](?:[A-Z]{1,5}"
    r"|[\u0621-\u064a]{1,2})){1,4}\s(?=\d)"
    r"|(?:(?:[A-Z]{1,5}|[\u0621-\u064a]{1,2})\s){0,4})"
)
_VALUE: Final = re.compile(
    rf"{_INITIALS}{_ATOM}(?:{_JOINT}{_ATOM}){{0,8}}"
    rf"(?:\s{_NO_WORD}(?:[A-Z]{{1,4}}|[\u0621-\u064a]{{1,2}})"
    r"(?:[./](?:[A-Z]{1,6}|\d{1,3}|[\u0621-\u064a]{1,2})(?!\w)){0,4}(?:/(?:20)?\d\d)?(?!\w)){0,3}"
)


def reference(line: Line, start: int, *, least: int) -> tuple[str, int]:
    """Return the reference that begins here, without its type words, and where it ends.

    `least`: digits of one that has no strokes; fewer count where it ends its line.
    """
    written = line.written(start)[:90]
    sort = _SORT.match(written)
    begins = sort.end() if sort else 0
    value = _VALUE.match(written, begins)
    if value is None or TELEPHONE.match(written, begins):
        return "", start
    whole = value[0].strip(" .:،,;-–")
    if _AND_NEXT.search(whole) and re.match(r"\s?(?:رقم|عدد|\d)", written[value.end() :]):
        whole = whole[:-2]  # "و" between two numbers, no initial
    digits = sum(sign.isdigit() for sign in whole)
    ends = re.match(
        r"[\s.،,;–-]*(?:$|(?:du|le|de l['’]an\w*|dated|بتاريخ)(?:\s|\W?$))", written[value.end() :]
    )
    again = _AGAIN.match(written, value.end())
    few = digits < (least if ends else 3) and not re.search(r"[/\-.]", whole) and not again
    whole += again[0] if again else ""
    typed = _TYPED_BY.match(written, value.end()) if "/" in whole else None
    whole += typed[0] if typed else ""
    if digits == 0 or few or _DATE.fullmatch(whole):
        return "", start
    if _SUM.search(whole) or _COUNTED.match(written, value.end()):
        return "", start
    return whole, min(len(line.folded), start + value.end())


_AND_NEXT: Final = re.compile(r"\d\sو$")
# "CG/2026/0551 - HB": who typed it, at the line's end.
_TYPED_BY: Final = re.compile(r"\s[-–]\s[A-Z]{2,3}(?=\s*$)")
# "07 bis": a number given twice.
_AGAIN: Final = re.compile(r"\s(?:bis|ter|مكرر)(?!\w)")
# What makes a sum of money or a count of pages of the number before it; "p.j.", "MADAME" do not.
_COUNTED: Final = re.compile(
    r"[.,]\d|\s?(?:(?:DHS?|MAD|dirhams?|درهم\w*)(?![^\W_])|€|%|p(?:ages?)?\.(?!\s?[a-z]))"
)
_SUM: Final = re.compile(r"\s(?:DHS?|MAD)$")
_DATE: Final = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])[/.\-](?:0?[1-9]|1[0-2])[/.\-](?:(?:19|20)\d\d|\d\d)"
)

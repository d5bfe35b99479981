"""References of a letter: the sender's own, those it answers, and our own registry numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from language.bidi import strip_bidi_controls
from language.numerals import ascii_digits, registry_number_key
from routing.facts import Fact
from routing.lines import Line, text_lines

# Labels as offices write them and as scans give them back: Rét for Réf, I or l for the stroke.
_REF: Final = r"r[eé]\s?[f\u017ft](?:erence)?"
_OWN_REF: Final = (
    rf"(?:n\s?[/il|1\\]\s?{_REF}|nos? {_REF}|notre {_REF}|our {_REF}|مر[جحخ]عنا"
    rf"|ref(?:erence)?s?\b(?! \w)"
    r"|(?:ال)?مرجع(?=\s*[:：])|دوريه عدد|ملف[^:\n]{0,20}(?:عدد|رقم))"
)
_THEIR_REF: Final = rf"(?:v\s?[/il|1\\]\s?{_REF}|vos? {_REF}|votre {_REF}|your {_REF}|مر[جحخ]عكم)"
_NUMBER: Final = (
    r"^\W*(?P<weak>(?:facture|invoice|devis|dossier|فاتوره|صفقه)\W{0,3}(?:n|no|رقم|عدد)?)"
)
_LABELLED: Final = re.compile(
    rf"(?:(?:^|(?<=[\s|]))(?:(?P<their>{_THEIR_REF})|(?P<own>{_OWN_REF}))"
    rf"|{_NUMBER})[.°º]*\s*[:°º]*\s*"
    r"(?P<value>[^\n]{2,60})"
)
# A number alone in the head of an office's letter: "عدد: 123/ق ع/2026", "N° 45/DRH/2026".
_BARE: Final = re.compile(
    r"^\W*(?:عدد|رقم|n\s?[°ºo.])\s*[:：.]?\s*(?P<value>[^\W_]{1,6}\s?/[^\n]{1,40})$"
)
_HEAD: Final = 10  # lines
_ANSWERED: Final = re.compile(
    r"(?:(?:votre|vos|your)(?! ref)|رسالتكم|مراسلتكم|ارساليتكم|كتابكم|مذكرتكم|انذاركم)"
    r"(?: [^\W\d_]+){0,3}?"
    r" (?:n\s?[°º]|ref\.?|no\.?|sous le n\s?[°º]|(?:تحت |ذات )?(?:ال)?(?:عدد|رقم"
    r"|مرجع))\s*[:：.]?\s*"
    r"(?P<value>[^\n,،;؛()]{2,50})"
)
# "consultation n° 02/ACH/2026": the reference itself begins behind its sort.
_SORT: Final = re.compile(
    r"^(?:[^\W\d_]{3,}['’ ]+)+(?:n\s?[°ºo.]|عدد|رقم)\s*[:：]?\s*", re.IGNORECASE
)
_REF_END: Final = re.compile(
    r"\s+(?:du|en date|بتاريخ|dated?|of|وتاريخ|le)\s+\d|\s{2,}|\s[|–—]\s|"
    r"\s(?:v\s*/\s*ref|n\s*/\s*ref|مرجعنا|مرجعكم)"
)
# After its last number a reference may still carry initials (00/117 ق ج م), but no words.
_REF_TAIL: Final = re.compile(r"^(.*\d\S*(?:\s(?:[A-Z]{1,3}|[\u0621-\u064a]{1,2})\b)*)")


def find_references(text: str) -> list[tuple[str, Fact]]:
    """References and whose they are: "own" of the sender (N/Réf, مرجعنا) or "their", answered.

    Only values that hold a digit count; the label must open its line or follow a space.
    """
    lines = text_lines(text)
    found = []
    for number, line in enumerate(lines):
        for match in _LABELLED.finditer(line.folded):
            value = _reference(line, match.start("value"), match.end("value"))
            if value:
                score = 0.6 if match["weak"] or _misread(value) else 0.9
                whose = "their" if match["their"] else "own"
                found.append((whose, Fact(value, score, ("reference_label",), line.text)))
        bare = _BARE.match(line.folded) if number < _HEAD else None
        if bare and (value := _reference(line, *bare.span("value"))):
            found.append(("own", Fact(value, 0.7, ("reference_label",), line.text)))
        for match in _ANSWERED.finditer(line.folded):
            value = _reference(line, *match.span("value"))
            if value:
                found.append(("their", Fact(value, 0.8, ("reference_label",), line.text)))
    return found


def _reference(line: Line, start: int, end: int) -> str:
    cut = _REF_END.search(line.folded, start, end)
    value = line.written(start, cut.start() if cut else end).strip(" .:،,;-")
    whole = _REF_TAIL.match(_SORT.sub("", value))
    return whole[1] if whole and len(whole[1].split()) <= 8 else ""


def _misread(value: str) -> bool:
    """Digits of two scripts, or signs that no office puts between digits."""
    arabic = re.search("[\u0660-\u0669]", value) is not None
    return (arabic and re.search("[0-9]", value) is not None) or bool(re.search(r"[:;»«]", value))


def find_quoted_numbers(
    text: str, *, register_codes: Sequence[str] = ("IN", "OUT", "INT")
) -> list[Fact]:
    """Our own registry numbers that the letter quotes, as keys (``2025/IN/4127``), each once."""
    codes = {_as_scanned(code): code for code in register_codes}
    plain = ascii_digits(strip_bidi_controls(text))
    found: dict[int, tuple[int, Fact]] = {}
    for order in _ORDERS:
        one_code = "|".join(codes)
        pattern = rf"(?<![\w/\-]){order.replace('CODE', f'(?P<code>{one_code})')}(?![\w/\-])"
        for match in re.finditer(pattern, plain):
            if any(at < match.end() and match.start() < end for at, (end, _) in found.items()):
                continue
            code = next(c for scanned, c in codes.items() if re.fullmatch(scanned, match["code"]))
            year, serial = (match[part].translate(_AS_DIGITS) for part in ("year", "serial"))
            key = registry_number_key(f"{year}/{code}/{serial}")
            clean = match["code"] == code and match["serial"].isdigit()
            if key:
                fact = Fact(key, 0.95 if clean else 0.8, ("registry_number",), match[0])
                found[match.start()] = (match.end(), fact)
    facts: dict[str, Fact] = {}
    for _, (_, fact) in sorted(found.items(), key=lambda entry: (-entry[1][1].score, entry[0])):
        facts.setdefault(fact.value, fact)
    return list(facts.values())


_PART: Final = r"\s?[/\\\-–_.]\s?"
_YEAR: Final = r"(?P<year>[12][09oO][\doO]{2})"
_SERIAL: Final = r"(?P<serial>[\doO]*\d[\doO]*)"
_ORDERS: Final = (
    f"{_YEAR}{_PART}CODE{_PART}{_SERIAL}",
    f"CODE{_PART}{_YEAR}{_PART}{_SERIAL}",
    f"CODE{_PART}{_SERIAL}{_PART}{_YEAR}",
    f"{_SERIAL}{_PART}CODE{_PART}{_YEAR}",
)
_AS_DIGITS: Final = str.maketrans("oO", "00")


def _as_scanned(code: str) -> str:
    """A pattern of a register's code as scans give it back: 1N or 111 for IN, 0UT for OUT."""
    alike = {"I": "[I1l|]", "N": "(?:N|11)", "O": "[O0]"}
    return "".join(alike.get(sign) or re.escape(sign) for sign in code)

"""References of a letter: the sender's own, those it answers, and our own registry numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from language.bidi import strip_bidi_controls
from language.numerals import ascii_digits, registry_number_key
from routing.facts import Fact
from routing.lines import Line, text_lines

_OWN_REF: Final = (
    r"(?:n\s*/\s*ref|nos? ref|notre ref|our ref|مرجعنا|ref(?:erence)?\b(?! \w)|دوريه عدد"
    r"|ملف[^:\n]{0,20}(?:عدد|رقم))"
)
_THEIR_REF: Final = r"(?:v\s*/\s*ref|vos? ref|votre ref|your ref|مرجعكم)"
_NUMBER: Final = (
    r"^\W*(?P<weak>(?:facture|invoice|devis|dossier|فاتوره|صفقه)\W{0,3}(?:n|no|رقم|عدد)?)"
)
_LABELLED: Final = re.compile(
    rf"(?:(?:^|(?<=[\s|]))(?:(?P<their>{_THEIR_REF})|(?P<own>{_OWN_REF}))|{_NUMBER})[.°º]*\s*[:°º]*\s*"
    r"(?P<value>[^\n]{2,60})"
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
    found = []
    for line in text_lines(text):
        for match in _LABELLED.finditer(line.folded):
            value = _reference(line, match.start("value"), match.end("value"))
            if value:
                score = 0.6 if match["weak"] or _misread(value) else 0.9
                whose = "their" if match["their"] else "own"
                found.append((whose, Fact(value, score, ("reference_label",), line.text)))
    return found


def _reference(line: Line, start: int, end: int) -> str:
    cut = _REF_END.search(line.folded, start, end)
    value = line.written(start, cut.start() if cut else end).strip(" .:،,;-")
    whole = _REF_TAIL.match(value)
    return whole[1] if whole and len(whole[1].split()) <= 8 else ""


def _misread(value: str) -> bool:
    """Digits of two scripts, or signs that no office puts between digits."""
    arabic = re.search("[\u0660-\u0669]", value) is not None
    return (arabic and re.search("[0-9]", value) is not None) or bool(re.search(r"[:;»«]", value))


def find_quoted_numbers(
    text: str, *, register_codes: Sequence[str] = ("IN", "OUT", "INT")
) -> list[Fact]:
    """Our own registry numbers that the letter quotes, as keys (``2025/IN/4127``), each once."""
    codes = "|".join(re.escape(code) for code in register_codes)
    plain = ascii_digits(strip_bidi_controls(text))
    part = r"\s?[/\-–_.]\s?"
    pattern = re.compile(
        rf"(?<![\w/\-])(?:(?:19|20)\d\d{part}(?:{codes}){part}\d{{1,9}}"
        rf"|(?:{codes}){part}(?:(?:19|20)\d\d{part}\d{{1,9}}|\d{{1,9}}{part}(?:19|20)\d\d)"
        rf"|\d{{1,9}}{part}(?:{codes}){part}(?:19|20)\d\d)(?![\w/\-])"
    )
    facts: dict[str, Fact] = {}
    for match in pattern.finditer(plain):
        key = registry_number_key(match[0])
        if key:
            facts.setdefault(key, Fact(key, 0.95, ("registry_number",), match[0]))
    return list(facts.values())

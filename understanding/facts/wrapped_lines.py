"""Paragraphs that a page broke into lines, whole again, so that no name or number is in two parts.

The text layer of a PDF and a scan give lines where a typed letter has one paragraph. Each line feed
is replaced by a blank, and of a number in two parts the second is put before the line feed: the
length never changes, so that offsets of all other words stay true.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from language.fold import fold
from language.numerals import ascii_digits
from understanding.facts.letterhead_words import BODY, UNIT
from understanding.facts.lines import READ_CHARACTERS

_NARROWEST, _WIDEST = 45, 150  # characters of a page's full line; a longer one is not broken
_FITS: Final = 0.92  # of a full line's characters: letters differ in width
_NAME: Final = 3  # words of a last line that may be who signs
_ENDS: Final = re.compile(r"[.:!؟?؛;|،,]?[.:!؟?؛;|]$")
# What begins a line of its own: a point of a list, a label, quoted mail, a title of respect.
_BEGINS: Final = re.compile(
    r"^(?:[\-–—•*>|<+(\[]|\d{1,2}\s?[.)\-–/]\s|[A-Z]{1,2}[.)]\s|[^:：]{1,24}\s?[:：](?!\d)"
    r"|\S+@|Monsieur|Madame|Messieurs|Le |La |Fait |وحرر|حرر|والسلام|وتقبل|السيد|إلى )"
)
_ARABIC: Final = re.compile('[«("]?[\u0621-\u064a]')
# Behind them a name or a number goes on: "au nom de", "Monsieur", "lettre n°".
_SMALL_WORD: Final = re.compile(
    r"^(?:de|du|des|la|le|les|et|à|au|aux|par|en|sur|pour|MM?\.?|Mme|Mlle|Me|Mr\.?|Dr\.?|Monsieur"
    r"|Madame"
    r"|Maître|sieur|dame|n°|Ste|Sté|société|of|the|and|by|from)$"
)
_SHORT: Final = 0.6  # of a full line
_YEAR: Final = re.compile(r"(?<!\d)(?:(?:19|20)\d\d|[١٢][٠-٩]{3})(?!\d)")
_ROW: Final = re.compile(r"\.{4}|…{2}|\|")  # of a table or a form
_GAP: Final = re.compile(r"\s{3,}|\t")
# "lettre 166-", "réponse 402/", "« 270 / BO /": a number that goes on below.
_FIRST_HALF: Final = re.compile(
    r"(?<![^\s(«\"'’:])(?=\S*[\dA-Z\u0621-\u064a])[\w./\-]{0,20}[^\W_](?:[/\-]|\s/)$"
)
_STROKED: Final = re.compile(
    r"[A-Z\u0621-\u064a]{1,8}[/.][A-Z\u0621-\u064a./]{1,10}/$"
)  # "RADEEJ/DG/"
_WANTS_YEAR: Final = re.compile(
    r"(?=\S*[A-Z\u0621-\u064a])(?=\S*\d)\S+\s?/$"
    r"|\d\s/\s[A-Z]{1,8}\s?/$"
)
_A_YEAR: Final = re.compile(r"(?:(?:19|20)\d\d|0[0-4]\d)(?!\d)")  # its first figure may be lost
# A point that a reading moved from the phrase's end before the year.
_STRAY: Final = re.compile(r"[.,،]\s?(?=(?:19|20)\d\d(?!\d))")
_HALF: Final = 40  # characters
_DIGIT: Final = re.compile(r"\d")
_LABEL: Final = re.compile(
    r"n°|n[°o]\.|\b(?:lettre|référence|réf|courrier|réponse|avis|rapport|note|sous|under|ref)\b"
    r"|رقم|عدد|المرجع"
    r"|مراسل|كتاب|تحت|محضر|مذكر",
    re.IGNORECASE,
)
_DATE: Final = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{2,4}(?!\d)")
_SIGNS: Final = ".,،;:)»"
# Behind a second half of figures alone: a telephone, a sum or a point of a list goes on otherwise.
_BEHIND_FIGURES: Final = re.compile(
    rf"[{_SIGNS}]*\s*$|\s(?:du|le|en date|datée?|relatif|relative|of|dated|بتاريخ|المؤرخ|الصادر)\b"
)
_BEHIND_WORDS: Final = re.compile(r"(?!\s?\d|,\d)")
_SECOND_HALF: Final = re.compile(
    r"(?=[\w./\-]*\d)(?:[^\W_]{1,8}[/.\-])*[^\W_]{1,8}(?![^\W_])[.,،;:)»]{0,2}"
)


def unwrapped(text: str) -> str:
    """Return the text with lines that a page's width alone parts as one, of the same length."""
    pages = text[:READ_CHARACTERS].replace("\r\n", " \n").split("\f")
    return "\f".join(map(_page, pages)) + text[READ_CHARACTERS:]


def _page(text: str) -> str:
    """Return one page without the breaks of its lines; its last line may be who signs."""
    lines = text.split("\n")
    if len(lines) < 3:
        return text
    full = _full_line(lines)
    last = max((number for number, line in enumerate(lines) if line.strip()), default=0)
    out = [lines[0]]
    for number in range(1, len(lines)):
        line = lines[number]
        if not line.strip() and number + 1 < len(lines):
            out[-1], lines[number + 1] = _with_year(out[-1], lines[number + 1])
        above, moved = _with_number(out[-1], line)
        out[-1] = above
        signed = number == last and len(line.split()) <= _NAME
        if full and not signed and _is_broken(lines[number - 1], line, full):
            out[-1] = f"{above} {moved}"
        else:
            out.append(moved)
    return "\n".join(out)


def _full_line(lines: Sequence[str]) -> int:
    """Return the characters of a full line: the second longest's; 0 where lines are no page's."""
    lengths = sorted((len(line.strip()) for line in lines), reverse=True)
    return lengths[1] if lengths[1] >= _NARROWEST and lengths[0] <= _WIDEST else 0


def _is_broken(above: str, below: str, full: int) -> bool:
    """Return whether a line goes on below: its next word had no room, and no phrase ends."""
    first, goes_on = above.strip(), below.strip()
    if not first or not goes_on or _ENDS.search(first) or _BEGINS.match(goes_on):
        return False
    if _ROW.search(first) or _ROW.search(goes_on) or _is_date_line(goes_on, full):
        return False
    if _GAP.search(first) or _GAP.search(goes_on) or not _goes_on(first, goes_on):
        return False
    if _in_both(first) or _in_both(goes_on):
        return False
    return len(first) + 1 + len(goes_on.split(None, 1)[0]) >= _FITS * full


def _in_both(line: str) -> bool:
    """Return whether words of both scripts stand in a line: a head in two columns."""
    counts = (len(re.findall(words, line)) for words in ("[A-Za-zÀ-ÿ]{3,}", "[\u0621-\u064a]{3,}"))
    return min(counts) >= 2


def _is_date_line(line: str, full: int) -> bool:
    """Return whether a short line without an end holds a year: a place and a date, not a phrase."""
    return len(line) < _SHORT * full and _YEAR.search(line) is not None and line[-1] not in ".!؟"


def _goes_on(above: str, below: str) -> bool:
    """Return whether the words below may be of the phrase above: small letters, or small words."""
    if _ARABIC.match(below):
        return not (UNIT.match(head := fold(below[:40])) or BODY.match(head))
    if below[0].islower():
        return True
    last = above.split()[-1]
    if below[0].isalpha():
        return _SMALL_WORD.search(last) is not None
    return last[0].islower() or _ARABIC.match(last) is not None


def _with_year(above: str, below: str) -> tuple[str, str]:
    """Return both lines, with the year of a number that a reading parts by an empty line."""
    parted = _A_YEAR.match(ascii_digits(below)) and _WANTS_YEAR.search(above.rstrip()[-_HALF:])
    return _with_number(above, below) if parted else (above, below)


def _with_number(above: str, below: str) -> tuple[str, str]:
    """Return both lines, with the second half of a number behind its first."""
    ended = above.rstrip()
    if (stray := _STRAY.match(ascii_digits(below))) and _WANTS_YEAR.search(ended[-_HALF:]):
        whole, rest = _with_number(above, below[stray.end() :])
        return whole, below[: stray.end()] + rest
    first, second = _FIRST_HALF.search(ended[-_HALF:]), _SECOND_HALF.match(below)
    if first is None or second is None or _DATE.match(below):
        return above, below
    called = _DIGIT.search(first[0]) or _LABEL.search(ended[-_HALF:]) or _STROKED.search(first[0])
    figures = second[0].rstrip(_SIGNS).isdecimal()
    year = _A_YEAR.match(ascii_digits(second[0])) and _WANTS_YEAR.search(ended[-_HALF:])
    behind = _BEHIND_FIGURES if figures and not year else _BEHIND_WORDS
    if not called or not behind.match(below, second.end()):
        return above, below
    return ended + second[0] + above[len(ended) :], below[second.end() :]

"""Every number of a letter's head and foot that may be its own, and the marks to judge it by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from language.dates import find_dates
from language.fold import fold
from understanding.facts.head_numbers import CODE, NUMBER, OTHERS
from understanding.facts.letterhead_words import ADDRESS, COMMERCIAL, CONTACT
from understanding.facts.line_places import Placed
from understanding.facts.lines import Line
from understanding.facts.name_pieces import Candidate
from understanding.facts.reference_values import NEVER_ITSELF, TELEPHONE, reference

_READ: Final = 300  # characters of one line
_MOST: Final = 40  # candidates of one letter
_MOST_WORDS: Final = 4  # of a label that are marks of their own
# Initials before a number that blanks part: "ج أ ت / 07", "S.P. 12/26"; no word of numbers.
_INITIALS: Final = re.compile(
    r"(?<![^\W_])(?:(?!(?:n|no|nos|le|la|du|de|au|et|al|bp|rc)\b)[a-z]{1,5}\s?[/.]?\s"
    r"|(?!(?:في|من|عن|لا|ما)\s)[\u0621-\u064a]{1,3}(?:\s?[/.]\s?|\s))+$"
)
# "مرجعنا/ 1190", "و13/م.ك/26": no part of the number.
_WORDED: Final = re.compile(r"[^\W\d_]{4,}\s?/\s(?=\d)|و(?=\d)")
# Telephones and times of the day.
_CALLED: Final = re.compile(
    rf"{TELEPHONE.pattern}|(?<![\w/:])\d{{1,2}}\s?(?::|h)\s?\d\d(?![\w/:])|(?<![\w/:])\d{{1,2}}h(?!\w)"
)
# Numbers that we gave the writer (a customer's, a contract's, a meter's), or a court.
_HELD: Final = re.compile(
    r"(?<![^\W_])(?:contrat|contract|police|polic|compteur|meter|client|customer|abonn|account|index"
    r"|jugement|judgment)"
    r"|(?<![^\W_])(?:ال|لل|ب)?(?:عقد|عقده|عقدين|عقود|عداد|عدادين|عدادات|زبون|اشتراك|مشترك|انخراط|منخرط"
    r"|حكم)(?![^\W_])"
)
_LAST_WORD: Final = re.compile(r"/[a-zà-ÿ]{4,}$")  # "25-407/vente"
_YEAR: Final = re.compile(r"(?<!\d)(?:20)?[12]\d(?!\d)")
_YOURS: Final = re.compile(
    r"(?<![^\W_])(?:v|vos?|votres?|your)(?![^\W_])|(?<=\w\w)كم(?![^\W_])|جوابا|ردا|reponse|reply|suite"
)
_MINE: Final = re.compile(
    r"(?<![^\W_])(?:n|nos|notre|mon|ma|our|my)\s?[/\s]|(?:رسال|كتاب|مراسل|مرجع|شكاي)(?:ت?نا|ت?ي)(?![^\W_])"
)
_PAPER: Final = re.compile(
    r"(?<![^\W_])(?:facture|devis|dossier|lettre|courrier|envoi|ticket|note|bordereau|invoice|quote|file"
    r"|(?:ال)?(?:فاتوره|ملف|رساله|مراسله|كتاب|ارساليه|مذكره|بيان))(?![^\W_])"
)
_REFERENCE: Final = re.compile(r"(?<![^\W_])(?:ref\w*|(?:ال)?مرجع\w*)(?![^\W_])")
# A line of a mail's head: a scan reads letters and figures out of its address.
_MAILED: Final = re.compile(r"^\W*(?:من|الي|نسخه|de|from|a|to|cc|cci)\s?:[^\n]*>\s*$")
_TOPIC: Final = re.compile(r"^\W*(?:ا?ل?موضوع|objet|subject|object|re|concerne)\W")


@dataclass(frozen=True, slots=True)
class _Number:
    """A number, the folded line's text before it back to the number before, and what follows."""

    value: str
    start: int
    label: str
    rest: str


def number_candidates(lines: Sequence[Placed], letter: str, *, body: bool) -> list[Candidate]:
    """Return what may be the letter's own number; `letter` is its folded text, all of it."""
    out: list[Candidate] = []
    initials = {_initials(one.line.text) for one in lines if one.zone == "head"}
    for one in lines:
        for place, number in enumerate(_numbers(one.line)):
            marks = frozenset(_marks(one, number, letter, place, body, initials))
            out.append(Candidate(number.value, one.line.text, one.zone, marks))
    return out[:_MOST]


def numbers_of(line: Line) -> list[str]:
    """Return all numbers of a line, however long, that may be a letter's reference."""
    return [number.value for number in _numbers(line, len(line.folded))]


def _numbers(line: Line, until: int = _READ) -> Iterator[_Number]:
    if not any(sign.isdigit() for sign in line.folded) or "@" in line.text[:40]:
        return
    if _MAILED.match(line.folded):
        return
    label, dated = 0, [range(one.start, one.end) for one in find_dates(line.text[:until])]
    called = [range(*match.span()) for match in _CALLED.finditer(line.text[:until])]
    for code in CODE.finditer(line.folded[:until]):
        if not any(sign.isdigit() for sign in code[0]):
            continue
        begins = code.start() + (worded.end() if (worded := _WORDED.match(code[0])) else 0)
        at, ends = line.places[begins], line.places[code.end()]
        if any(at in one for one in dated) or any(at < o.stop and o.start < ends for o in called):
            label = code.end()
            continue
        if begins < label:
            continue
        initials = _INITIALS.search(line.folded[label:begins])
        starts = [begins] + ([label + initials.start()] if initials else [])
        for start in reversed(starts):
            value, end = reference(line, start, least=1)
            value = _LAST_WORD.sub("", value)
            if value and not _never(value, line.folded[label:start]):
                yield _Number(value, start, line.folded[label:start], line.folded[end:])
        label = code.end()


def _never(value: str, label: str) -> bool:
    """Return whether a number is a telephone's, has a label in it, or was issued to the sender."""
    if TELEPHONE.fullmatch(value) or NUMBER.search(fold(value)):
        return True
    return any(pattern.search(label) for pattern in (NEVER_ITSELF, _HELD))


def _marks(
    one: Placed, number: _Number, letter: str, place: int, body: bool, initials: set[str]
) -> Iterator[str]:
    words = re.findall(r"[^\W\d_]+", number.label)
    shape = _shape(number.value)
    sort = _label_sort(number.label)
    yield from one.marks
    yield f"kind:{one.kind}"
    yield f"label:{sort}"
    yield f"{one.zone}+label:{sort}"
    yield f"{one.zone}+shape:{shape}"
    yield f"shape:{shape}"
    yield f"label:{sort}+shape:{shape}"
    yield from {f"word:{word}" for word in words[-_MOST_WORDS:]}
    yield f"words:{min(len(words), 7)}"
    yield f"body:{body}"
    yield f"place:{min(place, 2)}"
    yield f"behind:{_behind(number.rest)}"
    yield f"ends:{_ending(number.label)}"
    if _YEAR.search(number.value):
        yield f"year+{shape}"
    if letter.count(fold(number.value)) > 1:
        yield "again"
    if set(re.findall(r"[^\W\d_]{2,}", fold(number.value))) & initials:
        yield "initials"
    yield "topic" if _TOPIC.match(one.line.folded) else "no topic"
    yield f"digits:{min(sum(sign.isdigit() for sign in number.value), 11)}"
    yield f"strokes:{min(len(re.findall(r'[/.-]', number.value)), 4)}"
    if not number.label.strip():
        yield f"alone:{_behind(number.rest)}"
        yield f"alone+{shape}"


def _initials(text: str) -> str:
    """Return the initials of a line's words: "Agence du Bassin" is "ab"."""
    return "".join(fold(word)[:1] for word in re.findall(r"[^\W\d_]{3,}", text))


def _label_sort(label: str) -> str:
    """Return what the words before a number say of it."""
    sorts = (
        ("yours", _YOURS), ("mine", _MINE), ("reference", _REFERENCE), ("paper", _PAPER),
        ("contact", CONTACT), ("company", COMMERCIAL), ("others", OTHERS), ("number", NUMBER),
        ("address", ADDRESS),
    )  # fmt: skip
    found = [name for name, pattern in sorts if pattern.search(label)]
    if not found:
        return "words" if re.search(r"[^\W\d_]{2}", label) else "none"
    return "+".join(found[:1] + (["number"] if "number" in found[1:] else []))


def _shape(value: str) -> str:
    """Return the kinds of a number's parts: "214/ج.أ.ب/2026" is 9/a/9."""
    parts = re.split(r"[\s/\\.\-–—_]+", value)
    sorts = [
        "9" if part.isdigit() else "a" if not any(map(str.isdigit, part)) else "x"
        for part in parts
        if part
    ]
    short = [one for n, one in enumerate(sorts) if n == 0 or one != "a" or sorts[n - 1] != "a"]
    return "/".join(short[:4]) + ("+" if len(short) > 4 else "")


def _behind(rest: str) -> str:
    if not rest.strip(" .،,;:–-)]|"):
        return "end"
    date = next(iter(find_dates(rest[:60])), None)
    if date and date.start <= 14:
        return "date"
    return "text" if len(rest) > 30 else "words"


def _ending(label: str) -> str:
    last = label.rstrip()[-1:]
    return (
        "colon" if last in (":", "：") else "stroke" if last == "/" else "other" if last else "none"
    )

"""Every piece of a letter that may name the body that writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from language.fold import fold
from understanding.facts.bodies import LEGAL_FORM, NAMED, body_of_office, cut
from understanding.facts.head_block import clean_name
from understanding.facts.letterhead_words import STATE
from understanding.facts.line_places import Placed
from understanding.facts.name_pieces import LONGEST, READ, Piece
from understanding.facts.persons import find_person, is_role

_MOST_PHRASES: Final = 4
_SHORT: Final = 90  # characters: a line of the text that may be a name as a whole
_CONTINUES: Final = re.compile(
    r"^(?:et|de|du|des|d['’]|pour|à|au|aux|en|of|and|for|لل|و(?=ال)|ب(?=ال)|بجهة|بإقليم|لجهة"
    r"|ل(?=ل))(?![a-z])",
    re.IGNORECASE,
)
PEOPLE: Final = re.compile(
    r"(?<![^\W_])((?:سكان|ساكنه|جيران|ورثه|ملاك|تجار|حرفيي|فلاحي|اباء|(?:habitants|riverains"
    r"|commercants"
    r"|heritiers|proprietaires|coproprietaires|residents|usagers|agriculteurs|parents) d)(?:\s"
    r"|es\s|u\s|e\s))"
)
_FORMED: Final = re.compile(
    r"(?:[A-ZÀ-Þ][\w&.'’\-]*\s){1,5}(?:S\.?A\.?R\.?L\.?(?:\s?A\.?U\.?)?|S\.?A\.?S?|Ltd|LLC|Inc"
    r"|GmbH)\b"
)
# Who does something at the head of a phrase: "Tamaris School is opening a new block".
_SUBJECT: Final = re.compile(
    r"\W*(?:The |At |We at )?(?P<name>[A-ZÀ-Þ][\w&'’\-]+(?:\s(?:(?:of|de|des|du|and|&)\s)?"
    r"[A-ZÀ-Þ][\w&'’\-]+){1,5}),?\s(?:is|are|has|have|would|wish(?:es)?|requests?|writes?|hereby"
    r"|wants?|needs?|est|a|vous|souhaite|sollicite|demande)\s"
)
_STRIP: Final = re.compile(
    r"^(?:pour (?:la |le |les |l['’])?|p/\s?|for (?:the )?|عن |من (?=ال|جمع|شرك|رئ)|la |le |l['’])",
    re.IGNORECASE,
)
_SAYS: Final = re.compile(
    r"(?:نحن|باسم|بصفتي|ممثل|نيابه|nous|soussigne\w*|nom de|qualite de|behalf of|notre|our"
    r"|جمعيتنا|شركتنا)"
    r"(?:\W+\w+){0,3}\W*$"
)
_WRITES_TO: Final = re.compile(
    r"(?:votre|vos|aupres de|chez|avec|a la|a l'|au|par|de votre|contre|الي|لدي|علي|مع|بين|ضد"
    r"|من طرف)"
    r"(?:\W+\w+)?\W*$"
)
_SPEAKS: Final = re.compile(
    r"\W{0,3}(?:\([^)]{0,60}\)\W{0,2})?(?:vous \w+|a l'honneur|sollicite|demande|souhaite"
    r"|s'adresse|a decide|would|hereby|requests?"
    r"|(?:ت|ي|ن)(?:تقدم|تشرف|لتمس|طلب|رفع|ود|حيط|خبر|علم|ذكر|عبر)\w*)(?![^\W_])"
)


def body_candidates(lines: Sequence[tuple[Placed, list[Piece]]]) -> Iterator[Piece]:
    """Yield what may name the body, as pieces of its line."""
    for number, (one, pieces) in enumerate(lines):
        if one.zone != "text" or len(one.line.text) < _SHORT:
            below = lines[number + 1][0] if number + 1 < len(lines) else None
            if value := _with_next(one, below):
                yield Piece(one, value, "joined")
            yield from _wholes(pieces)
        yield from _phrases(one)


def _wholes(pieces: Sequence[Piece]) -> Iterator[Piece]:
    for piece in pieces:
        whole = not piece.how.startswith("piece")
        value = _stripped(clean_name(piece.text) if whole else piece.text)
        fits = 0 < len(value.split()) <= 16 and 2 < len(value) <= 130
        named = _WORD.search(value) and LEGAL_FORM.sub("", fold(value)).strip()
        if fits and named and not _holder(value):
            yield Piece(piece.line, value, piece.how, piece.label)


def _phrases(one: Placed) -> Iterator[Piece]:
    """Yield the bodies that a line names within its words."""
    line = one.line
    starts = [match.start("noun") for match in NAMED.finditer(line.folded[:READ])]
    starts = [start for start in starts[:_MOST_PHRASES] if start or one.kind == "text"]
    people = PEOPLE.search(line.folded[:200])
    for start in [*starts, *([people.start(1)] if people else [])]:
        value = cut(line, start)
        if value and "@" not in value and not _ends_in_holder(value, line.text):
            how = _within(line.folded, start, start + len(value))
            yield Piece(one, value, how)
            if quoted := _QUOTED.match(line.text, start + len(value)):
                yield Piece(one, value + quoted[0].rstrip(), how)
    if one.kind == "text":
        if match := _SUBJECT.match(line.text):
            yield Piece(one, match["name"], "subject")
        for match in _FORMED.finditer(line.text[:READ]):
            yield Piece(one, match[0].strip(), "formed")


def _ends_in_holder(value: str, line: str) -> bool:
    """Return whether a phrase runs on into the person who holds the office before it."""
    person = find_person(line) if len(line) < LONGEST and is_role(line) else None
    return bool(person and person.sure and value.endswith(person.name))


_SYNDIC: Final = re.compile(r"^\W*(?:le |ال)?(?:syndic|سنديك)")  # an office, and a body


def _holder(value: str) -> bool:
    """Return whether it is who holds an office, beside it or by it alone: "رئيس جمعية X سيدي Y"."""
    if body_of_office(value) and not _SYNDIC.match(fold(value)):
        return True
    person = find_person(value)
    if person is None or not person.sure or not person.rest:
        return False
    return is_role(value) or any(map(is_role, person.rest))


_QUOTED: Final = re.compile('\\s?[«"“]\\s?[^«»"“”]{2,50}[»"”]')  # behind a noun, its name
_WORD: Final = re.compile(r"[^\W\d_]{2}")


def _with_next(one: Placed, below: Placed | None) -> str:
    """Return the line's first column with that of the next, where this goes on with the name."""
    if below is None:
        return ""
    first, more = ((each.columns or (each.line.text,))[0] for each in (one, below))
    doubtful = re.search(r"\d|[.:]$", first) or re.search(r"[@:]", first + more)
    if not _CONTINUES.match(more) or len(more) > 60 or doubtful:
        return ""
    return f"{first} {more}"


def _stripped(value: str) -> str:
    value = value.strip(" .،,:*|-–—'\"«»_()=#>")
    return _STRIP.sub("", value, count=1) if STATE.search(fold(value)) is None else value


def _within(folded: str, start: int, end: int) -> str:
    """Return how a noun of bodies stands within its line."""
    if _SPEAKS.match(folded, end):
        return "phrase:speaks"
    before = folded[:start]
    if is_role(before[-40:].strip()) or is_role(before.strip()):
        return "phrase:office"
    if _SAYS.search(before[-60:]):
        return "phrase:said"
    return "phrase:other" if _WRITES_TO.search(before[-30:]) else "phrase"

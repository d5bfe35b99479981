"""The pieces of a letter's head and foot that may be a name, each with the label before it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from language.fold import fold
from understanding.facts.line_places import Placed

_LABEL: Final = re.compile(r"^\W*(?P<label>[^:：.]{1,40}?)\s*(?:[:：]|\.{3,}:?)\s*(?=\S)")
PIECE: Final = re.compile(r"\s*(?:[,،;؛|•·()<>«»\"]|\s[–—\-/]{1,2}\s|:\s)\s*")
_UNQUOTED: Final = re.compile(r"\s*(?:[,،;؛|•·()]|\s[–—\-/]{1,2}\s|:\s)\s*")
_QUOTED: Final = re.compile('[^\\s«»"“”]\\s?[«"“][^«»"“”]{2,60}[»"”]')
READ: Final = 500  # characters of one line
LONGEST: Final = 130  # characters: within a longer line of the text only phrases are looked at
_SENDS: Final = re.compile(
    r"(?:de la part|from|expedi|emett|sender|emis|redac|redig|etabli|auteur|vend|fournisseur|seller"
    r"|supplier|prepared|sign|de$|par$|by$|imza|pour$|p/|"
    r"(?:^| )(?:من|عن|(?:ال)?مرسله?|(?:ال)?مصدر|(?:ال)?امضاء|(?:ال)?توقيع|كاتبه?|طرف|بايع|محرر))"
)
_FIELD: Final = re.compile(
    r"nom|name|demandeur|reclamant|plaignant|declarant|requerant|(?:ال)?اسم|طالب|مشتكي|مقدم|صاحب"
    r"|مصرح"
    r"|titulaire|abonne|client"
)
# Who looks after a matter for the body, or for whom it is looked after; not who writes.
_HANDLES: Final = re.compile(
    r"suivie? par|interlocut|correspondante?$|contact|gestionnaire|encadrant|assuree?$|beneficiaire"
    r"|etudiante?$|candidate?$|stagiaire|(?:ال)?مكلفه? بالملف|المخاطب|(?:ال)?مستفيده?$|المومن"
)
_TO: Final = re.compile(
    r"^(?:a|au|aux|to|attn|cc|copie|destinataire|doit|client|factur\w* a|bill to|الي|نسخه"
    r"|المرسل اليه"
    r"|objet|subject|الموضوع|ref\w*|المرجع|pj|pieces? jointes?|المرفقات|tel|adresse|date|ville)\W*$"
)
_ADDRESS: Final = re.compile(r"\s?[<(\[]?(?:mailto:)?[\w.+%\-]+\s?@\s?[\w.\-]+[>)\]]?")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible name, the line it stands in, the line's zone, and its marks."""

    value: str
    words: str
    zone: str
    marks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line, how it was cut, and the sort of label before it."""

    line: Placed
    text: str
    how: str
    label: str = "none"


def _label_sort(label: str) -> str:
    """Return what a label says of the value behind it."""
    if _TO.match(label):
        return "to"
    if _SENDS.search(label):
        return "sends"
    if _HANDLES.search(label):
        return "handles"
    return "field" if _FIELD.search(label) else "other"


def pieces_by_line(placed: Sequence[Placed]) -> list[tuple[Placed, list[Piece]]]:
    """Return each line with its pieces; a long line within the text has none."""
    return [
        (one, [] if one.zone == "text" and len(one.line.text) >= LONGEST else list(_pieces(one)))
        for one in placed
    ]


def _pieces(one: Placed) -> Iterator[Piece]:
    """Yield the line without its label, its columns, and the pieces of each."""
    for number, text in enumerate(one.columns[:3] or (one.line.text,)):
        folded = fold(text[:80])
        match = _LABEL.match(folded) if len(folded) == len(text[:80]) else None
        label = _label_sort(match["label"]) if match else "none"
        rest = text[match.end() : READ] if match else text[:READ]
        rest = _ADDRESS.sub(" ", rest) if "@" in rest else rest
        parts = [part for part in PIECE.split(rest) if part.strip(" .*_-–—'")]
        yield Piece(one, rest, f"column:{min(number, 1)}" if one.columns else "line", label)
        if len(parts) > 1:
            for place, part in enumerate(parts[:8]):
                yield Piece(one, part, f"piece:{min(place, 2)}", label)
            if _QUOTED.search(rest):  # a noun and the name that stands behind it in quotation marks
                for part in _UNQUOTED.split(rest)[:8]:
                    if _QUOTED.search(part):
                        yield Piece(one, part, "piece:quoted", label)

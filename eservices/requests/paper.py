"""The answers of a request as a letter: a paper that people read, and data that programs read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone
from django.utils.formats import get_format
from django.utils.numberformat import format as format_number
from django.utils.translation import gettext as _
from django.utils.translation import override

from eservices.catalogue.conditions import shown_fields
from eservices.catalogue.definition import Definition, Field
from eservices.money_words import written_amount
from language.bidi import isolate, strip_bidi_controls
from registry.intake import PartyData
from registry.paper import bilingual_pdf

PDF_NAME: Final = "request.pdf"
JSON_NAME: Final = "answers.json"
TEXT_NAME: Final = "request.txt"
_LEFT_TO_RIGHT: Final = frozenset({"contract", "phone", "email", "meter_index"})


@dataclass(frozen=True, slots=True)
class Row:
    """A question, and its answer in lines; `point` is its place on a map, "latitude,longitude"."""

    code: str
    label: str
    lines: tuple[str, ...]
    point: str = ""

    @property
    def map_link(self) -> str:
        """The address of a map that shows the point, "" without one."""
        north, _comma, east = self.point.partition(",")
        query = f"?mlat={north}&mlon={east}#map=18/{north}/{east}"
        return f"https://www.openstreetmap.org/{query}" if self.point else ""

    @property
    def long(self) -> bool:
        """Whether it may be broken over two pages."""
        return sum(map(len, self.lines)) > 400


@dataclass(frozen=True, slots=True)
class Section:
    """The questions of one page that were answered."""

    code: str
    title: str
    rows: tuple[Row, ...]


def answer_sections(
    definition: Definition, values: Mapping[str, Any], *, language: str, unanswered: bool = False
) -> list[Section]:
    """Return the answers as people read them: by page, labels and options in words.

    With `unanswered`, unanswered questions stand among them, without lines.
    """
    shown = {one.code for one in shown_fields(definition, values)}
    found = []
    with override(language):
        for page in definition.pages:
            rows = tuple(
                _row(one, values.get(one.code), language)
                for one in page.fields
                if one.code in shown and (unanswered or one.code in values)
            )
            if rows:
                found.append(Section(page.code, page.title.in_(language), rows))
    return found


def _row(one: Field, value: Any, language: str) -> Row:
    lines = () if value is None else answer_lines(one, value, language)
    point = ""
    if isinstance(value, Mapping) and "latitude" in value:
        point = f"{value['latitude']},{value['longitude']}"
    return Row(one.code, one.label.in_(language), lines, point)


def answer_lines(one: Field, value: Any, language: str) -> tuple[str, ...]:
    """Return one answer in words, line by line, in the language that is active."""
    if one.type in ("yes_no", "declaration"):
        return (_("Yes") if value else _("No"),)
    if one.type in ("choice", "several"):
        labels = {option.value: option.label.in_(language) for option in one.options}
        chosen = value if isinstance(value, list) else [value]
        return tuple(labels.get(str(each), str(each)) for each in chosen)
    if one.type == "date":
        return (isolate(f"{date.fromisoformat(value):%d/%m/%Y}"),)
    if one.type == "address":
        return _address_lines(value)
    if one.type == "money":
        return (isolate(written_amount(str(value))),)
    if one.type == "number":
        return (isolate(_number_words(value)),)
    if one.type in _LEFT_TO_RIGHT:
        return (isolate(str(value)),)
    return tuple(isolate(line) for line in str(value).split("\n") if line.strip()) or ("",)


def _number_words(value: float) -> str:
    return format_number(
        f"{Decimal(str(value)):f}",
        str(get_format("DECIMAL_SEPARATOR")),
        grouping=3,
        thousand_sep=str(get_format("THOUSAND_SEPARATOR")),
        force_grouping=True,
        use_l10n=False,
    )


def _address_lines(value: Mapping[str, Any]) -> tuple[str, ...]:
    lines = [isolate(value["text"])] if value.get("text") else []
    if "latitude" in value:
        lines.append(isolate(point_words(value)))
    return tuple(lines)


def point_words(value: Mapping[str, Any]) -> str:
    """Return a point of the map as people write it: latitude, longitude."""
    return f"{value['latitude']:.5f}, {value['longitude']:.5f}"


def answers_as_pdf(
    definition: Definition,
    values: Mapping[str, Any],
    *,
    language: str,
    contact: PartyData | None = None,
    pieces: Sequence[tuple[str, str]] = (),
    number: str = "",
) -> bytes:
    """Return the answers as a tagged PDF/A of a letter, in the person's language.

    `pieces` are (code, file name) of what lies beside it; `number` where it has one already.
    """
    context = {
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "title": definition.title.in_(language),
        "number": number,
        "on": timezone.localdate(),
        "sections": [
            *answer_sections(definition, values, language=language),
            *_beside(definition, contact, pieces, language),
        ],
    }
    return bilingual_pdf("requests/answers.html", context, archive=True, tagged=True)


def answers_as_text(
    definition: Definition,
    values: Mapping[str, Any],
    *,
    language: str,
    contact: PartyData | None = None,
    pieces: Sequence[tuple[str, str]] = (),
) -> str:
    """Return the answers as plain text, for a letter whose paper is not drawn yet."""
    lines = [definition.title.in_(language)]
    for section in (
        *answer_sections(definition, values, language=language),
        *_beside(definition, contact, pieces, language),
    ):
        lines += ["", section.title]
        lines += [
            f"{row.label}: {strip_bidi_controls(' '.join(row.lines))}" for row in section.rows
        ]
    return "\n".join(lines)


def _beside(
    definition: Definition,
    contact: PartyData | None,
    pieces: Sequence[tuple[str, str]],
    language: str,
) -> list[Section]:
    """Return the requester, and the papers present, as sections of the paper."""
    found = []
    with override(language):
        if contact and (rows := _contact_rows(contact)):
            found.append(Section("contact", _("Who asks"), rows))
        titles = {piece.code: piece.title.in_(language) for piece in definition.pieces}
        named: dict[str, list[str]] = {}
        for code, name in pieces:
            named.setdefault(code, []).append(isolate(name))
        if named:
            papers = tuple(
                Row(code, titles.get(code, code), tuple(names)) for code, names in named.items()
            )
            found.append(Section("pieces", _("Pieces"), papers))
    return found


def _contact_rows(contact: PartyData) -> tuple[Row, ...]:
    given = (
        ("name", _("Name"), contact.name),
        ("organisation", _("Organisation"), contact.organisation),
        ("address", _("Address"), contact.address),
        ("phone", _("Telephone"), contact.phone),
        ("email", _("E-mail"), contact.email),
    )
    return tuple(Row(code, label, (isolate(text),)) for code, label, text in given if text)


def answers_as_json(
    definition: Definition,
    values: Mapping[str, Any],
    *,
    language: str,
    version: int = 0,
    pieces: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Return the answers as data: the service, its version, the values, the papers by piece."""
    told = {
        "service": definition.code,
        "version": version,
        "language": language,
        "answers": dict(values),
        "pieces": [{"piece": code, "name": name} for code, name in pieces],
    }
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()

"""Answers to a form: checked by its type, in one normal form, with what is wrong in words.

The single place of these rules: pages, API, command and centre all use it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from eservices.catalogue.conditions import holds, shown_pieces
from eservices.catalogue.definition import Definition, Field
from eservices.catalogue.values import BadAnswerError, checked_value, is_given


@dataclass(frozen=True, slots=True)
class Checked:
    """The answers as they are kept, words by field or piece, and what was left out as hidden."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)


def check_answers(
    definition: Definition,
    given: Any,
    *,
    language: str,
    piece_codes: Collection[str] | None = None,
) -> Checked:
    """Return the answers as they are kept, and what is wrong with them in the person's language.

    `piece_codes` are the pieces of which files are there; None: pieces are not checked. An answer
    to a hidden question is dropped; an answer to what the form does not know is an error.
    """
    with override(language):
        if not isinstance(given, Mapping):
            return Checked(errors={"answers": _("The answers are an object, by field.")})
        checked = Checked()
        _check_fields(definition, given, checked)
        if piece_codes is not None:
            _check_pieces(definition, piece_codes, checked)
        return checked


def _check_fields(definition: Definition, given: Mapping[Any, Any], checked: Checked) -> None:
    """Check the form from front to back: a condition is evaluated on the answers before it."""
    known = set()
    for page in definition.pages:
        page_shown = holds(page.show_if, checked.values)
        for one in page.fields:
            known.add(one.code)
            if page_shown and holds(one.show_if, checked.values):
                _check_field(one, given.get(one.code), checked)
            elif is_given(given.get(one.code)):
                checked.dropped.append(one.code)
    for code in given:
        if code not in known:
            checked.errors[_plain(code)] = _("There is no such field.")


def _plain(code: Any) -> str:
    """Return a name that somebody sent, as it can be printed."""
    return str(code)[:80].encode("utf-8", "replace").decode() or "-"


def _check_field(one: Field, value: Any, checked: Checked) -> None:
    if not is_given(value):
        if one.required:
            checked.errors[one.code] = _lacking(one)
        return
    try:
        found = checked_value(_between_days(one, checked.values), value)
    except BadAnswerError as error:
        checked.errors[one.code] = str(error)
        return
    if found in ("", [], {"text": ""}):  # nothing but signs that cannot be kept
        if one.required:
            checked.errors[one.code] = _lacking(one)
        return
    checked.values[one.code] = found


def _between_days(one: Field, values: Mapping[str, Any]) -> Field:
    """Return a field whose limits are days, where they name an earlier date of the form."""
    if one.type != "date":
        return one
    least, most = (str(values.get(code, code)) for code in (one.least, one.most))
    return replace(one, least=least, most=most)


def _lacking(one: Field) -> str:
    if one.type == "declaration":
        return _("Tick the box to go on.")
    if one.type in ("choice", "several", "yes_no"):
        return _("Choose an answer.")
    return _("Answer this question.")


def _check_pieces(definition: Definition, codes: Collection[str], checked: Checked) -> None:
    shown = {piece.code: piece for piece in shown_pieces(definition, checked.values)}
    known = {piece.code for piece in definition.pieces}
    for code in codes:
        if code not in known:
            checked.errors[_plain(code)] = _("There is no such paper.")
        elif code not in shown:
            checked.dropped.append(code)
    for code, piece in shown.items():
        if piece.required and code not in codes:
            checked.errors[code] = _("Add this paper.")

"""Conditions of a form: the pages, fields and pieces that the answers require."""

from collections.abc import Mapping
from typing import Any

from eservices.catalogue.definition import Condition, Definition, Field, Page, Piece


def holds(condition: Condition | None, answers: Mapping[str, Any]) -> bool:
    """Return whether the condition holds for these answers; none always does."""
    if condition is None:
        return True
    given = answers.get(condition.field)
    values = condition_values(given)
    fits = bool(values) if condition.any_answer else bool(set(values) & set(condition.values))
    return fits is not condition.negated


def shown_fields(definition: Definition, answers: Mapping[str, Any]) -> list[Field]:
    """Return the fields that are shown, given the answers; what is hidden counts as not answered.

    A field can depend on one that is itself hidden: each is evaluated on the answers of those
    before it that are shown.
    """
    seen: dict[str, Any] = {}
    found = []
    for page in definition.pages:
        if not holds(page.show_if, seen):
            continue
        for one in page.fields:
            if holds(one.show_if, seen):
                found.append(one)
                seen[one.code] = answers.get(one.code)
    return found


def shown_pages(definition: Definition, answers: Mapping[str, Any]) -> list[Page]:
    """Return the pages that show a field, given the answers."""
    shown = {one.code for one in shown_fields(definition, answers)}
    return [page for page in definition.pages if any(one.code in shown for one in page.fields)]


def shown_pieces(definition: Definition, answers: Mapping[str, Any]) -> list[Piece]:
    """Return the pieces that belong to a request with these answers."""
    shown = {one.code for one in shown_fields(definition, answers)}
    known = {code: value for code, value in answers.items() if code in shown}
    return [piece for piece in definition.pieces if holds(piece.show_if, known)]


def condition_values(given: Any) -> list[str]:
    """Return an answer as the values that a condition compares."""
    if given is None or given == "" or given == []:
        return []
    if isinstance(given, bool):
        return ["yes" if given else "no"]
    if isinstance(given, (list, tuple)):
        return [str(one) for one in given]
    return [str(given)]

"""What no single table of a service type shows: codes that are twice, or lead nowhere."""

import re
from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from eservices.catalogue.definition import Definition, Problem

YES_NO: Final = ("yes", "no")
_NUMBER: Final = re.compile(r"-?\d{1,12}(\.\d{1,6})?", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}|today([+-]\d{1,5})?", re.ASCII)


def inconsistencies(found: Definition) -> Iterator[Problem]:
    """Yield what is wrong with a type that could be read."""
    fields = [one.code for one in found.fields()]
    stages = [stage.code for stage in found.stages]
    for name, codes in (
        ("pages", [page.code for page in found.pages]),
        ("fields", fields),
        ("pieces", [piece.code for piece in found.pieces]),
        ("stages", stages),
    ):
        for code in sorted({code for code in codes if codes.count(code) > 1}):
            yield Problem(name, _("“%(code)s” is there twice") % {"code": code})
    yield from _wrong_conditions(found)
    yield from _wrong_values(found)
    yield from _wrong_limits(found)
    if not stages or found.stages[0].kind != "intake":
        yield Problem("stages", _("the first one must be of the kind intake"))
    if not any(stage.kind == "end" for stage in found.stages):
        yield Problem("stages", _("one must be of the kind end"))
    yield from _wrong_actions(found, set(stages))
    if found.department_by and found.department_by not in fields:
        yield Problem("department_by", _("is no field of the form"))


def _wrong_conditions(found: Definition) -> Iterator[Problem]:
    """Yield conditions on fields that do not come before what they show."""
    seen: set[str] = set()
    for page in found.pages:
        if page.show_if and page.show_if.field not in seen:
            yield Problem(f"pages.{page.code}.show_if", _("names no field of an earlier page"))
        for one in page.fields:
            if one.show_if and one.show_if.field not in seen:
                yield Problem(f"fields.{one.code}.show_if", _("names no field that comes before"))
            seen.add(one.code)
    conditions = [("danger", found.danger)]
    conditions += [(f"pieces.{piece.code}.show_if", piece.show_if) for piece in found.pieces]
    for name, condition in conditions:
        if condition and condition.field not in seen:
            yield Problem(name, _("names no field of the form"))


def _wrong_values(found: Definition) -> Iterator[Problem]:
    """Yield conditions on answers that cannot be given, and choices that are there twice."""
    possible: dict[str, set[str]] = {}
    for one in found.fields():
        values = [option.value for option in one.options]
        if len(set(values)) < len(values) or "" in values:
            yield Problem(f"fields.{one.code}.options", _("need values, each another one"))
        if one.options or one.type == "yes_no":
            possible[one.code] = set(values or YES_NO)
    conditions = [("danger", found.danger)]
    conditions += [(f"pages.{page.code}.show_if", page.show_if) for page in found.pages]
    conditions += [(f"fields.{one.code}.show_if", one.show_if) for one in found.fields()]
    conditions += [(f"pieces.{piece.code}.show_if", piece.show_if) for piece in found.pieces]
    for name, condition in conditions:
        known = possible.get(condition.field) if condition else None
        if condition and known and not set(condition.values) <= known:
            yield Problem(name, _("names an answer that cannot be given"))


def _wrong_limits(found: Definition) -> Iterator[Problem]:
    """Yield limits that are no number, or neither a day of a date nor a date before it."""
    dates: set[str] = set()
    for one in found.fields():
        grammar = _DAY if one.type == "date" else _NUMBER
        for name, limit in (("min", one.least), ("max", one.most)):
            earlier = one.type == "date" and limit in dates
            if limit and not earlier and not grammar.fullmatch(limit):
                yield Problem(f"fields.{one.code}.{name}", _("must be a number or a day"))
        if one.type == "date":
            dates.add(one.code)


def _wrong_actions(found: Definition, stages: set[str]) -> Iterator[Problem]:
    """Yield actions that lead nowhere, stages that are never reached or never left."""
    reached = {found.stages[0].code} if found.stages else set()
    for stage in found.stages:
        names = [action.name for action in stage.actions]
        if len(set(names)) < len(names):
            yield Problem(f"stages.{stage.code}.actions", _("two have the same name"))
        if not stage.actions and stage.kind != "end":
            yield Problem(f"stages.{stage.code}", _("is never left"))
        for action in stage.actions:
            reached.add(action.to)
            if action.to not in stages:
                yield Problem(f"stages.{stage.code}.{action.name}", _("leads to no stage"))
            elif found.stage(action.to).kind == "end" and not (
                action.outcome or "outcome" in action.needs
            ):
                yield Problem(f"stages.{stage.code}.{action.name}", _("ends without an outcome"))
    for code in sorted(stages - reached):
        yield Problem(f"stages.{code}", _("is never reached"))

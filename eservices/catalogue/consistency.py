"""What no single table of a service type shows: codes that are twice, or lead nowhere."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from eservices.catalogue.definition import Definition, Problem


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

"""To whom a fresh letter goes: the office's rules first, then the machine's own belief.

Only a rule marked automatic gives a letter away; everything else is a proposal in the tray.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Model

from org.models import Department
from registry.changes import lock, record_change
from registry.models import Letter
from registry.readings import text_of
from registry.states import Stage
from routing.access import ROUTED
from routing.assignments import give
from routing.models import Assignment, RoutingRule, Suggestion
from routing.rules import Facts, Fit, first_fit

DEPARTMENT = Suggestion.Field.DEPARTMENT


@dataclass(frozen=True, slots=True)
class Route:
    """Where a letter should go, as its work found it (`version` of the letter then seen)."""

    department_id: int
    automatic: bool
    chosen: bool = False
    rule: str = ""
    reasons: tuple[str, ...] = field(default=())


def route_letter_work(letter_id: str, _progress: Any) -> Route | None:
    """Decide, outside any transaction; None where the letter needs no routing or nothing fits."""
    letter = Letter.objects.select_related("register", "kind", "department").get(pk=letter_id)
    if not _needs_routing(letter):
        return None
    if letter.department_id is not None:  # chosen by the person who registered it
        return Route(letter.department_id, automatic=True, chosen=True)
    rules = RoutingRule.objects.filter(active=True, department__active=True)
    fit = first_fit(rules.select_related("kind", "department"), _facts_of(letter))
    return _route_of(fit) if fit else None


def save_route(letter_id: str, route: Route | None) -> None:
    """Give the letter away, or keep the proposal, in the transaction that ends the job."""
    if route is None:
        return
    letter = Letter.objects.get(pk=letter_id)
    lock(letter)
    if not _needs_routing(letter):
        return  # a person was faster
    department = Department.objects.get(pk=route.department_id)
    if route.automatic and department.active:
        data = {"reasons": list(route.reasons), "rule": route.rule}
        give(
            letter,
            department=department,
            actor=letter.registered_by if route.chosen else None,
            data={**data, "automatic": not route.chosen},
        )
        return
    rows: list[Model] = list(_propose(letter, department, route))
    data = {"department": department.code, "rule": route.rule}
    record_change(letter, "proposed", actor=None, data=data, rows=rows)


def _needs_routing(letter: Letter) -> bool:
    """Comes in, is open, and no department has or had it."""
    if letter.register.direction not in ROUTED:
        return False
    if letter.stage in (Stage.CLOSED, Stage.VOIDED):
        return False
    return not Assignment.objects.filter(letter=letter, role="action").exists()


def _facts_of(letter: Letter) -> Facts:
    believed = Suggestion.objects.filter(letter=letter, current=True)
    kind = letter.kind.code if letter.kind else _sure_kind(letter.pk)
    sender = letter.sender
    return Facts(
        kind=kind,
        language=letter.language,
        channel=letter.channel,
        text=f"{letter.subject}\n{text_of(letter.pk)}",
        sender=" ".join((sender.name, sender.organisation, sender.email)) if sender else "",
        scores={row.value: row.score for row in believed.filter(field=DEPARTMENT, sure=True)},
    )


def _sure_kind(letter_id: UUID) -> str:
    sure = Suggestion.objects.filter(letter=letter_id, field="kind", current=True, sure=True)
    return sure.values_list("value", flat=True).first() or ""


def _route_of(fit: Fit) -> Route:
    return Route(
        department_id=fit.rule.department_id,
        automatic=fit.rule.automatic,
        rule=fit.rule.title,
        reasons=fit.reasons,
    )


def _propose(letter: Letter, department: Department, route: Route) -> list[Suggestion]:
    """The rule's department stands first among the proposals."""
    row = Suggestion.objects.filter(
        letter=letter, field=DEPARTMENT, value=department.code
    ).first() or Suggestion(letter=letter, field=DEPARTMENT, value=department.code, score=0.0)
    row.score = 1.0
    row.source = "office_rule"
    row.reasons = [f"office_rule:{route.rule}", *route.reasons]
    row.current = True
    row.save()
    return [row]

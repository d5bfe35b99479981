"""Routing of a fresh letter: the office's rules in their order, the model's score as a fact.

A certain rule comes before a sure model (which acts through a rule with a least score), and that
before a proposal: the first automatic rule that is reached assigns the letter; where there is
none, the first rule that names a department proposes it, and else the model's own proposals wait
in the tray. A rule that cannot be evaluated is counted and reported, and blocks no letter.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone

from org.models import Department, LetterKind, User
from org.people import permissions_of
from registry.changes import lock, record_change
from registry.models.letters import Letter
from registry.states import Stage
from routing.acting.errors import NotAllowedError
from routing.acting.situations import ROUTED
from routing.assigning.giving import give
from routing.clocks.due import due_of
from routing.kinds import RoutingEvent
from routing.models.assignments import Assignment
from routing.models.rules import RoutingRule, RuleMatch
from routing.models.suggestions import Suggestion
from routing.rules.facts import facts_of
from routing.rules.fitting import Failure, Fit, Ruling, decide, make_ready

DEPARTMENT = Suggestion.Field.DEPARTMENT
MOST_RULES = 200  # of an office; more are not asked


@dataclass(frozen=True, slots=True)
class Route:
    """The decision for a letter, as its job found it.

    `chosen`: the department that the person who registered it has named.
    """

    ruling: Ruling = field(default=Ruling())
    chosen: int | None = None


def rules_in_use() -> QuerySet[RoutingRule]:
    """Return the rules in use, in their order."""
    rows = RoutingRule.objects.filter(active=True, removed=False)
    rows = rows.filter(Q(department__isnull=True) | Q(department__active=True))
    return rows.select_related("department", "gives_kind", "person").order_by("position", "id")[
        :MOST_RULES
    ]


def route_letter_work(letter_id: str, _progress: Any) -> Route | None:
    """Decide, outside any transaction; None where the letter needs no routing."""
    letter = Letter.objects.select_related("register", "kind").get(pk=letter_id)
    if not _needs_routing(letter):
        return None
    ruling = decide(make_ready(rules_in_use()), facts_of([letter])[letter.pk])
    return Route(ruling, chosen=letter.department_id)


def save_route(letter_id: str, route: Route | None) -> None:
    """Assign the letter, or save the proposal, in the transaction that ends the job."""
    if route is None:
        return
    note_failures(route.ruling.failures)
    letter = Letter.objects.get(pk=letter_id)
    lock(letter)
    if not _needs_routing(letter):
        return  # a person was faster
    ruling = route.ruling
    _apply(letter, ruling)
    if route.chosen is not None:
        department = Department.objects.get(pk=route.chosen)
        _give(letter, department, actor=letter.registered_by, data={"automatic": False})
    elif ruling.giving and ruling.automatic:
        _give_by_rule(letter, ruling.giving)
    _propose(letter, ruling, department=route.chosen is None and not ruling.automatic)
    _copy(letter, ruling)
    _count(letter, ruling.fits)


def note_failures(failures: Iterable[Failure]) -> None:
    """Count rules that failed, each with where and why; never with a letter's words."""
    for one in sorted(failures, key=lambda failure: failure.rule.pk):
        RoutingRule.objects.filter(pk=one.rule.pk).update(
            failures=F("failures") + 1,
            last_failure=f"{one.field}:{one.error}"[:80],
            last_failed_at=timezone.now(),
        )


def _needs_routing(letter: Letter) -> bool:
    """Return whether the letter is incoming and open, and no department has or had it."""
    if letter.register.direction not in ROUTED:
        return False
    if letter.stage in (Stage.CLOSED, Stage.VOIDED):
        return False
    return not Assignment.objects.filter(letter=letter, role="action").exists()


def _event_data(fit: Fit) -> dict[str, Any]:
    """Return a matching rule as an event records it: which one, in which version, and why."""
    return {
        "rule": fit.rule.title,
        "rule_id": fit.rule.pk,
        "rule_version": fit.rule.version,
        "reasons": list(fit.reasons),
    }


def _apply(letter: Letter, ruling: Ruling) -> None:
    """Set the kind and confidentiality that automatic rules give; a person's values stay."""
    changes: dict[str, Any] = {}
    fit = ruling.kind
    kind = fit.rule.gives_kind if fit and fit.rule.automatic else None
    if kind and letter.kind is None:
        changes |= {"kind": kind} | due_of(letter, kind=kind)
    if ruling.confidentiality > letter.confidentiality:
        changes["confidentiality"] = ruling.confidentiality
    if not changes:
        return
    by = [one for one in ruling.fits if one.rule.gives_kind_id or one.rule.confidentiality]
    data = _event_data(by[0]) | {"set": sorted(set(changes) - {"due_explained"})}
    record_change(letter, RoutingEvent.RULE_APPLIED, actor=None, data=data, changes=changes)


def _give_by_rule(letter: Letter, fit: Fit) -> None:
    department = Department.objects.filter(code=fit.department).first()
    if department:
        data = {**_event_data(fit), "automatic": True}
        person = _able(fit.rule.person, letter, department)
        _give(letter, department, actor=None, data=data, person=person)


def _give(
    letter: Letter,
    department: Department,
    *,
    actor: User | None,
    data: dict[str, Any],
    role: str = Assignment.Role.ACTION,
    person: User | None = None,
) -> None:
    """Assign the letter; if that has become impossible meanwhile, it waits in the tray."""
    try:
        with transaction.atomic():
            give(letter, department=department, actor=actor, role=role, person=person, data=data)
    except NotAllowedError:
        lock(letter)


def _able(person: User | None, letter: Letter, department: Department) -> User | None:
    """Return the person a rule names, if they are of the department and may read the letter."""
    if person is None:
        return None
    level = permissions_of(person).department_level(department.code)
    return person if level >= letter.confidentiality else None


def _propose(letter: Letter, ruling: Ruling, *, department: bool) -> None:
    """Propose department and kind of non-automatic rules, first among the proposals."""
    rows: list[Model] = []
    data: dict[str, Any] = {}
    if department and (fit := ruling.giving):
        rows.append(_suggestion(letter, DEPARTMENT, fit.department, fit))
        data |= _event_data(fit) | {"department": fit.department}
    fit = ruling.kind
    if fit and fit.rule.gives_kind and not fit.rule.automatic and letter.kind is None:
        kind: LetterKind = fit.rule.gives_kind
        rows.append(_suggestion(letter, Suggestion.Field.KIND, kind.code, fit))
        data = _event_data(fit) | data | {"kind": kind.code}
    if rows:
        record_change(letter, RoutingEvent.PROPOSED, actor=None, data=data, rows=rows)


def _suggestion(letter: Letter, name: str, value: str, fit: Fit) -> Suggestion:
    known = Suggestion.objects.filter(letter=letter, field=name, value=value).first()
    row = known or Suggestion(letter=letter, field=name, value=value, score=0.0)
    row.score = 1.0
    row.source = "office_rule"
    row.reasons = [f"office_rule:{fit.rule.title}", *fit.reasons]
    row.current = True
    row.save()
    return row


def _copy(letter: Letter, ruling: Ruling) -> None:
    """Give copies to the departments that rules name, if they do not have the letter yet."""
    copies = ruling.copies
    if not copies:
        return
    having = Assignment.objects.filter(letter=letter).values("department")
    rows = Department.objects.filter(code__in=copies, active=True).exclude(pk__in=having)
    for department in rows:
        data = {**_event_data(copies[department.code]), "automatic": True}
        _give(letter, department, actor=None, data=data, role=Assignment.Role.COPY)


def _count(letter: Letter, fits: Iterable[Fit]) -> None:
    """Write one row for each rule that took part; a letter counts once for a rule."""
    codes = {fit.department for fit in fits} - {""}
    homes = dict(Department.objects.filter(code__in=codes).values_list("code", "pk"))
    rows = [
        RuleMatch(
            rule=fit.rule,
            version=fit.rule.version,
            letter=letter,
            department_id=homes.get(fit.department),
            at=timezone.now(),
        )
        for fit in fits
    ]
    RuleMatch.objects.bulk_create(rows, ignore_conflicts=True)

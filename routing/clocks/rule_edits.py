"""The administrator changes deadline rules: the effects are shown first, then applied."""

from collections.abc import Iterator
from itertools import chain as all_of
from typing import Any, Final

from django.db import IntegrityError, transaction

from org.history import record, values_of
from org.models import OrgChange, User
from registry import chain
from registry.states import ConflictError
from routing.clocks.due import Move, internal_moves_under, moves_under
from routing.clocks.editing import (
    DEADLINE_CHANGED,
    Foreseen,
    foreseen,
    need_administrator,
    record_edit,
)
from routing.clocks.reckoning import Reckoner, rules_by_place
from routing.models.clocks import DeadlineRule

COLUMNS: Final = (
    *("kind", "department", "channel", "clock", "days", "unit", "start_from", "extension_days"),
    *("silence", "weekdays", "first_day_counts", "moves", "stop_ends_count"),
    *("basis_ar", "basis_fr", "basis_en", "appeal_ar", "appeal_fr", "appeal_en", "active"),
)


def seal_of(rule: DeadlineRule) -> str:
    """Return a digest of the rule as a person saw it; another one means that it has changed."""
    return chain.digest(_plain(rule))[:16]


def foresee_rule(rule: DeadlineRule) -> Foreseen:
    """Return which open letters would move under the rule as given; it is not saved."""
    present = DeadlineRule.objects.filter(active=True).exclude(pk=rule.pk)
    rules = rules_by_place([*present, *([rule] if rule.active else [])])
    reckoner = Reckoner(rules, Reckoner.load_calendar())
    kinds = {rule.kind_id, *DeadlineRule.objects.filter(pk=rule.pk).values_list("kind", flat=True)}
    return foreseen(all_of.from_iterable(_moves(reckoner, kind) for kind in sorted(kinds)))


def _moves(reckoner: Reckoner, kind_id: int) -> Iterator[Move]:
    yield from moves_under(reckoner, kind_id=kind_id)
    yield from internal_moves_under(reckoner, kind_id=kind_id)


def save_rule(rule: DeadlineRule, *, actor: User, seen: str = "") -> None:
    """Write the rule and its audit record; a job recomputes the open letters.

    `seen` is the seal that the person saw. Raise ConflictError where it has changed since.
    """
    need_administrator(actor)
    try:
        with transaction.atomic():
            before = _as_seen(rule, seen) if rule.pk else None
            write_rule(rule, actor=actor)
            data = {
                "rule": rule.pk,
                "before": _plain(before) if before else {},
                "after": _plain(rule),
            }
            record_edit(DEADLINE_CHANGED, actor=actor, data=data)
    except IntegrityError as error:  # somebody wrote a rule for the same in the same second
        raise ConflictError from error


def write_rule(rule: DeadlineRule, *, actor: User | None) -> str:
    """Write the rule and its history, in the caller's transaction.

    Return "new", "changed" or "same". The caller sees to it that open letters are counted again.
    """
    held = DeadlineRule.objects.select_for_update().filter(pk=rule.pk).first()
    before = values_of(held, COLUMNS) if held else None
    if before == values_of(rule, COLUMNS):
        return "same"
    rule.save()
    record(
        OrgChange.Noun.DEADLINE,
        str(rule.pk),
        "changed" if held else "created",
        actor=actor,
        before=before,
        after=values_of(rule, COLUMNS),
    )
    return "changed" if held else "new"


def _as_seen(rule: DeadlineRule, seen: str) -> DeadlineRule:
    """Return the rule as it is, locked; raise ConflictError unless the person saw it so."""
    present = DeadlineRule.objects.select_for_update().filter(pk=rule.pk).first()
    if present is None or seal_of(present) != seen:
        raise ConflictError
    return present


def _plain(rule: DeadlineRule) -> dict[str, Any]:
    """Return every column of a rule as plain values."""
    return {field.attname: getattr(rule, field.attname) for field in rule._meta.concrete_fields}

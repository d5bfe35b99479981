"""The administrator edits rules: each verb changes them and their history in one transaction.

An edit states which version the person saw; where it is outdated, nothing is written and an error
says so. The order of all rules changes under one lock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from org.models import User
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.models.rules import RoutingRule, RuleChange
from routing.rules.deciding import MOST_RULES
from routing.rules.format import BadRuleError, Lists, columns_of, plain_rule, title_of_copy

STEP = 10  # between two neighbours, when the order is written
What = RuleChange.What


def may_see_rules(user: User) -> bool:
    """Return whether the user may see rules: administrators, auditors, the director."""
    return user.is_active and user.duty in {
        User.Duty.ADMINISTRATOR,
        User.Duty.AUDITOR,
        User.Duty.DIRECTOR,
    }


def may_edit_rules(user: User) -> bool:
    """Return whether the user may edit rules: administrators."""
    return user.is_active and user.duty == User.Duty.ADMINISTRATOR


def create_rule(
    *,
    actor: User | None,
    given: Mapping[str, Any],
    lists: Lists | None = None,
    position: int | None = None,
    place: int | None = None,
    what: str = What.CREATED,
) -> RoutingRule:
    """Write a new rule: at `place` in the order (0 is the first), at a bare `position`, or last.

    `actor` is None for the office itself. Raise NotAllowedError and BadRuleError.
    """
    need_administrator(actor)
    columns = columns_of(given, lists=lists or Lists.load())
    with transaction.atomic():
        rules = _locked()
        if len(rules) >= MOST_RULES:
            raise NotAllowedError(_("An office has at most %(n)d rules.") % {"n": MOST_RULES})
        _need_free_title(columns["title"], rules)
        last = max((rule.position for rule in rules), default=0) + STEP
        rule = RoutingRule(**columns, position=last if position is None else position)
        rule.save(force_insert=True)
        if place is not None:
            rules.insert(_within(place, rules), rule)
            _write_order(rules)
        _record(rule, what, actor=actor)
    return rule


def change_rule(
    rule_id: int,
    *,
    actor: User | None,
    version: int,
    given: Mapping[str, Any],
    place: int | None = None,
    lists: Lists | None = None,
    what: str = What.CHANGED,
) -> RoutingRule:
    """Update the rule, and put it at `place` in the order where one is given.

    Raise NotAllowedError, BadRuleError, and ConflictError where the rule no longer has the version
    that the person saw. The count of failures is reset.
    """
    need_administrator(actor)
    columns = columns_of(given, lists=lists or Lists.load())
    with transaction.atomic():
        rules = _locked()
        rule = _of_version(rules, rule_id, version)
        others = [other for other in rules if other.pk != rule_id]
        _need_free_title(columns["title"], others)
        for name, value in columns.items():
            setattr(rule, name, value)
        rule.version += 1
        rule.failures, rule.last_failure, rule.last_failed_at = 0, "", None
        rule.save()
        if place is not None:
            others.insert(_within(place, others), rule)
            _write_order(others)
        _record(rule, what, actor=actor)
    return rule


def move_rule(rule_id: int, *, actor: User, up: bool) -> bool:
    """Swap the rule with its neighbour; return False where it is at the end already."""
    need_administrator(actor)
    with transaction.atomic():
        rules = _locked()
        at = next((n for n, rule in enumerate(rules) if rule.pk == rule_id), None)
        if at is None:
            raise ConflictError
        other = at - 1 if up else at + 1
        if not 0 <= other < len(rules):
            return False
        rules[at], rules[other] = rules[other], rules[at]
        _write_order(rules)
        _record(rules[other], What.MOVED, actor=actor)
    return True


def order_rules(rule_ids: Sequence[int], *, actor: User) -> None:
    """Put all rules into this order at once.

    Raise ConflictError where these are not exactly the present rules.
    """
    need_administrator(actor)
    with transaction.atomic():
        rules = _locked()
        by_id = {rule.pk: rule for rule in rules}
        if sorted(rule_ids) != sorted(by_id):
            raise ConflictError
        ordered = [by_id[rule_id] for rule_id in rule_ids]
        moved = [new for old, new in zip(rules, ordered, strict=True) if old.pk != new.pk]
        _write_order(ordered)
        for rule in moved:
            _record(rule, What.MOVED, actor=actor)


def switch_rule(rule_id: int, *, actor: User, version: int, on: bool) -> RoutingRule:
    """Activate or deactivate a rule."""
    need_administrator(actor)
    with transaction.atomic():
        rule = _of_version(_locked(), rule_id, version)
        if rule.active == on:
            return rule
        rule.active = on
        rule.version += 1
        rule.save(update_fields=["active", "version"])
        _record(rule, What.SWITCHED_ON if on else What.SWITCHED_OFF, actor=actor)
    return rule


def copy_rule(rule_id: int, *, actor: User) -> RoutingRule:
    """Copy the rule right below itself, inactive until somebody has reviewed it."""
    need_administrator(actor)
    with transaction.atomic():
        rules = _locked()
        at = next((n for n, rule in enumerate(rules) if rule.pk == rule_id), None)
        if at is None:
            raise ConflictError
        taken = frozenset(rule.title for rule in rules)
        given = plain_rule(rules[at])
        given |= {"title": title_of_copy(given["title"], taken), "active": False}
        return create_rule(actor=actor, given=given, place=at + 1, what=What.COPIED)


def remove_rule(rule_id: int, *, actor: User, version: int) -> None:
    """Remove a rule from use and from view; decisions that name it keep it."""
    need_administrator(actor)
    with transaction.atomic():
        rule = _of_version(_locked(), rule_id, version)
        rule.active, rule.removed = False, True
        rule.version += 1
        rule.save(update_fields=["active", "removed", "version"])
        _record(rule, What.REMOVED, actor=actor)


def import_rules(rules: Sequence[Mapping[str, Any]], *, actor: User | None) -> dict[str, list[str]]:
    """Import another office's rules, all or none; rules with a known title are updated.

    They keep the order given, the new ones below the present ones. Return {"created": titles,
    "changed": titles, "same": titles}. Raise BadRuleError with fields such as "3.conditions.0".
    """
    lists = Lists.load()
    told: dict[str, list[str]] = {"created": [], "changed": [], "same": []}
    with transaction.atomic():
        for number, given in enumerate(rules):
            try:
                told[import_one(given, lists=lists, actor=actor)].append(str(given["title"]))
            except BadRuleError as error:
                raise BadRuleError(
                    {f"{number}.{name}": said for name, said in error.fields.items()}
                ) from error
    return told


def import_one(given: Mapping[str, Any], *, lists: Lists, actor: User | None) -> str:
    columns = columns_of(given, lists=lists)
    known = RoutingRule.objects.filter(title=columns["title"], removed=False).first()
    if known is None:
        position = given.get("position")
        place = position if isinstance(position, int) and 0 <= position < 2**31 else None
        create_rule(actor=actor, given=given, lists=lists, position=place, what=What.IMPORTED)
        return "created"
    if all(getattr(known, name) == value for name, value in columns.items()):
        return "same"
    change_rule(
        known.pk, actor=actor, version=known.version, given=given, lists=lists, what=What.IMPORTED
    )
    return "changed"


def need_administrator(actor: User | None) -> None:
    """Raise NotAllowedError for everybody but administrators and the office itself (None)."""
    if actor is not None and not may_edit_rules(actor):
        raise NotAllowedError(_("Only administrators write rules."))


def _locked() -> list[RoutingRule]:
    """Return all rules in their order, locked until the transaction ends."""
    list(RoutingRule.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    rows = RoutingRule.objects.filter(removed=False)
    return list(
        rows.select_related("department", "gives_kind", "person").order_by("position", "id")
    )


def _of_version(rules: Sequence[RoutingRule], rule_id: int, version: int) -> RoutingRule:
    rule = next((rule for rule in rules if rule.pk == rule_id), None)
    if rule is None or rule.version != version:
        raise ConflictError
    return rule


def _need_free_title(title: str, rules: Sequence[RoutingRule]) -> None:
    if any(rule.title == title for rule in rules):
        raise BadRuleError({"title": [_("Another rule has this title.")]})


def _within(place: int, rules: Sequence[RoutingRule]) -> int:
    return max(0, min(place, len(rules)))


def _write_order(rules: Sequence[RoutingRule]) -> None:
    """Write positions with gaps between them, where they differ."""
    changed = []
    for number, rule in enumerate(rules, start=1):
        if rule.position != number * STEP:
            rule.position = number * STEP
            changed.append(rule)
    RoutingRule.objects.bulk_update(changed, ["position"])


def _record(rule: RoutingRule, what: str, *, actor: User | None) -> None:
    RuleChange.objects.create(
        rule=rule,
        version=rule.version,
        at=timezone.now(),
        actor=actor,
        what=what,
        content={**plain_rule(rule), "position": rule.position},
    )

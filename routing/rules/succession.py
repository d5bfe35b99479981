"""Rules, lists and terms that name a closed department name its heir from then on."""

from typing import Any

from django.db.models import QuerySet

from org.models import Department, User
from routing.assigning.lists import keep_list
from routing.clocks.rule_edits import save_rule, seal_of
from routing.models.clocks import DeadlineRule
from routing.models.distribution import DistributionList
from routing.models.rules import RoutingRule
from routing.rules.editing import change_rule
from routing.rules.format import plain_rule


def rules_naming(department: Department) -> QuerySet[RoutingRule]:
    """Return the rules in use that send to a department, copy it, or test for it."""
    rules = RoutingRule.objects.filter(removed=False).select_related("department", "gives_kind")
    naming = [one.pk for one in rules if _with_heir(plain_rule(one), department.code, "?")[1]]
    return rules.filter(pk__in=naming)


def terms_of(department: Department) -> QuerySet[DeadlineRule]:
    """Return the deadline rules in use of a department."""
    return DeadlineRule.objects.filter(department=department, active=True)


def lists_with(department: Department) -> QuerySet[DistributionList]:
    """Return the distribution lists on which it stands."""
    return DistributionList.objects.filter(entries__department=department)


def give_rules(department: Department, heir: Department, actor: User) -> None:
    """Let the heir stand in the rules wherever the department stood; they keep their history.

    Of a person in charge who is not of the heir none is kept. Before the department is closed.
    """
    for rule in rules_naming(department):
        given, _changed = _with_heir(plain_rule(rule), department.code, heir.code)
        if given["person"] and not _is_member(given["person"], heir):
            given["person"] = ""
        change_rule(rule.pk, actor=actor, version=rule.version, given=given)


def give_lists(department: Department, heir: Department, actor: User) -> None:
    """Let the heir stand on the lists in the department's place, once on each."""
    for row in lists_with(department).order_by("pk"):
        entries = row.entries.select_related("department").order_by("pk")
        named = {entry.department: entry.role for entry in entries}
        role = named.pop(department)
        named.setdefault(heir, role)
        keep_list(row, name=row.name, entries=list(named.items()), actor=actor, active=row.active)


def give_terms(department: Department, heir: Department, actor: User) -> None:
    """Give the heir each term in use where it has none for that kind, channel and clock.

    The others are put out of use. A job counts open letters again.
    """
    for term in terms_of(department).order_by("pk"):
        seen = seal_of(term)
        same = {"kind": term.kind_id, "channel": term.channel, "clock": term.clock}
        if DeadlineRule.objects.filter(department=heir, **same).exists():
            term.active = False
        else:
            term.department = heir
        save_rule(term, actor=actor, seen=seen)


def _is_member(username: str, department: Department) -> bool:
    return department.memberships.filter(user__username=username).exists()


def _with_heir(given: dict[str, Any], old: str, new: str) -> tuple[dict[str, Any], bool]:
    """Return a rule's plain values with one code in place of another, and whether any was."""
    made = dict(given)
    if made["department"] == old:
        made["department"] = new
    made["copies"] = list(dict.fromkeys(new if code == old else code for code in given["copies"]))
    if new == made["department"] and new in made["copies"]:
        made["copies"].remove(new)
    made["conditions"] = [
        {**one, "value": new} if "department" in str(one["field"]) and one["value"] == old else one
        for one in given["conditions"]
    ]
    return made, made != given

"""Rules, lists and terms that name a closed department name its heir from then on."""

from typing import Any

from org.models import Department, User
from routing.models.clocks import DeadlineRule
from routing.models.distribution import DistributionEntry
from routing.models.rules import RoutingRule
from routing.rules.editing import change_rule
from routing.rules.format import plain_rule


def rules_naming(department: Department) -> list[RoutingRule]:
    """Return the rules in use that send to a department, copy it, or test for it."""
    rules = RoutingRule.objects.filter(removed=False).select_related("department", "gives_kind")
    return [rule for rule in rules if _with_heir(plain_rule(rule), department.code, "?")[1]]


def terms_of(department: Department) -> Any:
    """Return the deadline rules of a department."""
    return DeadlineRule.objects.filter(department=department)


def entries_of(department: Department) -> Any:
    """Return its places on distribution lists."""
    return DistributionEntry.objects.filter(department=department)


def give_rules(department: Department, *, heir: Department, actor: User) -> int:
    """Let the heir stand wherever the department stood; return how many rules changed.

    Before the department is closed. A rule keeps its history; of a person in charge who is not of
    the heir it keeps none. A term is passed on where the heir has none for that kind and clock.
    """
    rules = rules_naming(department)
    for rule in rules:
        given, _changed = _with_heir(plain_rule(rule), department.code, heir.code)
        if given["person"] and not _is_member(given["person"], heir):
            given["person"] = ""
        change_rule(rule.pk, actor=actor, version=rule.version, given=given)
    for entry in entries_of(department):
        if DistributionEntry.objects.filter(list=entry.list_id, department=heir).exists():
            entry.delete()
        else:
            entry.department = heir
            entry.save(update_fields=["department"])
    for term in terms_of(department).filter(active=True):
        same = DeadlineRule.objects.filter(department=heir, kind=term.kind_id, clock=term.clock)
        if same.exists():
            DeadlineRule.objects.filter(pk=term.pk).update(active=False)
        else:
            DeadlineRule.objects.filter(pk=term.pk).update(department=heir)
    return len(rules)


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

"""The office's rules: their list in order, and the actions on each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from org.models import User
from org.people import Permissions
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.models.rules import RoutingRule
from routing.rules import editing
from routing.rules.format import Lists, columns_of
from routing.rules.reading import Counters, changes_of, counters, listed_rules
from web.context import permissions_for
from web.desk.rules.words import conditions_in_words, effects_in_words, rule_in_words
from web.shared.guard import StaffRequest, page, redirect_after, verb
from web.shared.paging import page_of

HISTORY = 20


def sees_rules(permissions: Permissions) -> bool:
    """Allow administrators, auditors and the director."""
    seeing = {User.Duty.ADMINISTRATOR, User.Duty.AUDITOR, User.Duty.DIRECTOR}
    return permissions.duty in seeing


def edits_rules(permissions: Permissions) -> bool:
    """Allow administrators."""
    return permissions.duty == User.Duty.ADMINISTRATOR


def may_edit(request: StaffRequest) -> bool:
    """Return whether pages show the controls to change rules."""
    permissions = permissions_for(request)
    return permissions is not None and edits_rules(permissions)


@page(sees_rules)
def listed(request: StaffRequest) -> HttpResponse:
    """Show all rules in the order in which they are applied; an office has at most 200."""
    lists, counted = Lists.load(), counters()
    rows = [
        rule_in_words(rule, lists=lists, counters=counted.get(rule.pk, Counters()))
        for rule in listed_rules()
    ]
    context = {
        "rows": rows,
        "may_edit": may_edit(request),
        "failing": sum(1 for row in rows if row.failure),
    }
    return render(request, "web/rules.html", context)


@page(sees_rules)
def history(request: StaffRequest, rule_id: int) -> HttpResponse:
    """Show who did what with the rule, and each version of it; also of a removed one."""
    rule = get_object_or_404(RoutingRule, pk=rule_id)
    found = page_of(
        changes_of(rule), order=["-id"], cursor=request.GET.get("from", ""), limit=HISTORY
    )
    lists = Lists.load()
    rows = [(change, _as_it_stood(change.content, lists)) for change in found.rows]
    context = {"rule": rule, "rows": rows, "next": found.next_cursor}
    return render(request, "web/rule_history.html", context)


def _as_it_stood(content: dict[str, Any], lists: Lists) -> dict[str, Any]:
    """Return a stored version in words, with codes for what the office no longer has."""
    conditions = conditions_in_words(content.get("conditions"), lists=lists)
    try:
        rule = RoutingRule(**columns_of(content, lists=lists))
        gives = list(effects_in_words(rule, lists=lists))
    except ValueError:
        names = ("department", "copies", "gives_kind", "person")
        gives = [str(content[name]) for name in names if content.get(name)]
    return {"content": content, "conditions": conditions, "gives": gives}


Action = Callable[[StaffRequest, int, int], str]


def _move(up: bool) -> Action:
    def action(request: StaffRequest, rule_id: int, _version: int) -> str:
        editing.move_rule(rule_id, actor=request.user, up=up)
        return ""

    return action


def _switch(on: bool) -> Action:
    def action(request: StaffRequest, rule_id: int, version: int) -> str:
        editing.switch_rule(rule_id, actor=request.user, version=version, on=on)
        return _("The rule is in use.") if on else _("The rule is out of use.")

    return action


def _copy(request: StaffRequest, rule_id: int, _version: int) -> str:
    editing.copy_rule(rule_id, actor=request.user)
    return _("The copy stands below the rule, out of use.")


def _remove(request: StaffRequest, rule_id: int, version: int) -> str:
    editing.remove_rule(rule_id, actor=request.user, version=version)
    return _("The rule is removed. Decisions that name it keep it.")


ACTIONS: dict[str, Action] = {
    "up": _move(True),
    "down": _move(False),
    "on": _switch(True),
    "off": _switch(False),
    "copy": _copy,
    "remove": _remove,
}


@verb(edits_rules)
def do(request: StaffRequest, rule_id: int, what: str) -> HttpResponse:
    """Move up or down, switch on or off, copy or remove; then return to the rule in its list."""
    action = ACTIONS.get(what)
    if action is None:
        raise Http404
    version = request.POST.get("version", "")
    number = int(version) if version.isascii() and version.isdecimal() and len(version) < 9 else 0
    try:
        words = action(request, rule_id, number)
    except ConflictError:
        messages.warning(request, _("Somebody changed this rule meanwhile. Please look again."))
    except NotAllowedError as error:
        messages.error(request, str(error))
    else:
        if words:
            messages.success(request, words)
    return redirect_after(f"{reverse('desk:rules')}#rule-{rule_id}", request)

"""Rules created, changed or tried: one form for all three, with and without JavaScript."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.models.rules import RoutingRule, RuleTrial
from routing.rules.editing import change_rule, create_rule
from routing.rules.fields import FIELDS
from routing.rules.format import BadRuleError, Lists, plain_rule
from routing.rules.reading import changes_of, listed_rules
from routing.rules.trials import request_trial
from web.desk.rules.form import (
    GROUPS,
    Rows,
    RuleForm,
    add_errors,
    conditions_of,
    filled_form,
    fresh_form,
)
from web.desk.rules.pages import edits_rules, may_edit, sees_rules
from web.shared.guard import StaffRequest, form, redirect_after

Drafted = tuple[RuleForm, Rows]


@form(edits_rules)
def new(request: StaffRequest) -> HttpResponse:
    """Create a rule, empty or as a dry run left it (`?trial=`)."""
    return _serve(request, None)


@form(sees_rules)
def edit(request: StaffRequest, rule_id: int) -> HttpResponse:
    """Show a rule: to change for administrators, to read for the others."""
    rule = next((rule for rule in listed_rules() if rule.pk == rule_id), None)
    if rule is None:
        raise Http404
    return _serve(request, rule)


def _serve(request: StaffRequest, rule: RoutingRule | None) -> HttpResponse:
    lists, rules = Lists.load(), list(listed_rules())
    others = [other for other in rules if rule is None or other.pk != rule.pk]
    if request.method == "POST":
        if not may_edit(request):
            raise PermissionDenied
        return _take(request, rule, lists=lists, others=others)
    place = rules.index(rule) if rule else len(others)
    draft = _draft_of_trial(request, rule)
    if draft is not None:
        mark = draft.rule_id or 0
        place = draft.order.index(mark) if mark in draft.order else place
        given, version = draft.draft, draft.rule_version
    else:
        given = plain_rule(rule) if rule else {"active": True, "automatic": False}
        version = rule.version if rule else 0
    drafted = fresh_form(given, lists=lists, others=others, place=place, version=version)
    return _page(request, rule, drafted, lists=lists)


def _draft_of_trial(request: StaffRequest, rule: RoutingRule | None) -> RuleTrial | None:
    try:
        wanted = UUID(request.GET.get("trial", ""))
    except ValueError:
        return None
    return RuleTrial.objects.filter(pk=wanted, rule=rule).exclude(draft={}).first()


def _take(
    request: StaffRequest,
    rule: RoutingRule | None,
    *,
    lists: Lists,
    others: list[RoutingRule],
) -> HttpResponse:
    more = 2 if "more" in request.POST else 0
    filled, rows = drafted = filled_form(request.POST, lists=lists, others=others, more=more)
    if more:
        return _page(request, rule, drafted, lists=lists)
    if not (filled.is_valid() and rows.is_valid()):
        return _page(request, rule, drafted, lists=lists, status=422)
    try:
        if "try" in request.POST:
            return _try(request, rule, filled, rows)
        return _keep(request, rule, filled, rows)
    except BadRuleError as error:
        add_errors(filled, rows, error)
        return _page(request, rule, drafted, lists=lists, status=422)
    except NotAllowedError as error:
        filled.add_error(None, str(error))
        return _page(request, rule, drafted, lists=lists, status=422)
    except ConflictError:
        return _page(request, rule, drafted, lists=lists, status=409)


def _place(filled: RuleForm) -> int | None:
    place = filled.cleaned_data["place"]
    return place if isinstance(place, int) else None


def _keep(
    request: StaffRequest, rule: RoutingRule | None, filled: RuleForm, rows: Rows
) -> HttpResponse:
    given, place = filled.plain(conditions_of(rows)), _place(filled)
    if rule is None:
        kept = create_rule(actor=request.user, given=given, place=place)
    else:
        version = filled.cleaned_data["version"] or 0
        kept = change_rule(rule.pk, actor=request.user, version=version, given=given, place=place)
    messages.success(request, _("The rule “%(title)s” is kept.") % {"title": kept.title})
    return redirect_after(f"{reverse('desk:rules')}#rule-{kept.pk}", request)


def _try(
    request: StaffRequest, rule: RoutingRule | None, filled: RuleForm, rows: Rows
) -> HttpResponse:
    said = filled.cleaned_data
    trial = request_trial(
        actor=request.user,
        given=filled.plain(conditions_of(rows)),
        rule=rule,
        version=said["version"] or 0,
        place=_place(filled),
        newest=said["newest"] or 500,
        since=said["since"],
        until=said["until"],
    )
    return redirect_after(reverse("desk:rule_trial", args=[trial.pk]), request)


def _page(
    request: StaffRequest,
    rule: RoutingRule | None,
    drafted: Drafted,
    *,
    lists: Lists,
    status: int = 200,
) -> HttpResponse:
    filled, rows = drafted
    groups = [(label, [FIELDS[name] for name in names]) for label, names in GROUPS]
    lists_of_codes = {
        name: lists.names(name)
        for name in ("kind", "language", "channel", "register", "department", "level")
    }
    context: dict[str, Any] = {
        "rule": rule,
        "form": filled,
        "rows": rows,
        "groups": groups,
        "codes": lists_of_codes,
        "may_edit": may_edit(request),
        "faster": changes_of(rule).first() if rule and status == 409 else None,
    }
    return render(request, "web/rule.html", context, status=status)

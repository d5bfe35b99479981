"""The page of a dry run: its figures, and its letters as far as the viewer may read them."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from jobs.models import Job
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.kinds import RoutingJob
from routing.models.rules import RuleTrial, TrialLetter
from routing.rules.format import BadRuleError, Lists
from routing.rules.reading import trial_letters
from routing.rules.trials import keep_trial
from web.desk.reasons import sentences
from web.desk.rules.pages import edits_rules, may_edit, sees_rules
from web.desk.rules.words import failure_in_words
from web.shared.guard import StaffRequest, page, redirect_after, verb
from web.shared.paging import page_of

ROWS: Final = 30


@page(sees_rules)
def show(request: StaffRequest, trial_id: UUID) -> HttpResponse:
    """Show what a draft would change; while its job runs, its progress."""
    return render(request, "web/rule_trial.html", _context(request, trial_id))


@page(sees_rules)
def live(request: StaffRequest, trial_id: UUID) -> HttpResponse:
    """Return a fragment with the progress; the whole page once it is done."""
    context = _context(request, trial_id)
    if context["trial"].finished_at:
        return redirect_after(reverse("desk:rule_trial", args=[trial_id]), request)
    return render(request, "web/parts/rule_trial_live.html", context)


@verb(edits_rules)
def keep(request: StaffRequest, trial_id: UUID) -> HttpResponse:
    """Save what was tried, unless the rule was changed meanwhile."""
    trial = get_object_or_404(RuleTrial, pk=trial_id)
    back = reverse("desk:rule_trial", args=[trial_id])
    try:
        rule = keep_trial(trial, actor=request.user)
    except ConflictError:
        messages.warning(request, _("Somebody changed this rule meanwhile. Please look again."))
        return redirect_after(back, request)
    except (BadRuleError, NotAllowedError) as error:
        messages.error(request, str(error))
        return redirect_after(back, request)
    messages.success(request, _("What was tried is in use now."))
    where = f"#rule-{rule.pk}" if rule else ""
    return redirect_after(f"{reverse('desk:rules')}{where}", request)


def _context(request: StaffRequest, trial_id: UUID) -> dict[str, Any]:
    trial = get_object_or_404(RuleTrial.objects.select_related("rule", "asked_by"), pk=trial_id)
    context: dict[str, Any] = {"trial": trial, "may_edit": may_edit(request)}
    if trial.finished_at is None:
        jobs = Job.objects.filter(kind=RoutingJob.RULES_TRY, subject=str(trial_id))
        return context | {"job": jobs.order_by("-id").first()}
    rows = trial_letters(trial, viewer=request.user)
    shown = request.GET.get("show", "")
    if shown in TrialLetter.Verdict.values:
        rows = rows.filter(verdict=shown)
    found = page_of(rows, order=["id"], cursor=request.GET.get("from", ""), limit=ROWS)
    lists = Lists.load()
    kinds = lists.names("kind")
    return context | {
        "letters": [(row, sentences(row.reasons, kinds=kinds)) for row in found.rows],
        "names": lists.names("department"),
        "next": found.next_cursor,
        "shown": shown,
        "verdicts": TrialLetter.Verdict.choices,
        "error": failure_in_words(trial.summary["error"]) if trial.summary.get("error") else "",
        "figures": _figures(trial.summary),
    }


def _figures(summary: dict[str, Any]) -> dict[str, Any]:
    """Return the figures, 0 where missing, and the share that went right."""
    names = (
        *("letters", "matched", "changed", "better", "worse", "other", "right", "wrong"),
        *("unknown", "automatic_before", "automatic_after", "failed"),
    )
    figures: dict[str, Any] = {name: summary.get(name, 0) for name in names}
    known = figures["right"] + figures["wrong"]
    figures["precision"] = round(100 * figures["right"] / known) if known else None
    return figures

"""A dry run: what a draft of a rule, or another order, would change for past letters.

No letter is written. Letters above the user's clearance are left out, so that counts reveal
nothing of them. Few letters are tried at once, many by a job.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from jobs.outbox import enqueue
from org.models import User
from org.people import permissions_of
from registry.models.letters import Letter
from registry.states import ConflictError, Stage
from routing.acting.situations import ROUTED
from routing.kinds import RoutingJob
from routing.models.assignments import Assignment
from routing.models.rules import RoutingRule, RuleTrial, TrialLetter
from routing.models.states import AssignmentState
from routing.rules.deciding import MOST_RULES, rules_in_use
from routing.rules.editing import change_rule, create_rule, need_administrator, order_rules
from routing.rules.facts import Facts, facts_of
from routing.rules.fitting import Fit, Ready, Ruling, decide, make_ready
from routing.rules.format import BadRuleError, Lists, columns_of
from routing.rules.reading import listed_rules

MOST_LETTERS: Final = 2000
AT_ONCE: Final = 200  # letters that are tried while the person waits
KEPT: Final = timedelta(days=30)
BATCH: Final = 50  # letters in memory with their texts
NEW: Final = 0  # stands in an order for a draft that is no rule yet
Verdict = TrialLetter.Verdict


@dataclass(slots=True)
class Outcome:
    """The result: figures, and the letters that are concerned."""

    figures: Counter[str] = field(default_factory=Counter)
    rows: list[TrialLetter] = field(default_factory=list)
    error: str = ""


@dataclass(frozen=True, slots=True)
class _Attempt:
    """The present rules, the changed ones, and the draft among those."""

    today: list[Ready]
    tried: list[Ready]
    draft: RoutingRule | None


def request_trial(
    *,
    actor: User,
    given: Mapping[str, Any] | None = None,
    rule: RoutingRule | None = None,
    version: int = 0,
    place: int | None = None,
    order: Sequence[int] = (),
    newest: int = 500,
    since: date | None = None,
    until: date | None = None,
) -> RuleTrial:
    """Try the draft `given` of `rule` (None for a new one) at `place`, or only another `order`.

    Over the newest letters (at most 2,000) received in the span. Done at once up to 200 letters,
    else by a job. Raise NotAllowedError, BadRuleError; ConflictError for an order of other rules
    than the present ones.
    """
    need_administrator(actor)
    if given is not None:
        columns_of(given, lists=Lists.load())
    if since and until and until < since:
        raise BadRuleError({"until": [_("It ends before it begins.")]})
    trial = RuleTrial(
        asked_by=actor,
        asked_at=timezone.now(),
        rule=rule,
        rule_version=version,
        draft=dict(given or {}),
        order=_order(rule, place, order, drafted=given is not None),
        newest=max(1, min(newest, MOST_LETTERS)),
        since=since,
        until=until,
        clearance=permissions_of(actor).clearance,
    )
    return _begin(trial)


def _begin(trial: RuleTrial) -> RuleTrial:
    """Save the trial, delete old ones, and run a small one at once."""
    few = len(_letters(trial)[: AT_ONCE + 1]) <= AT_ONCE
    with transaction.atomic():
        RuleTrial.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()
        trial.save(force_insert=True)
        if not few:
            enqueue(RoutingJob.RULES_TRY, trial.pk)
    if few:
        outcome = try_rules_work(str(trial.pk), lambda _done, _total: None)
        with transaction.atomic():
            save_trial(str(trial.pk), outcome)
        trial.refresh_from_db()
    return trial


def try_rules_work(trial_id: str, progress: Callable[[int, int], None]) -> Outcome | None:
    """Decide each letter twice, some at a time, outside any transaction; None where it is done."""
    trial = RuleTrial.objects.filter(pk=trial_id, finished_at=None).first()
    if trial is None:
        return None
    attempt, outcome = _attempt(trial), Outcome()
    ids = list(_letters(trial))
    for start in range(0, len(ids), BATCH):
        progress(start, len(ids))
        for letter, facts, sent in _facts(ids[start : start + BATCH]):
            _judge(outcome, trial, attempt, letter=letter, facts=facts, sent=sent)
    outcome.figures["letters"] = len(ids)
    return outcome


def save_trial(trial_id: str, outcome: Outcome | None) -> None:
    """Save the result, once."""
    if outcome is None:
        return
    summary: dict[str, Any] = dict(outcome.figures)
    if outcome.error:
        summary["error"] = outcome.error
    mine = RuleTrial.objects.filter(pk=trial_id, finished_at=None)
    if mine.update(summary=summary, finished_at=timezone.now()):
        TrialLetter.objects.bulk_create(outcome.rows, batch_size=500)


def keep_trial(trial: RuleTrial, *, actor: User) -> RoutingRule | None:
    """Apply what was tried: the rule at its place, or the order (None).

    Raise what the verbs of routing.rules.editing raise: ConflictError where the rule, or for an
    order the rules, changed since the trial was requested.
    """
    if not trial.draft:
        order_rules(trial.order, actor=actor)
        return None
    mark = trial.rule_id or NEW
    place = trial.order.index(mark) if mark in trial.order else None
    if trial.rule_id is None:
        return create_rule(actor=actor, given=trial.draft, place=place)
    return change_rule(
        trial.rule_id, actor=actor, version=trial.rule_version, given=trial.draft, place=place
    )


def _order(
    rule: RoutingRule | None, place: int | None, order: Sequence[int], *, drafted: bool
) -> list[int]:
    """Return the ids of all rules in the order that is tried."""
    rows = RoutingRule.objects.filter(removed=False).order_by("position", "id")
    ids = list(rows.values_list("pk", flat=True)[:MOST_RULES])
    if order:
        if sorted(order) != sorted(ids):
            raise ConflictError
        ids = list(order)
    if not drafted:
        return ids
    mark = rule.pk if rule else NEW
    if mark in ids and place is None:
        return ids
    ids = [one for one in ids if one != mark]
    ids.insert(len(ids) if place is None else max(0, place), mark)
    return ids


def _attempt(trial: RuleTrial) -> _Attempt:
    known = listed_rules().in_bulk(trial.order)
    draft = _draft(trial)
    tried: list[RoutingRule] = []
    for rule_id in trial.order:
        drafted = draft is not None and rule_id == (trial.rule_id or NEW)
        rule = draft if drafted else known.get(rule_id)
        if rule and rule.active and (rule.department is None or rule.department.active):
            tried.append(rule)
    return _Attempt(make_ready(rules_in_use()), make_ready(tried), draft)


def _draft(trial: RuleTrial) -> RoutingRule | None:
    """Return the draft as an unsaved rule that is valid on every day."""
    if not trial.draft:
        return None
    columns = columns_of(trial.draft, lists=Lists.load())
    columns |= {"valid_from": None, "valid_until": None}
    return RoutingRule(pk=trial.rule_id, version=trial.rule_version, **columns)


def _letters(trial: RuleTrial) -> QuerySet[Letter, UUID]:
    """Return ids of the letters to try, the newest first."""
    rows = Letter.objects.filter(
        register__direction__in=ROUTED, confidentiality__lte=trial.clearance
    ).exclude(stage=Stage.VOIDED)
    if trial.since:
        rows = rows.filter(received_at__date__gte=trial.since)
    if trial.until:
        rows = rows.filter(received_at__date__lte=trial.until)
    ids: QuerySet[Letter, UUID] = rows.order_by("-registered_at", "-id").values_list(
        "pk", flat=True
    )
    return ids[: trial.newest]


def _facts(ids: Sequence[UUID]) -> Iterator[tuple[Letter, Facts, list[str]]]:
    """Yield the facts of some letters, and the departments that have them for action."""
    letters = list(Letter.objects.filter(pk__in=ids).select_related("register", "kind"))
    facts = facts_of(letters)
    settled = Q(state__in=[AssignmentState.ACCEPTED, AssignmentState.SIGNED_OFF])
    by_hand = Q(assigned_by__isnull=False, state=AssignmentState.OPEN)
    rows = Assignment.objects.filter(settled | by_hand, letter__in=ids, role="action")
    sent: dict[UUID, list[str]] = {}
    for letter_id, code in rows.order_by("assigned_at").values_list(
        "letter_id", "department__code"
    ):
        sent.setdefault(letter_id, []).append(code)
    for letter in letters:
        yield letter, facts[letter.pk], sent.get(letter.pk, [])


def _judge(
    outcome: Outcome,
    trial: RuleTrial,
    attempt: _Attempt,
    *,
    letter: Letter,
    facts: Facts,
    sent: list[str],
) -> None:
    before, after = decide(attempt.today, facts), decide(attempt.tried, facts)
    for failure in after.failures:
        if failure.rule is attempt.draft:
            outcome.figures["failed"] += 1
            outcome.error = f"{failure.field}:{failure.error}"
    fit = next((fit for fit in after.fits if fit.rule is attempt.draft), None)
    changed = before.effect() != after.effect()
    said = (_named_department(before, facts), _named_department(after, facts))
    verdict = _verdict(*said, sent) if changed else Verdict.SAME
    outcome.figures["automatic_before"] += before.automatic
    outcome.figures["automatic_after"] += after.automatic
    if fit or changed:
        _count(outcome.figures, fit, changed=changed, verdict=verdict, sent=sent)
        outcome.rows.append(
            TrialLetter(
                trial=trial,
                letter=letter,
                verdict=verdict,
                matched=fit is not None,
                before=said[0],
                before_automatic=before.automatic,
                after=said[1],
                after_automatic=after.automatic,
                sent=sent[0] if sent else "",
                reasons=list(fit.reasons) if fit else [],
            )
        )


def _count(
    figures: Counter[str], fit: Fit | None, *, changed: bool, verdict: str, sent: list[str]
) -> None:
    figures["matched"] += fit is not None
    figures["changed"] += changed
    if changed:
        figures[str(verdict)] += 1
    if fit and fit.department:
        figures["right" if fit.department in sent else "wrong" if sent else "unknown"] += 1


def _named_department(ruling: Ruling, facts: Facts) -> str:
    """Return the department that the rules name, else the one the model is sure of; "" for none."""
    scores = facts.scores
    return ruling.department or max(scores, key=lambda code: scores[code], default="")


def _verdict(before: str, after: str, sent: list[str]) -> Verdict:
    if not sent or (before in sent) == (after in sent):
        return Verdict.OTHER
    return Verdict.BETTER if after in sent else Verdict.WORSE

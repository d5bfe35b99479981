"""Rules as pages and programs see them: in order with counters, their history, dry runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from org.models import User
from registry.access import reads_letter
from routing.models.rules import RoutingRule, RuleChange, RuleMatch, RuleTrial, TrialLetter

COUNTED: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Counters:
    """Counters of the last 30 days.

    Letters in whose decision the rule took part, how many are with the department that it named,
    and how many with another.
    """

    matched: int = 0
    kept: int = 0
    corrected: int = 0

    @property
    def percent(self) -> int | None:
        """The share of letters that stayed where the rule sent them; None without any."""
        decided = self.kept + self.corrected
        return round(100 * self.kept / decided) if decided else None


def listed_rules() -> QuerySet[RoutingRule]:
    """Return all rules that are not removed, in their order."""
    rows = RoutingRule.objects.filter(removed=False)
    return rows.select_related("department", "gives_kind", "person").order_by("position", "id")


def counters() -> dict[int, Counters]:
    """Return rule id → counters, in one query."""
    rows = RuleMatch.objects.filter(at__gte=timezone.now() - COUNTED)
    there = Q(department__isnull=False, letter__department__isnull=False)
    counted: Any = (
        rows.order_by()
        .values("rule")
        .annotate(
            matched=Count("id"),
            kept=Count("id", filter=there & Q(letter__department=F("department"))),
            corrected=Count("id", filter=there & ~Q(letter__department=F("department"))),
        )
    )
    return {row["rule"]: Counters(row["matched"], row["kept"], row["corrected"]) for row in counted}


def changes_of(rule: RoutingRule) -> QuerySet[RuleChange]:
    """Return the history of a rule, newest first."""
    return RuleChange.objects.filter(rule=rule).select_related("actor")


def trial_letters(trial: RuleTrial, *, viewer: User) -> QuerySet[TrialLetter]:
    """Return the letters of a dry run that this person may read."""
    rows = TrialLetter.objects.filter(reads_letter(viewer), trial=trial)
    return rows.select_related("letter", "letter__kind")

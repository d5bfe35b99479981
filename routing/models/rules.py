"""The tables of the office's routing rules and of their history."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from org.models import Department, LetterKind, Level
from registry.models.letters import Letter


class RoutingRule(models.Model):
    """What happens with letters of a certain sort. Every condition must hold.

    `conditions` are read and written as one: {"field", "value", "negated"} each, the fields of
    `routing.rules.fields`; a stored rule without any matches nothing. `same_department`: to the
    department that has the letter of ours which it quotes, else to `department`. `copies` are
    codes of departments. A rule that is not `automatic` only proposes. `go_on`: the rules below
    are asked as well. `version` grows with each edit of the rule and of nothing else; an edit of
    an older one is refused. Rules are never deleted, since decisions name them: `removed` ones are
    hidden and unused.
    """

    position = models.PositiveIntegerField(_("order"), default=100)
    active = models.BooleanField(_("active"), default=True)
    removed = models.BooleanField(default=False)
    title = models.CharField(_("title"), max_length=120)
    conditions = models.JSONField(_("conditions"), default=list)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    same_department = models.BooleanField(default=False)
    copies = models.JSONField(_("copies"), default=list)
    gives_kind = models.ForeignKey(
        LetterKind, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confidentiality = models.PositiveSmallIntegerField(
        _("confidentiality"), choices=Level, default=Level.ORDINARY
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    automatic = models.BooleanField(
        _("automatic"), default=False, help_text=_("Assign at once instead of proposing.")
    )
    go_on = models.BooleanField(default=False)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    failures = models.PositiveIntegerField(default=0)
    last_failure = models.CharField(max_length=80, blank=True)
    last_failed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["title"], condition=Q(removed=False), name="rule_title_once"
            ),
            models.CheckConstraint(condition=~Q(conditions=[]), name="rule_has_conditions"),
            models.CheckConstraint(
                condition=Q(department__isnull=False)
                | Q(same_department=True)
                | Q(gives_kind__isnull=False)
                | ~Q(copies=[])
                | Q(confidentiality__gt=0),
                name="rule_gives_something",
            ),
            models.CheckConstraint(
                condition=Q(automatic=True) | Q(copies=[], confidentiality=0),
                name="copies_and_secrecy_are_automatic",
            ),
            models.CheckConstraint(
                condition=Q(confidentiality__lte=2), name="rule_confidentiality_known"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True) | Q(department__isnull=False),
                name="rule_person_has_a_department",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="rule_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(removed=False) | Q(active=False), name="removed_rule_is_off"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class RuleChange(models.Model):
    """One entry of a rule's history: who did what when, and the whole rule as it then was."""

    class What(models.TextChoices):
        CREATED = "created", _("Created")
        CHANGED = "changed", _("Changed")
        MOVED = "moved", _("Moved")
        SWITCHED_ON = "on", _("Switched on")
        SWITCHED_OFF = "off", _("Switched off")
        COPIED = "copied", _("Copied from another rule")
        REMOVED = "removed", _("Removed")
        IMPORTED = "imported", _("Imported")

    rule = models.ForeignKey(RoutingRule, on_delete=models.PROTECT, related_name="changes")
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    what = models.CharField(max_length=8, choices=What)
    content = models.JSONField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    what__in=[
                        *("created", "changed", "moved", "on", "off"),
                        *("copied", "removed", "imported"),
                    ]
                ),
                name="rule_change_known",
            ),
        ]
        indexes = [models.Index(fields=["rule", "-id"], name="rule_history")]

    def __str__(self) -> str:
        return f"{self.rule_id} v{self.version} {self.what}"


class RuleMatch(models.Model):
    """A rule took part in the decision about a letter: for its counters, once for each letter."""

    rule = models.ForeignKey(RoutingRule, on_delete=models.PROTECT, related_name="matches")
    version = models.PositiveIntegerField()
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "letter"], name="one_rule_match"),
        ]
        indexes = [models.Index(fields=["at", "rule"], name="rule_match_recent")]

    def __str__(self) -> str:
        return f"{self.rule_id} on {self.letter_id}"


class RuleTrial(models.Model):
    """A dry run: what a draft of a rule, or another order, would change for past letters.

    `draft` is the rule as plain values (`routing.rules.format`), {} where only the order is tried;
    `order` the ids of the rules in the order tried, with 0 for a draft that is new. The letters
    are the newest `newest` ones received from `since` to `until`, read up to `clearance`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    rule = models.ForeignKey(RoutingRule, on_delete=models.PROTECT, null=True, related_name="+")
    rule_version = models.PositiveIntegerField(default=0)
    draft = models.JSONField(default=dict)
    order = models.JSONField(default=list)
    newest = models.PositiveIntegerField()
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    clearance = models.PositiveSmallIntegerField(choices=Level)
    summary = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="rule_trial_age")]

    def __str__(self) -> str:
        return f"trial {self.pk}"


class TrialLetter(models.Model):
    """A past letter that the tried rule matches, or for which it changes something."""

    class Verdict(models.TextChoices):
        SAME = "same", _("Nothing changes")
        BETTER = "better", _("Right from now on")
        WORSE = "worse", _("Wrong from now on")
        OTHER = "other", _("Something changes")

    trial = models.ForeignKey(RuleTrial, on_delete=models.CASCADE, related_name="letters")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=6, choices=Verdict)
    matched = models.BooleanField()
    before = models.CharField(max_length=12, blank=True)
    before_automatic = models.BooleanField()
    after = models.CharField(max_length=12, blank=True)
    after_automatic = models.BooleanField()
    sent = models.CharField(max_length=12, blank=True)
    reasons = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=["same", "better", "worse", "other"]),
                name="trial_verdict_known",
            ),
        ]
        indexes = [models.Index(fields=["trial", "verdict", "id"], name="trial_letters")]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.verdict}"

"""The tables of clocks: rules, stops, extensions, reminders."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from org.models import Department, LetterKind
from registry.models.letters import Channel, Letter
from registry.models.sealed import Sealed


class Which(models.TextChoices):
    """The two clocks of a letter: the legal term, and the office's internal one."""

    LEGAL = "legal", _("Legal")
    INTERNAL = "internal", _("Internal")


class DeadlineRule(models.Model):
    """By when letters of a kind are answered. Every figure is data of the office.

    The legal clock is the letter's, the internal one that of the department which has it. A rule
    with a department goes before the one of its kind without, then one with a `channel` before the
    one of all channels (""). `weekdays` are the ISO numbers (1 is
    Monday) of the days on which the office works. `basis` names the text of law or the decision
    that the figure comes from, `appeal` the ways of appeal against the answer or the silence, as
    the receipt words them (the office's own words where it is empty). `extension_days` is what one
    extension adds; 0: there is none.
    """

    class Unit(models.TextChoices):
        CALENDAR = "calendar", _("Calendar days")
        WORKING = "working", _("Working days")

    class Start(models.TextChoices):
        RECEIVED = "received", _("Receipt of the letter")
        COMPLETE = "complete", _("The file being complete")
        ASSIGNED = "assigned", _("Assignment to the department")

    class Silence(models.TextChoices):
        NONE = "none", pgettext_lazy("effect of silence", "None")
        APPROVAL = "approval", _("Silence means approval")
        REFUSAL = "refusal", _("Silence means refusal")

    kind = models.ForeignKey(
        LetterKind, on_delete=models.PROTECT, related_name="deadlines", verbose_name=_("kind")
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    channel = models.CharField(
        _("channel"), max_length=20, choices=Channel, blank=True, default="", db_default=""
    )
    clock = models.CharField(
        _("clock"), max_length=8, choices=Which, default=Which.LEGAL, db_default="legal"
    )
    days = models.PositiveSmallIntegerField(_("days"))
    unit = models.CharField(_("unit"), max_length=8, choices=Unit)
    start_from = models.CharField(
        _("starts from"), max_length=8, choices=Start, default=Start.RECEIVED, db_default="received"
    )
    weekdays = models.CharField(_("working weekdays"), max_length=7, default="12345")
    first_day_counts = models.BooleanField(
        _("the first day counts"), default=False, db_default=False
    )
    moves = models.BooleanField(_("moves to the next open day"), default=True, db_default=True)
    stop_ends_count = models.BooleanField(
        _("first and last day of a stop count"), default=False, db_default=False
    )
    extension_days = models.PositiveSmallIntegerField(_("extension"), default=0, db_default=0)
    silence = models.CharField(
        _("effect of silence"),
        max_length=8,
        choices=Silence,
        default=Silence.NONE,
        db_default="none",
    )
    basis_ar = models.CharField(_("basis in Arabic"), max_length=200, blank=True)
    basis_fr = models.CharField(_("basis in French"), max_length=200, blank=True)
    basis_en = models.CharField(_("basis in English"), max_length=200, blank=True)
    appeal_ar = models.CharField(
        _("ways of appeal in Arabic"), max_length=600, blank=True, default="", db_default=""
    )
    appeal_fr = models.CharField(
        _("ways of appeal in French"), max_length=600, blank=True, default="", db_default=""
    )
    appeal_en = models.CharField(
        _("ways of appeal in English"), max_length=600, blank=True, default="", db_default=""
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "clock", "channel"],
                condition=Q(department__isnull=True),
                name="one_deadline_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["kind", "clock", "department", "channel"],
                condition=Q(department__isnull=False),
                name="one_deadline_of_a_service",
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="deadline_at_least_a_day"),
            models.CheckConstraint(
                condition=Q(unit__in=["calendar", "working"]), name="deadline_unit_known"
            ),
            models.CheckConstraint(
                condition=Q(clock="internal")
                | Q(clock="legal", start_from__in=["received", "complete"]),
                name="deadline_clock_and_start_known",
            ),
            models.CheckConstraint(
                condition=Q(start_from__in=["received", "complete", "assigned"]),
                name="deadline_start_known",
            ),
            models.CheckConstraint(
                condition=Q(silence="none") | Q(silence__in=["approval", "refusal"], clock="legal"),
                name="deadline_silence_known",
            ),
            models.CheckConstraint(
                condition=Q(weekdays__regex=r"^1?2?3?4?5?6?7?$") & ~Q(weekdays=""),
                name="deadline_weekdays_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_id}: {self.days} {self.unit}"


class ClockStop(Sealed):
    """A stop of a letter's clocks from a day on, until a person or the citizen restarts them."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="clock_stops")
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    waits = models.BooleanField(_("waiting for the citizen"), default=False)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    stopped_at = models.DateTimeField()
    restarted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    restarted_at = models.DateTimeField(null=True, blank=True)
    restart_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["stopped_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(to_on__isnull=True), name="one_open_stop"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="stop_needs_a_reason"),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True, restarted_at__isnull=True)
                | Q(to_on__gte=F("from_on"), restarted_at__isnull=False),
                name="stop_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} stands from {self.from_on}"


class ClockExtension(Sealed):
    """An extension of a letter's term: once, with a reason."""

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="clock_extension")
    days = models.PositiveSmallIntegerField(_("days"))
    reason = models.CharField(_("reason"), max_length=500)
    extended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    extended_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="extension_needs_a_reason"),
            models.CheckConstraint(condition=Q(days__gte=1), name="extension_at_least_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} + {self.days}"


class Reminder(models.Model):
    """A reminder to a person that a letter is due: each due reminder once.

    `days_left` is how many days before the due date it belongs to; negative ones are past it.
    `instead_of` is the absent person for whom the reminded one stood in; None for one's own.
    """

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="reminders")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="+")
    clock = models.CharField(max_length=8, choices=Which)
    due_on = models.DateField()
    days_left = models.SmallIntegerField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminders"
    )
    instead_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "department", "clock", "due_on", "days_left", "person"],
                name="one_reminder",
            ),
            models.CheckConstraint(
                condition=Q(clock__in=["legal", "internal"]), name="reminder_clock_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["person"], condition=Q(mailed_at__isnull=True), name="reminder_unmailed"
            ),
            models.Index(
                fields=["person", "-made_at"],
                condition=Q(seen_at__isnull=True),
                name="reminder_unseen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id}: {self.days_left} days to {self.due_on}"

"""Tables of disposal: lists and their letters, legal holds, and files that are gone on a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from org.models import Department, RetentionText
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.models.sealed import Sealed

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

REASON = 500  # characters


class DisposalList(models.Model):
    """Letters whose time is over, and what is to become of them.

    Proposed by one person, reviewed, approved by another who has the right, then executed.
    `department` is the one whose archivist may decide; without one it takes an archivist of the
    whole office. `digest` is of the numbers and hashes of what was destroyed, as an act holds it.
    """

    class State(models.TextChoices):
        NEW = "new", _("Proposed")
        REVIEWED = "reviewed", _("Reviewed")
        APPROVED = "approved", pgettext_lazy("disposal list", "Approved")
        EXECUTING = "executing", _("Being executed")
        EXECUTED = "executed", _("Executed")
        REFUSED = "refused", pgettext_lazy("disposal list", "Refused")

    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    fate = models.CharField(_("what then"), max_length=8, choices=RetentionText.Fate)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    remark = models.CharField(_("remark"), max_length=REASON, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.NEW)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=REASON, blank=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ordered_at = models.DateTimeField(null=True)
    executed_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    certificate = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+"
    )

    if TYPE_CHECKING:
        entries: RelatedManager[DisposalEntry]

    class Meta:
        ordering = ["-year", "-serial"]
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="one_disposal_list"),
            models.CheckConstraint(
                condition=Q(fate__in=["destroy", "transfer"]), name="disposal_fate_known"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(state="refused")
                | ~Q(decided_by=F("proposed_by")),
                name="disposal_needs_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "executing", "executed"])
                | Q(decided_by__isnull=False, reviewed_by__isnull=False),
                name="disposal_was_decided",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number by which papers name the list."""
        return f"{self.year}/EL/{self.serial:04d}"


class DisposalEntry(models.Model):
    """A letter on a disposal list, and what became of it.

    `files` are the hashes and sizes of what was there, `package` the hash of the package that went
    to the archives. `why` is a code of `registry.disposal.obstacles` for a letter that stays, or a
    person's reason for leaving it out.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("on the list")
        LEFT_OUT = "left_out", _("left out")
        STAYS = "stays", _("stays")
        DONE = "done", _("done")

    disposal = models.ForeignKey(DisposalList, on_delete=models.PROTECT, related_name="entries")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="disposals")
    closed_on = models.DateField()
    over_on = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    why = models.CharField(max_length=REASON, blank=True)
    files = models.JSONField(default=list)
    package = models.CharField(max_length=64, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "disposal entries"
        constraints = [
            models.UniqueConstraint(fields=["disposal", "letter"], name="once_on_a_disposal_list"),
            models.UniqueConstraint(
                fields=["letter"],
                condition=Q(state="waiting"),
                name="on_one_disposal_list_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["disposal", "state", "id"], name="disposal_entries")]

    def __str__(self) -> str:
        return f"{self.letter_id} on {self.disposal_id}: {self.state}"


class LegalHold(Sealed):
    """A letter that stays whatever its time says, with a reason, until somebody lifts it."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(_("reason"), max_length=REASON)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True)
    lifted_because = models.CharField(max_length=REASON, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(lifted_at__isnull=True), name="one_legal_hold"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="legal_hold_needs_a_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because=""),
                name="legal_hold_lifted_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-placed_at"], condition=Q(lifted_at__isnull=True), name="legal_hold_open"
            )
        ]

    def __str__(self) -> str:
        return f"hold of {self.letter_id}"


class GoneFile(models.Model):
    """Bytes that a disposal list has taken from the vault, or is going to take.

    A deposit of the same bytes meanwhile takes the row back (`registry.files.stored`).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("to be deleted")
        LOCKED = "locked", _("locked in the store")
        REFUSED = "refused", _("refused by the store")
        GONE = "gone", _("deleted")

    sha256 = models.CharField(max_length=64, unique=True)
    disposal = models.ForeignKey(DisposalList, on_delete=models.PROTECT, related_name="files")
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    locked_until = models.DateTimeField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=~Q(state="gone"), name="file_not_gone_yet")
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]}: {self.state}"


class Erasing(models.Model):
    """What the triggers let go of while a letter on a list is being disposed of, and no longer.

    `row` is the key of a letter or of one of its documents. The rows are made and removed in the
    transaction of the disposal, and the ledger keeps both. A migration that makes this table anew
    on SQLite must take the triggers of `registry.append_only` away first.
    """

    row = models.UUIDField(primary_key=True)
    entry = models.ForeignKey(DisposalEntry, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.row)

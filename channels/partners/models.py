"""The tables of partner systems: the partners, their keys, their letters, and messages to them."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from channels.kinds import HookType
from registry.models.letters import Letter

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


def _any_change() -> list[str]:
    return [str(HookType.CHANGED)]


def _message_id() -> str:
    return f"msg_{secrets.token_hex(16)}"


class Partner(models.Model):
    """A body whose system deposits letters here, and is notified of their progress.

    `webhook_url` is where, `webhook_events` of what (values of HookType), since `webhook_since`.
    `webhook_turn` counts the secrets that it had; the one before signs too until
    `webhook_old_until`. `webhook_off_at`: since when nothing is sent any more, and why.
    """

    class Off(models.TextChoices):
        GONE = "gone", _("The partner’s system answered that the address is gone (410).")
        FAILING = "failing", _("The partner’s system took no message for days.")

    name = models.CharField(_("name"), max_length=200, unique=True)
    webhook_url = models.CharField(max_length=400, blank=True, default="")
    webhook_turn = models.PositiveIntegerField(default=0)
    webhook_events = models.JSONField(default=_any_change)
    webhook_contact = models.EmailField(blank=True, default="")
    webhook_since = models.DateTimeField(null=True)
    webhook_old_until = models.DateTimeField(null=True)
    webhook_failing_since = models.DateTimeField(null=True)
    webhook_off_at = models.DateTimeField(null=True)
    webhook_off_why = models.CharField(max_length=12, choices=Off, blank=True, default="")

    if TYPE_CHECKING:
        letters: RelatedManager[PartnerLetter]
        keys: RelatedManager[PartnerKey]
        deliveries: RelatedManager[Delivery]

    def __str__(self) -> str:
        return self.name


class PartnerKey(models.Model):
    """A key of a partner; only the hash of its secret is stored; `public` finds the row.

    A revoked key stays, so that it is known what came with it. One that another replaces is valid
    until `ends_at`.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="keys")
    public = models.CharField(max_length=12, unique=True)
    secret_hash = models.CharField(max_length=64)
    may_deposit = models.BooleanField(default=False)
    may_follow = models.BooleanField(default=False)
    per_hour = models.PositiveIntegerField(default=600)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField()
    used_on = models.DateField(null=True)
    ends_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(may_deposit=True) | Q(may_follow=True), name="partner_key_opens_a_door"
            ),
            models.CheckConstraint(condition=Q(per_hour__gte=1), name="partner_key_is_limited"),
        ]

    def __str__(self) -> str:
        return self.public


class PartnerLetter(models.Model):
    """A letter that a partner's system deposited.

    Not sealed: the letter's own event names the key that it came with. `told_version` is the last
    version for which messages were written.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="letters")
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="from_partner")
    told_version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.letter_id}"


class Delivery(models.Model):
    """A message to a partner's system, with what became of it.

    `message_id` stays the same however often it is sent, so that the receiver takes it once.
    `tries` are the latest attempts: {"at", "status", "error"}.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Arrived")
        FAILED = "failed", _("Did not arrive")
        SUPERSEDED = "superseded", _("Replaced by a newer one")

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="deliveries")
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, related_name="+")
    message_id = models.CharField(max_length=40, unique=True, default=_message_id)
    type = models.CharField(max_length=40)
    body = models.TextField()
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    round = models.PositiveIntegerField(default=0)
    tries = models.JSONField(default=list)
    answer_code = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=40, blank=True, default="")
    made_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["partner", "-id"], name="delivery_of_partner"),
            models.Index(fields=["made_at"], name="delivery_made"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.type} ({self.state})"

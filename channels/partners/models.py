"""The tables of partner systems: the partners, their keys, their letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models.letters import Letter

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Partner(models.Model):
    """A body whose system deposits letters here, and is notified of their progress.

    `webhook_url` is where; `webhook_turn` counts the secrets that it had.
    """

    name = models.CharField(_("name"), max_length=200, unique=True)
    webhook_url = models.CharField(max_length=400, blank=True, default="")
    webhook_turn = models.PositiveIntegerField(default=0)

    if TYPE_CHECKING:
        letters: RelatedManager[PartnerLetter]

    def __str__(self) -> str:
        return self.name


class PartnerKey(models.Model):
    """A key of a partner; only the hash of its secret is stored; `public` finds the row.

    A revoked key stays, so that it is known what came with it.
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

    Not sealed: the letter's own event names the key that it came with.
    """

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="letters")
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="from_partner")
    told_version = models.PositiveIntegerField(default=0)
    parked = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.partner_id}: {self.letter_id}"

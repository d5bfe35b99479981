"""Tables of banks: partners, their secrets, postings, calls. Amounts are integer centimes."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from eservices.payments.models import Payment

USUAL_CALLS: Final = 30_000  # a minute


class BankPartner(models.Model):
    """A bank that fetches bills and posts payments. Limits of 0 are none."""

    class Right(models.TextChoices):
        FETCH = "fetch", _("Fetch bills")
        PAY = "pay", _("Post payments")
        REVERSE = "reverse", _("Take payments back")
        SETTLE = "settle", _("Read settlements")

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200, blank=True)
    active = models.BooleanField(default=True)
    rights = models.JSONField(default=list)  # values of Right
    most_a_payment = models.BigIntegerField(default=0)
    most_a_day = models.BigIntegerField(default=0)
    calls_a_minute = models.PositiveIntegerField(default=USUAL_CALLS)
    fee_fixed = models.BigIntegerField(default=0)  # of one posting
    fee_rate = models.DecimalField(max_digits=6, decimal_places=3, default=0)  # percent
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.code


class PartnerSecret(models.Model):
    """A secret of a partner, enciphered; two at most hold at once, so that it can be changed."""

    partner = models.ForeignKey(BankPartner, on_delete=models.PROTECT, related_name="secrets")
    sealed = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ends_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.partner_id} {self.made_at}"


class Posting(models.Model):
    """A payment that a partner posted, by its own reference; reversed the same day or never."""

    class State(models.TextChoices):
        POSTED = "posted", _("Posted")
        REVERSED = "reversed", _("Reversed")

    partner = models.ForeignKey(BankPartner, on_delete=models.PROTECT, related_name="postings")
    reference = models.CharField(max_length=80)
    body_hash = models.CharField(max_length=64)
    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="posting")
    state = models.CharField(max_length=8, choices=State, default=State.POSTED)
    channel = models.CharField(max_length=40, blank=True)
    fee = models.BigIntegerField(default=0)
    on = models.DateField()
    posted_at = models.DateTimeField()
    reversed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "reference"], name="one_posting"),
            models.CheckConstraint(
                condition=Q(state="posted", reversed_at=None)
                | Q(state="reversed", reversed_at__isnull=False),
                name="posting_reversed_at",
            ),
        ]
        indexes = [models.Index(fields=["partner", "on", "id"], name="posting_day")]

    def __str__(self) -> str:
        return self.reference


class PartnerCount(models.Model):
    """How often a kind of call of a partner had an outcome on a day, and how long the slowest took.

    The status page's figures; without a partner: calls that were refused since nobody known signed.
    """

    code = models.CharField(max_length=40, blank=True)
    on = models.DateField()
    call = models.CharField(max_length=16)  # fetch, pay, show, reverse, settle
    outcome = models.CharField(max_length=24)  # found, posted, already_paid, …
    count = models.PositiveIntegerField(default=0)
    spent = models.PositiveBigIntegerField(default=0)  # milliseconds, all calls together
    slowest = models.PositiveIntegerField(default=0)  # milliseconds
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "on", "call", "outcome"], name="one_partner_count"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.on} {self.call} {self.outcome}"

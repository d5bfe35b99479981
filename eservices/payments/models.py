"""Tables of payments: attempts, payments, refunds, cashiers' days, bank lines, the journal.

Amounts are integer centimes.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from eservices.bills.models import Bill
from eservices.money import CURRENCY
from eservices.payments.bank_models import BankFile as BankFile
from eservices.payments.bank_models import BankLine as BankLine
from eservices.payments.bank_models import DebitLine as DebitLine
from eservices.payments.bank_models import DebitMandate as DebitMandate
from eservices.payments.bank_models import DebitRun as DebitRun
from eservices.people.models import Person
from org.columns import EncipheredText
from registry.models.files import StoredFile


class Channel(models.TextChoices):
    """How money came."""

    CARD = "card", _("Card, on the web")
    CASH = "cash", _("Cash")
    CHEQUE = "cheque", _("Cheque")
    TERMINAL = "terminal", _("Card, at the counter")
    TRANSFER = "transfer", _("Bank transfer")
    DEBIT = "debit", _("Direct debit")
    BANK = "bank", _("Bank's application")


class Attempt(models.Model):
    """One try to pay by a gateway; a new order id each time.

    Terminal states (paid, refused, expired) never go back, but for a refusal that the gateway
    itself follows by a success of the same order. `answer` is the raw signed answer.
    """

    class State(models.TextChoices):
        CREATED = "created", _("Begun")
        SENT = "sent", _("At the bank")
        PAID = "paid", _("Paid")
        REFUSED = "refused", _("Refused")
        EXPIRED = "expired", _("Expired")
        UNKNOWN = "unknown", _("To be found out")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    oid = models.CharField(max_length=64, unique=True)
    gateway = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=State, default=State.CREATED)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3, default=CURRENCY)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    language = models.CharField(max_length=2, default="fr")
    email = EncipheredText(max_length=254, blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # the gateway's status, by the job
    taken_at = models.DateTimeField(null=True)  # the gateway told that it has taken the money
    answer = models.TextField(blank=True)
    code = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "made_at"], name="attempt_state"),
            models.Index(
                fields=["ended_at"],
                condition=Q(state="paid", taken_at=None),
                name="attempt_not_taken",
            ),
        ]

    def __str__(self) -> str:
        return self.oid


class AttemptLine(models.Model):
    """A bill that an attempt would pay, and how much of it."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="lines")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["attempt", "bill"], name="one_attempt_line"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.amount}"


class CashierDay(models.Model):
    """A cashier's day at a desk: what was in the drawer, what came, what was counted."""

    cashier = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cashier_days"
    )
    number = models.CharField(max_length=40, blank=True)  # of its page, once it is closed
    desk = models.CharField(max_length=40, blank=True)
    opened_at = models.DateTimeField()
    opening = models.BigIntegerField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    counted = models.BigIntegerField(null=True)
    expected = models.BigIntegerField(null=True)
    difference = models.BigIntegerField(null=True)
    remark = models.CharField(max_length=500, blank=True)
    counts = models.JSONField(default=dict)  # by channel: {"cash": {"count", "total"}, …}
    page = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cashier"], condition=Q(closed_at=None), name="one_open_cashier_day"
            ),
        ]
        indexes = [models.Index(fields=["-opened_at", "-id"], name="cashier_day_newest")]

    def __str__(self) -> str:
        return f"{self.cashier_id} {self.opened_at}"


class Payment(models.Model):
    """Money that came in, with its numbered receipt. Never changed but for `receipt_file`.

    `allocated` was set against bills when it came; what is above that waits for a refund. A
    reversal or refund is a row of its own (`Refund`), with allocations that take back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    receipt = models.CharField(max_length=40, unique=True)
    channel = models.CharField(max_length=10, choices=Channel)
    amount = models.BigIntegerField()
    allocated = models.BigIntegerField()
    currency = models.CharField(max_length=3, default=CURRENCY)
    paid_at = models.DateTimeField()
    posted_at = models.DateTimeField()
    attempt = models.OneToOneField(
        Attempt, on_delete=models.PROTECT, null=True, related_name="payment"
    )
    cashier_day = models.ForeignKey(
        CashierDay, on_delete=models.PROTECT, null=True, related_name="payments"
    )
    partner = models.CharField(max_length=40, blank=True)
    reference = models.CharField(max_length=80, blank=True)  # partner's, cheque's, bank line's
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    payer = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, default="fr")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    click = models.CharField(max_length=64, blank=True)  # digest of the cashier's form
    receipt_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["by", "click"], condition=~Q(click=""), name="one_payment_a_click"
            ),
            models.UniqueConstraint(
                fields=["partner", "reference"],
                condition=~Q(partner=""),
                name="one_posting_a_reference",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, allocated__gte=0, allocated__lte=models.F("amount")),
                name="payment_amounts",
            ),
        ]
        indexes = [
            models.Index(fields=["-posted_at", "-id"], name="payment_newest"),
            models.Index(fields=["channel", "-posted_at"], name="payment_channel"),
            models.Index(fields=["person", "-posted_at"], name="payment_person"),
            models.Index(fields=["reference"], name="payment_reference"),
            models.Index(
                fields=["-posted_at", "-id"],
                condition=Q(amount__gt=models.F("allocated")),
                name="payment_loose",
            ),
        ]

    def __str__(self) -> str:
        return self.receipt


class Refund(models.Model):
    """Money that goes back: requested by one, approved by another (a partner's reversal by none).

    `payment` is what is paid back, or `credit` the credit note.
    """

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")
        PAID = "paid", _("Paid out")
        REVERSED = "reversed", _("Reversed the same day")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, null=True, related_name="refunds"
    )
    credit = models.ForeignKey(Bill, on_delete=models.PROTECT, null=True, related_name="refunds")
    amount = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    reason = models.CharField(max_length=500)
    way = models.CharField(max_length=10, choices=Channel, blank=True)
    account = models.CharField(max_length=40, blank=True)  # RIB, 24 digits, for a transfer
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    remark = models.CharField(max_length=500, blank=True)
    paid_at = models.DateTimeField(null=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reference = models.CharField(max_length=80, blank=True)
    # Out of whose drawer it was paid in cash.
    cashier_day = models.ForeignKey(
        CashierDay, on_delete=models.PROTECT, null=True, related_name="refunds"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount"),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | Q(asked_by=None)
                | ~Q(decided_by=models.F("asked_by")),
                name="refund_four_eyes",
            ),
        ]
        indexes = [models.Index(fields=["state", "asked_at", "id"], name="refund_state")]

    def __str__(self) -> str:
        return str(self.pk)


class Series(models.Model):
    """The last number of a series of one year: receipts, fees, cashiers' pages; no gaps."""

    code = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "year"], name="one_payment_series")]

    def __str__(self) -> str:
        return f"{self.code} {self.year}"


class JournalEntry(models.Model):
    """One step of money: append-only, each hash covers the one before it.

    `subject` names what it is about (an order id, a receipt, a refund, a day).
    """

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=32)
    subject = models.CharField(max_length=80, db_index=True)
    amount = models.BigIntegerField(default=0)
    actor = models.CharField(max_length=80, blank=True)  # "user:ID", "partner:CODE", "gateway:…"
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.seq} {self.kind}"

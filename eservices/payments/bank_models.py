"""Tables of what goes through banks' files: credits, mandates and runs of direct debits."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from eservices.bills.models import Bill
from eservices.money import CURRENCY
from registry.models.files import StoredFile


class BankFile(models.Model):
    """A statement or list of credits of the bank (camt.053, camt.054, MT940); read once."""

    class Format(models.TextChoices):
        CAMT053 = "camt.053", "camt.053"
        CAMT054 = "camt.054", "camt.054"
        MT940 = "mt940", "MT940"

    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, unique=True)
    format = models.CharField(max_length=10, choices=Format)
    account = models.CharField(max_length=40, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    debits = models.PositiveIntegerField(default=0)  # other debits: not kept
    read_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return self.name


class BankLine(models.Model):
    """A credit on the bank account, matched with bills, proposed, waiting, or set aside.

    An entry that takes a credit back is a line of negative amount: `returns` is the credit, or what
    it is a part of, and `refund` what a person took back for it. One that takes a whole batch back
    has its credits in `batch` instead.

    `bank_reference` is the bank's own for the entry; `key` identifies the same entry in another
    file, `entry_key` the entry that a transaction is a part of (`eservices.payments.bank_entries`).
    """

    class State(models.TextChoices):
        MATCHED = "matched", _("Matched")
        PROPOSED = "proposed", _("Proposal")
        UNMATCHED = "unmatched", _("Not matched")
        ASIDE = "aside", _("Set aside")
        RETURNED = "returned", _("Returned: to decide")
        TAKEN_BACK = "taken_back", _("Return dealt with")

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    bank_reference = models.CharField(max_length=120, blank=True)
    key = models.CharField(max_length=64, unique=True)
    entry_key = models.CharField(max_length=64, blank=True, db_index=True)
    end_to_end = models.CharField(max_length=40, blank=True)
    reversal = models.BooleanField(default=False)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3, default=CURRENCY)
    booked_on = models.DateField()
    reference = models.CharField(max_length=1000, blank=True)  # structured ones, "; " between
    text = models.CharField(max_length=500, blank=True)
    payer = models.CharField(max_length=200, blank=True)
    payer_account = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.UNMATCHED)
    proposals = models.JSONField(default=list)  # [{"bills": [{"number", "amount"}], "why": code}]
    why = models.CharField(max_length=40, blank=True)
    payment = models.OneToOneField(
        "payments.Payment", on_delete=models.PROTECT, null=True, related_name="bank_line"
    )
    returns = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="returned_by"
    )
    batch = models.ManyToManyField("self", symmetrical=False, related_name="returned_in")
    refund = models.OneToOneField(
        "payments.Refund", on_delete=models.PROTECT, null=True, related_name="bank_line"
    )
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    remark = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "position"], name="one_bank_line"),
        ]
        indexes = [
            models.Index(fields=["state", "booked_on", "id"], name="bank_line_state"),
            models.Index(fields=["amount", "booked_on"], name="bank_line_amount"),
            models.Index(
                fields=["bank_reference"], condition=~Q(bank_reference=""), name="bank_line_own"
            ),
            models.Index(
                fields=["end_to_end"], condition=~Q(end_to_end=""), name="bank_line_end_to_end"
            ),
            models.Index(
                fields=["payer_account"], condition=~Q(payer_account=""), name="bank_line_payer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.position}"

    @property
    def takes_back(self) -> bool:
        """Whether the bank takes an earlier credit back by it."""
        return self.amount < 0


class DebitMandate(models.Model):
    """A customer's leave to debit an account for a contract's bills."""

    contract = models.ForeignKey(
        "contracts.Contract", on_delete=models.PROTECT, related_name="debit_mandates"
    )
    account = models.CharField(max_length=40)  # RIB, 24 digits
    holder = models.CharField(max_length=200)
    reference = models.CharField(max_length=40, unique=True)
    signed_on = models.DateField()
    ended_on = models.DateField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract"], condition=Q(ended_on=None), name="one_debit_mandate"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class DebitRun(models.Model):
    """A file of direct debits that was made for the bank."""

    number = models.CharField(max_length=35, unique=True)
    collect_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    count = models.PositiveIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.made_at)


class DebitLine(models.Model):
    """A bill that a run would debit; `reference` is our name for it, which the bank gives back."""

    class State(models.TextChoices):
        SENT = "sent", _("At the bank")
        PAID = "paid", _("Collected")
        RETURNED = "returned", _("Sent back")

    run = models.ForeignKey(DebitRun, on_delete=models.PROTECT, related_name="lines")
    mandate = models.ForeignKey(DebitMandate, on_delete=models.PROTECT, related_name="+")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="debits")
    amount = models.BigIntegerField()
    reference = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.SENT)
    ended_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bill"], condition=Q(state="sent"), name="one_debit_at_the_bank"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

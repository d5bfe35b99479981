"""Tables of bills. Amounts are integer centimes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from eservices.contracts.models import Contract, Service
from eservices.money import CURRENCY
from eservices.requests.models import Request
from registry.models.files import StoredFile


class Bill(models.Model):
    """What a customer owes or, for a credit note (negative total), is owed.

    An invoice or credit comes from the billing system; a fee is our own, for a request whose
    quotation was accepted or whose service has a price.

    `billed` is what remains as the billing system last told it, less what was handed over to it
    since; `remaining` is what may still be paid: `billed` less the allocations that it does not
    know yet, never more than `total` less all allocations, never below 0 for a bill; `overpaid`
    is what was paid above the total, twice or before a correction
    (`eservices.bills.remaining` alone writes the three).
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", _("Bill")
        CREDIT = "credit", _("Credit note")
        FEE = "fee", _("Fee")

    number = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.INVOICE)
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, null=True, related_name="bills"
    )
    request = models.ForeignKey(Request, on_delete=models.PROTECT, null=True, related_name="bills")
    service = models.CharField(max_length=12, choices=Service, blank=True)
    period_from = models.DateField(null=True)
    period_to = models.DateField(null=True)
    issued_on = models.DateField()
    due_on = models.DateField(null=True)
    previous_index = models.BigIntegerField(null=True)
    index = models.BigIntegerField(null=True)
    estimated = models.BooleanField(default=False)
    total = models.BigIntegerField()
    billed = models.BigIntegerField()
    remaining = models.BigIntegerField()
    overpaid = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, default=CURRENCY)
    partial = models.BooleanField(default=False)  # may be paid in parts
    subject = models.CharField(max_length=200, blank=True)  # of a fee
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    xml = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    line_hash = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["contract", "-issued_on", "-id"], name="bill_of_contract"),
            models.Index(
                fields=["contract", "due_on", "id"],
                condition=Q(remaining__gt=0),
                name="bill_due",
            ),
            models.Index(fields=["-due_on", "-id"], condition=Q(remaining__gt=0), name="bill_late"),
            models.Index(fields=["id"], condition=Q(overpaid__gt=0), name="bill_overpaid"),
            models.Index(
                fields=["id"], condition=Q(told_at=None, kind="invoice"), name="bill_not_told"
            ),
            models.Index(
                fields=["request"], condition=Q(request__isnull=False), name="bill_of_request"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BillLine(models.Model):
    """A line of a bill: a band of consumption, a fixed charge, a tax. Net and tax in centimes."""

    bill = models.ForeignKey(Bill, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=200)
    band = models.CharField(max_length=40, blank=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    unit = models.CharField(max_length=20, blank=True)
    price = models.DecimalField(max_digits=14, decimal_places=4, null=True)  # of a unit, in MAD
    net = models.BigIntegerField()
    tax_rate = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    tax = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bill", "position"], name="one_bill_line"),
        ]

    def __str__(self) -> str:
        return f"{self.bill_id} {self.position}"


class Settled(models.Model):
    """What the billing system says was paid elsewhere (or taken back: negative), in centimes."""

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="settled")
    on = models.DateField()
    amount = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["bill", "id"], name="settled_of_bill")]

    def __str__(self) -> str:
        return f"{self.bill_id} {self.amount}"


class Allocation(models.Model):
    """A part of a payment that is set against a bill, in centimes; negative takes one back.

    Never changed. `handed_over` names the export that reported it to the billing system. The
    payment is named by its receipt number, since payments stand above bills.
    """

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="allocations")
    receipt = models.CharField(max_length=40, db_index=True)
    amount = models.BigIntegerField()
    at = models.DateTimeField()
    handed_over = models.ForeignKey(
        "PaymentExport", on_delete=models.PROTECT, null=True, related_name="allocations"
    )

    class Meta:
        indexes = [
            models.Index(fields=["bill", "id"], name="allocation_of_bill"),
            models.Index(fields=["id"], condition=Q(handed_over=None), name="allocation_not_told"),
        ]

    def __str__(self) -> str:
        return f"{self.receipt} {self.amount}"


class PaymentExport(models.Model):
    """Allocations that were exported to the billing system as one file."""

    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    count = models.PositiveIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.made_at)

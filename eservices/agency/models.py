"""Tables of the digital agency: what requests are to pay, schedules, changes for billing.

Amounts are integer centimes.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from eservices.bills.models import Bill
from eservices.contracts.models import Contract
from eservices.requests.models import Quotation, Request


class Charge(models.Model):
    """What a request will cost, written before there is something to pay (a deposit, costs).

    It becomes a fee (`bill`) when the request comes to its payment. One of 0 says that nothing is
    to be paid.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="charges")
    subject = models.CharField(max_length=200)
    amount = models.BigIntegerField()
    quotation = models.OneToOneField(
        Quotation, on_delete=models.PROTECT, null=True, related_name="charge"
    )
    bill = models.OneToOneField(Bill, on_delete=models.PROTECT, null=True, related_name="charge")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="charge_amount"),
        ]
        indexes = [models.Index(fields=["request", "id"], name="charge_of_request")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.amount}"


class Due(models.Model):
    """A bill of a contract that a request waits for, or is about; our own fees are `request.bills`.

    A `final` one is the final bill of a cancellation, also where it is a credit note.
    """

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="dues")
    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="dues")
    final = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "bill"], name="one_due")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.bill_id}"


class Plan(models.Model):
    """A schedule for bills that are paid in parts: the request's dues. Accepted by the citizen.

    The parts are paid on the bills themselves, so that a debt is never there twice.
    """

    request = models.OneToOneField(Request, on_delete=models.PROTECT, related_name="plan")
    total = models.BigIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.request_id} {self.total}"


class Instalment(models.Model):
    """A part of a schedule: how much by which day."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="instalments")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    amount = models.BigIntegerField()
    told_at = models.DateTimeField(null=True)  # the citizen, that it is late

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="one_instalment"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="instalment_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.number}"


class ChangesExport(models.Model):
    """Changes of contracts that were exported to the billing system as one file."""

    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    count = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return str(self.made_at)


class ContractChange(models.Model):
    """What a request changed in a contract: proposed to the billing system, whose word is last."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Opened")
        METER = "meter", _("Meter set")
        ACTIVATED = "activated", _("Activated")
        CLOSED = "closed", _("Closed")
        CHANGED = "changed", _("Data changed")
        DROPPED = "dropped", _("Given up before it was active")

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="changes")
    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="contract_changes")
    kind = models.CharField(max_length=10, choices=Kind)
    on = models.DateField()
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    handed_over = models.ForeignKey(
        ChangesExport, on_delete=models.PROTECT, null=True, related_name="changes"
    )

    class Meta:
        indexes = [
            models.Index(fields=["request", "id"], name="change_of_request"),
            models.Index(
                fields=["id"], condition=models.Q(handed_over=None), name="change_not_told"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.kind}"

"""Tables of contracts: contracts, their meters and holders, what happened to them, imports."""

from __future__ import annotations

import re
import uuid
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from eservices.people.models import Person
from org.columns import BlindIndex, EncipheredText
from registry.models.files import StoredFile

_ARABIC: Final = re.compile(r"[\u0621-\u064a]")


class Service(models.TextChoices):
    """What is delivered; a contract may have several."""

    WATER = "water", _("Water")
    ELECTRICITY = "electricity", _("Electricity")
    SEWAGE = "sewage", _("Sewage")

    @property
    def unit(self) -> str:
        """The unit in which it is measured."""
        return "kWh" if self == Service.ELECTRICITY else "m³"


class Contract(models.Model):
    """A contract as the billing system gives it.

    `number` is as it is written, `number_key` as `language.reach.number_key` spells it: people type
    that. `access_hash` is keyed; the code itself is printed on the bill alone. `line_hash` is that
    of the last imported line: one that is the same changes nothing.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("Being set up")
        ACTIVE = "active", pgettext_lazy("contract", "Active")
        SUSPENDED = "suspended", pgettext_lazy("contract", "Suspended")
        CLOSED = "closed", pgettext_lazy("contract", "Closed")

    class CustomerType(models.TextChoices):
        PERSON = "person", pgettext_lazy("customer", "Person")
        COMPANY = "company", _("Company")
        INSTITUTION = "institution", _("Institution")

    number = models.CharField(max_length=40, unique=True)
    number_key = models.CharField(max_length=40, unique=True)
    customer_name = models.CharField(max_length=200)
    # Folded words of the name in both scripts, as `Person.name_key`.
    name_key = models.CharField(max_length=400, blank=True, db_index=True)
    customer_type = models.CharField(
        max_length=12, choices=CustomerType, default=CustomerType.PERSON
    )
    email = EncipheredText(max_length=254, blank=True)
    email_key = BlindIndex(max_length=254, blank=True)
    phone = EncipheredText(max_length=40, blank=True)
    phone_key = BlindIndex(max_length=40, blank=True)
    language = models.CharField(max_length=2, default="fr")
    address = models.CharField(max_length=300, blank=True)
    city = models.CharField(max_length=100, blank=True)
    sector = models.CharField(max_length=40, blank=True)
    services = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    access_hash = models.CharField(max_length=64, blank=True)
    line_hash = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["sector", "id"], name="contract_sector"),
            models.Index(fields=["status", "id"], name="contract_status"),
            models.Index(fields=["phone_key"], condition=~Q(phone_key=""), name="contract_phone"),
            models.Index(fields=["email_key"], condition=~Q(email_key=""), name="contract_email"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def place(self) -> str:
        """Return address and town in one line, with the comma of the address's script."""
        comma = "، " if _ARABIC.search(self.address) else ", "
        return comma.join(one for one in (self.address, self.city) if one)

    def service_names(self) -> list[str]:
        """Return what is delivered, in words."""
        return [str(Service(code).label) for code in self.services if code in Service.values]


class ContractName(models.Model):
    """A word of a customer's name, as both scripts' spellings share it: names are found by it."""

    contract = models.ForeignKey(
        Contract, on_delete=models.CASCADE, related_name="names", db_index=False
    )
    key = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "key"], name="contract_name_once"),
        ]
        indexes = [models.Index(fields=["key", "contract"], name="contract_name_key")]

    def __str__(self) -> str:
        return self.key


class Meter(models.Model):
    """A meter, the contract that it measures for, and its last index as billing knows it.

    A replaced meter has `removed_on`; `digits` is how many its register shows, so that 99999 is
    followed by 0.
    """

    serial = models.CharField(max_length=40, unique=True)
    serial_key = models.CharField(max_length=40, db_index=True)
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="meters")
    service = models.CharField(max_length=12, choices=Service)
    digits = models.PositiveSmallIntegerField(default=5)
    installed_on = models.DateField(null=True)
    removed_on = models.DateField(null=True)
    last_index = models.BigIntegerField(null=True)
    last_read_on = models.DateField(null=True)
    line_hash = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.serial


class Holder(models.Model):
    """A person who has proven a contract (identity level 2): it is among "my contracts".

    Others act for them by a mandate. `ended_at`: taken off by the person or by staff.
    """

    class Proof(models.TextChoices):
        CODE = "code", _("Code printed on the bill")
        BILL = "bill", _("Number and amount of the last bill")
        STAFF = "staff", _("Seen by staff")
        REQUEST = "request", _("Opened by a request")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="holdings")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="holders")
    proof = models.CharField(max_length=8, choices=Proof)
    proven_at = models.DateTimeField()
    proven_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    label = models.CharField(max_length=80, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "contract"], condition=Q(ended_at=None), name="one_holding"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.contract_id}"


class ProofTry(models.Model):
    """A try to prove a contract that failed; keyed hashes of the contract and of who tried."""

    contract_hash = models.CharField(max_length=64)
    asker_hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["contract_hash", "at"], name="proof_try_contract"),
            models.Index(fields=["asker_hash", "at"], name="proof_try_asker"),
        ]

    def __str__(self) -> str:
        return str(self.at)


class ContractEvent(models.Model):
    """What happened to a contract: imported, changed, proven, read, billed, requested."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=32)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["contract", "-id"], name="contract_events")]

    def __str__(self) -> str:
        return self.kind


class ImportRun(models.Model):
    """A file that was imported (contracts, meters, bills, results, bank files), and its counts.

    `problem` is the code of why the whole file was none of its kind, with `problem_data`.
    `waiting`: it came by the page and lies in parts until a job has taken it.
    """

    class Kind(models.TextChoices):
        CONTRACTS = "contracts", _("Contracts")
        METERS = "meters", _("Meters")
        BILLS = "bills", _("Bills")
        RESULTS = "results", _("Results of readings")
        BANK = "bank", _("Bank file")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    dry_run = models.BooleanField(default=False)
    waiting = models.BooleanField(default=False)
    problem = models.CharField(max_length=40, blank=True)
    problem_data = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    lines = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["-started_at", "-id"], name="import_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at}"


class RefusedLine(models.Model):
    """A line of an imported file that was refused, with the reason as a code and its values."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="refusals")
    line = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["run", "line"], name="refused_line")]

    def __str__(self) -> str:
        return f"{self.line} {self.code}"


class ImportPart(models.Model):
    """A part of a file that waits for its import; deleted with the end of it.

    The vault forgets nothing, and a list of customers with their codes is not for keeping.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="import_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.position}"

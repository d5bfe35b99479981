"""Tables of requests: requests, drafts, messages, quotations, meetings, acceptances."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from eservices.catalogue.models import ServiceType, ServiceTypeVersion
from eservices.people.models import Mandate, Person
from org.columns import BlindIndex, EncipheredJSON, EncipheredText
from registry.models.documents import Document
from registry.models.files import StoredFile
from registry.models.letters import Letter

_OPEN = models.Q(ended_at__isnull=True)


class StageKind(models.TextChoices):
    """What happens in a stage; waiting for the citizen stops the clock."""

    INTAKE = "intake", _("Intake")
    WORK = "work", _("Work")
    WAITING = "waiting_citizen", _("Waiting for the citizen")
    DECISION = "decision", _("Decision")
    PAYMENT = "payment", _("Payment")
    FIELD = "field", _("Field work")
    END = "end", _("End")


class Outcome(models.TextChoices):
    """How a request ended."""

    GRANTED = "granted", _("Granted")
    REFUSED = "refused", pgettext_lazy("request", "Refused")
    NO_ACTION = "no_action", _("No action")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Request(models.Model):
    """A registered letter of a service type, and the stage it has reached.

    `service` and `stage_kind` repeat what version and stage say, so that lists need no join. A
    change of the stage is an event of the letter (`eservices.requests.moving` alone writes it).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="request")
    service = models.ForeignKey(ServiceType, on_delete=models.PROTECT, related_name="requests")
    version = models.ForeignKey(
        ServiceTypeVersion, on_delete=models.PROTECT, related_name="requests"
    )
    answers = EncipheredJSON(default=dict)
    language = models.CharField(max_length=2, default="fr")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="requests")
    on_behalf_of = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="requests_through_others"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, null=True, related_name="+")
    contract_number = models.CharField(max_length=40, blank=True)
    phone_key = BlindIndex(max_length=40, blank=True)  # of the asker: for the centre's search
    email_key = BlindIndex(max_length=254, blank=True)
    stage = models.CharField(max_length=40)
    stage_kind = models.CharField(max_length=16, choices=StageKind)
    stage_since = models.DateTimeField()
    stage_due_on = models.DateField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    trade = models.CharField(max_length=12, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    dangerous = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage_kind="end", ended_at__isnull=False)
                | (~models.Q(stage_kind="end") & models.Q(ended_at__isnull=True)),
                name="request_end_has_day",
            ),
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], name="request_newest"),
            models.Index(fields=["service", "stage", "-opened_at", "-id"], name="request_stage"),
            models.Index(fields=["stage_kind", "stage_due_on", "id"], name="request_due"),
            models.Index(fields=["-opened_at", "-id"], condition=_OPEN, name="request_open"),
            models.Index(  # what is late among the open ones, without reading their rows
                fields=["stage_due_on", "stage_kind", "letter", "id"], condition=_OPEN,
                name="request_open_due",
            ),
            models.Index(fields=["person", "-opened_at"], name="request_person"),
            models.Index(fields=["on_behalf_of", "-opened_at"], name="request_behalf"),
            models.Index(fields=["contract_number", "-opened_at"], name="request_contract"),
            models.Index(fields=["phone_key", "-opened_at"], condition=~models.Q(phone_key=""),
                         name="request_phone"),
            models.Index(fields=["email_key", "-opened_at"], condition=~models.Q(email_key=""),
                         name="request_email"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.pk)


class Draft(models.Model):
    """A form that is not sent yet; resumed by its code as often as wished, for a hundred days.

    `code_hash` is keyed, as that of a letter's code. `contact` is where the code was sent to.
    `answers` are as they were typed, also wrong ones; `asker` is the requester, in the same way.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code_hash = models.CharField(max_length=64, unique=True)
    version = models.ForeignKey(ServiceTypeVersion, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="drafts")
    mandate = models.ForeignKey(Mandate, on_delete=models.SET_NULL, null=True, related_name="+")
    answers = EncipheredJSON(default=dict)
    asker = EncipheredJSON(default=dict)
    language = models.CharField(max_length=2, default="fr")
    page = models.CharField(max_length=40, blank=True)
    contact = EncipheredText(max_length=254, blank=True)
    made_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    request = models.OneToOneField(
        Request, on_delete=models.PROTECT, null=True, related_name="draft"
    )

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="draft_ends")]

    def __str__(self) -> str:
        return str(self.pk)


class DraftFile(models.Model):
    """A file that was chosen in a form that is not sent yet; deleted with its draft.

    `address` is a keyed hash. `complete` once all parts are written.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    piece = models.CharField(max_length=40)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    address = models.CharField(max_length=64)
    kept_at = models.DateTimeField()
    complete = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["address", "kept_at"], name="draft_file_address")]

    def __str__(self) -> str:
        return f"{self.size} bytes of {self.draft_id}"


class DraftPart(models.Model):
    """Some bytes of a draft's file."""

    file = models.ForeignKey(DraftFile, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="one_draft_part"),
        ]

    def __str__(self) -> str:
        return f"part {self.number}"


class Message(models.Model):
    """A message between office and citizen about a request; its event stands in the letter."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="messages")
    at = models.DateTimeField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    from_citizen = models.BooleanField()
    text = models.TextField()
    documents = models.ManyToManyField(Document, related_name="+")
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["request", "id"], name="message_of_request")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.pk}"


class Quotation(models.Model):
    """What works would cost, as the citizen gets it; accepted or refused once.

    `lines` are {"what", "quantity", "unit", "price"}; amounts in `currency`, as decimals.
    """

    class State(models.TextChoices):
        SENT = "sent", pgettext_lazy("quotation", "Sent")
        ACCEPTED = "accepted", pgettext_lazy("quotation", "Accepted")
        REFUSED = "refused", _("Refused")
        REPLACED = "replaced", _("Replaced")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="quotations")
    number = models.PositiveSmallIntegerField()
    lines = models.JSONField()
    net = models.DecimalField(max_digits=12, decimal_places=2)
    tax = models.DecimalField(max_digits=12, decimal_places=2)
    total = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, default="MAD")
    valid_until = models.DateField()
    state = models.CharField(max_length=8, choices=State, default=State.SENT)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="one_quotation_number"),
            models.UniqueConstraint(
                fields=["request"], condition=models.Q(state="sent"), name="one_open_quotation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.number}"


class SiteMeeting(models.Model):
    """A meeting on site, and its minutes; `file` is their PDF/A, once it is drawn."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="meetings")
    held_on = models.DateField()
    place = models.CharField(max_length=300, blank=True)
    present = models.TextField(blank=True)
    minutes = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.request_id} {self.held_on}"


class Acceptance(models.Model):
    """Technical, provisional or final acceptance of works, with or without reserves."""

    class Kind(models.TextChoices):
        TECHNICAL = "technical", _("Technical acceptance")
        PROVISIONAL = "provisional", _("Provisional acceptance")
        FINAL = "final", _("Final acceptance")

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="acceptances")
    kind = models.CharField(max_length=12, choices=Kind)
    on = models.DateField()
    minutes = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["request", "kind"], name="one_acceptance_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.kind}"


class Reserve(models.Model):
    """Something that an acceptance left open; lifted one by one."""

    acceptance = models.ForeignKey(Acceptance, on_delete=models.PROTECT, related_name="reserves")
    text = models.CharField(max_length=500)
    trade = models.CharField(max_length=12, blank=True)
    due_on = models.DateField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    remark = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.acceptance_id} {self.pk}"

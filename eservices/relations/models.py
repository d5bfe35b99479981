"""Tables of the customer-relations centre and of field work."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from eservices.people.models import Person
from eservices.relations.centre_models import CallerKey as CallerKey
from eservices.relations.centre_models import CustomerView as CustomerView
from eservices.relations.centre_models import ShiftNote as ShiftNote
from eservices.requests.models import Request
from org.columns import BlindIndex, EncipheredText
from org.models import Department
from registry.models.files import StoredFile


class ContactMoment(models.Model):
    """A call, a visit, a mail or a message that the centre had with somebody.

    `phone_key` and `contract_number` are for search; names are found by `CallerKey`.
    `waited` and `seconds` say how long the caller waited, and talked.
    """

    class Channel(models.TextChoices):
        PHONE = "phone", _("Phone")
        COUNTER = "counter", _("Counter")
        EMAIL = "email", _("E-mail")
        SOCIAL = "social", _("Social network")
        CHAT = "chat", _("Instant messaging")

    class Result(models.TextChoices):
        ANSWERED = "answered", _("Answered at once")
        REQUEST = "request", _("Request opened")
        CALLBACK = "callback", _("Call-back promised")
        FORWARDED = "forwarded", _("Sent to a department")
        NOT_REACHED = "not_reached", _("Not reached")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    incoming = models.BooleanField(default=True)
    channel = models.CharField(max_length=8, choices=Channel)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="moments")
    name = models.CharField(max_length=200, blank=True)
    phone = EncipheredText(max_length=40, blank=True)
    phone_key = BlindIndex(max_length=40, blank=True, db_index=True)
    contract_number = models.CharField(max_length=40, blank=True, db_index=True)
    request = models.ForeignKey(
        Request, on_delete=models.PROTECT, null=True, related_name="moments"
    )
    subject = models.CharField(max_length=300)
    notes = models.TextField(blank=True)
    result = models.CharField(max_length=12, choices=Result)
    language = models.CharField(max_length=2, default="ar")
    waited = models.PositiveIntegerField(null=True)
    seconds = models.PositiveIntegerField(null=True)
    # What the form sends with it, so that a form sent twice logs one call.
    form_key = models.CharField(max_length=64, unique=True, null=True)  # noqa: DJ001

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="moment_newest"),
            models.Index(fields=["person", "-at"], name="moment_person"),
            models.Index(fields=["agent", "-at"], name="moment_agent"),
            models.Index(fields=["result", "-at"], name="moment_result"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CallbackTask(models.Model):
    """Somebody is to be called back by a unit; each try is a row.

    `due_at` moves with a try in vain, `promised_at` stays. `key` names the cause, so that the same
    one makes one task. `phone_key` is for the page of a customer.
    """

    moment = models.ForeignKey(
        ContactMoment, on_delete=models.PROTECT, null=True, related_name="callbacks"
    )
    request = models.ForeignKey(
        Request, on_delete=models.PROTECT, null=True, related_name="callbacks"
    )
    unit = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="callbacks")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="callbacks"
    )
    name = models.CharField(max_length=200, blank=True)
    phone = EncipheredText(max_length=40)
    phone_key = BlindIndex(max_length=40, blank=True, db_index=True)
    reason = models.CharField(max_length=500)
    key = models.CharField(max_length=120, unique=True, null=True)  # noqa: DJ001
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    due_at = models.DateTimeField()
    promised_at = models.DateTimeField()
    tried = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    reached = models.BooleanField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["unit", "done_at", "due_at", "id"], name="callback_unit"),
            models.Index(fields=["assigned_to", "done_at", "due_at"], name="callback_person"),
            models.Index(fields=["done_at", "due_at", "id"], name="callback_due"),
            models.Index(fields=["made_at"], name="callback_made"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class CallbackTry(models.Model):
    """One attempt to call somebody back."""

    task = models.ForeignKey(CallbackTask, on_delete=models.PROTECT, related_name="tries")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reached = models.BooleanField()
    remark = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return f"{self.task_id} {self.pk}"


class Team(models.Model):
    """A field team of a department; work orders are planned for teams."""

    code = models.CharField(max_length=20, unique=True)
    name_ar = models.CharField(max_length=120)
    name_fr = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    department = models.ForeignKey(Department, on_delete=models.PROTECT, related_name="teams")
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="teams")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The name in the language of the page."""
        language = (get_language() or "fr")[:2]
        return str(getattr(self, f"name_{language}", "") or self.name_fr)


class WorkOrder(models.Model):
    """Work outside: where, what, by which team, on which day, and how it ended.

    `checklist` is [{"code", "label", "done"}], `parts` [{"what", "quantity"}]; `slot` is free text
    such as "8–10". What the team did is made of its entries (`eservices.relations.field_sync`).
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        STARTED = "started", _("On site")
        DONE = "done", _("Done")
        NOT_DONE = "not_done", _("Could not be done")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=30, unique=True)
    request = models.ForeignKey(
        Request, on_delete=models.PROTECT, null=True, related_name="work_orders"
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="orders")
    planned_on = models.DateField()
    slot = models.CharField(max_length=40, blank=True)
    what = models.CharField(max_length=300)
    instructions = models.TextField(blank=True)
    address = models.CharField(max_length=400, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    contact_name = models.CharField(max_length=200, blank=True)
    contact_phone = EncipheredText(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    dangerous = models.BooleanField(default=False)
    checklist = models.JSONField(default=list)
    parts = models.JSONField(default=list)
    meter_index = models.CharField(max_length=20, blank=True)
    outcome = models.TextField(blank=True)
    signature = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    signed_name = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["team", "planned_on", "id"], name="order_team_day"),
            models.Index(fields=["state", "planned_on", "id"], name="order_state"),
            models.Index(fields=["planned_on", "id"], name="order_day"),
        ]

    def __str__(self) -> str:
        return self.number


class WorkOrderSeries(models.Model):
    """The last number of work orders of a year; taken in the order's own transaction."""

    year = models.PositiveSmallIntegerField(unique=True)
    last = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class FieldEntry(models.Model):
    """What a phone sent of a work order, once for each id that the phone gave it.

    What the office did with the order (ordered, moved, cancelled) stands here too. `attached_at`:
    when its file became a document of the request's letter.
    """

    id = models.UUIDField(primary_key=True)
    order = models.ForeignKey(WorkOrder, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12)
    data = models.JSONField(default=dict)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()  # by the phone's clock
    came_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    attached_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["order", "made_at"], name="entries_of_order")]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"


class DangerAlarm(models.Model):
    """Danger that a person must see at once; repeated to others until somebody confirms.

    `told` are the ids of the people alarmed so far, `rounds` how often people were alarmed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.OneToOneField(
        Request, on_delete=models.PROTECT, null=True, related_name="danger"
    )
    order = models.OneToOneField(
        WorkOrder, on_delete=models.PROTECT, null=True, related_name="danger"
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, related_name="+"
    )
    what = models.CharField(max_length=300)
    place = models.CharField(max_length=400, blank=True)
    phone = EncipheredText(max_length=40, blank=True)
    raised_at = models.DateTimeField()
    rounds = models.PositiveSmallIntegerField(default=0)
    told = models.JSONField(default=list)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["seen_at", "raised_at", "id"], name="danger_unseen")]

    def __str__(self) -> str:
        return str(self.pk)

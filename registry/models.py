"""The register's tables. Rules live beside them, in plain functions; the database holds the
constraints, and triggers (append_only.py) keep what must never change."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from org.models import Department, LetterKind, Level, ThreeNames
from registry.contacts.models import Contact
from registry.querysets import LetterQuerySet
from registry.states import Stage

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Sealed(models.Model):
    """A row whose every column is sealed in an event of its letter; verify_register checks it.

    UNSEALED names columns left out; ADDED those that came after rows were sealed (chain.row_seal);
    LETTER is the path from the row to its letter's id.
    """

    UNSEALED: ClassVar[tuple[str, ...]] = ()
    ADDED: ClassVar[tuple[str, ...]] = ()
    LETTER: ClassVar[str] = "letter_id"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Register(ThreeNames):
    """A book of numbers. `pattern` uses {year}, {register} and {serial} (a format of Python)."""

    class Direction(models.TextChoices):
        INCOMING = "in", _("Incoming")
        OUTGOING = "out", _("Outgoing")
        INTERNAL = "internal", _("Internal")
        MINUTES = "minutes", _("Minutes of voiding")

    code = models.CharField(_("code"), max_length=12, unique=True)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction)
    pattern = models.CharField(
        _("number pattern"), max_length=60, default="{year}/{register}/{serial:06d}"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(direction__in=["in", "out", "internal", "minutes"]),
                name="register_direction_known",
            )
        ]


class NumberSeries(models.Model):
    """The last number of a register in a year, the head of that register's chain, and the hash of
    its newest closing (so that a closing cut off at the end is missed)."""

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="series")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)
    chain_head = models.CharField(max_length=64, blank=True)
    closing_head = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "year"], name="one_series")]

    def __str__(self) -> str:
        return f"{self.register_id}/{self.year}: {self.last}"


class Channel(models.TextChoices):
    """How a letter came in or went out."""

    COUNTER = "counter", _("Counter")
    POST = "post", _("Post")
    EMAIL = "email", _("E-mail")
    PORTAL = "portal", _("Citizen's page")
    API = "api", _("Partner system")
    SCAN = "scan", _("Scanner")
    PHONE = "phone", _("Phone")
    INTERNAL = "internal", _("Internal")


class Letter(Sealed):
    """A registered letter. Nothing registered is ever deleted."""

    LETTER = "id"
    UNSEALED = ("chain_head",)
    ADDED = ("deposit_digest",)

    register = models.ForeignKey(Register, on_delete=models.PROTECT, related_name="letters")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(_("registry number"), max_length=60, unique=True)
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    kind = models.ForeignKey(
        LetterKind, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("kind")
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.REGISTERED)
    document_date = models.DateField(_("date of the letter"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"))
    registered_at = models.DateTimeField(_("registered"))
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    external_reference = models.CharField(_("reference"), max_length=120, blank=True)
    confidentiality = models.PositiveSmallIntegerField(
        _("confidentiality"), choices=Level, default=Level.ORDINARY
    )
    language = models.CharField(_("language"), max_length=2, blank=True)
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("responsible unit"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    due_explained = models.JSONField(default=dict, blank=True)
    tracking_hash = models.CharField(max_length=64)
    deposit_key = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001
    # Of what came with the key; empty where there was none, or before this was kept.
    deposit_digest = models.CharField(max_length=64, blank=True, default="", db_default="")
    version = models.PositiveIntegerField(default=0)
    chain_head = models.CharField(max_length=64, blank=True)

    objects = LetterQuerySet.as_manager()

    if TYPE_CHECKING:
        parties: RelatedManager[Party]
        documents: RelatedManager[Document]
        events: RelatedManager[LetterEvent]
        receipts: RelatedManager[Receipt]
        readers: RelatedManager[DepartmentReader]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "year", "serial"], name="one_number"),
            models.CheckConstraint(condition=Q(serial__gte=1), name="serial_from_one"),
            models.CheckConstraint(condition=Q(confidentiality__lte=2), name="level_known"),
            models.CheckConstraint(
                condition=Q(stage__in=["registered", "in_hand", "answered", "closed", "voided"]),
                name="letter_stage_known",
            ),
        ]
        indexes = [
            models.Index(fields=["-registered_at", "-id"], name="letter_newest"),
            models.Index(
                fields=["register", "stage", "registered_at", "id", "confidentiality"],
                name="letter_stage",
            ),
            models.Index(fields=["department", "stage", "due_on"], name="letter_due"),
            models.Index(fields=["kind", "stage", "id"], name="letter_kind"),
            models.Index(fields=["channel", "stage", "id"], name="letter_channel"),
            models.Index(fields=["external_reference"], name="letter_reference"),
            models.Index(Upper("external_reference"), name="letter_reference_upper"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def sender(self) -> Party | None:
        """The sender among the (prefetched) parties, if it is known."""
        return next((p for p in self.parties.all() if p.role == Party.Role.SENDER), None)


class Party(Sealed):
    """Who wrote, who is written to, who gets a copy, on whose behalf.

    `contact` is whom of the directory a person or the machine takes this for; what the letter said
    stands in the sealed columns. It is not sealed: the directory lives on, the letter does not.
    """

    UNSEALED = ("contact_id",)

    class Role(models.TextChoices):
        SENDER = "sender", _("Sender")
        RECIPIENT = "recipient", _("Recipient")
        COPY = "copy", _("Copy")
        BEHALF = "behalf", _("On behalf of")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(_("role"), max_length=10, choices=Role)
    name = models.CharField(_("name"), max_length=200, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=400, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="parties"
    )

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(role="sender"), name="one_sender"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.pk}"

    @property
    def shown_name(self) -> str:
        """Name and organisation, whichever are known."""
        return " — ".join(part for part in (self.name, self.organisation) if part)


class StoredFile(Sealed):
    """Bytes in the vault, named by their SHA-256, stored once."""

    LETTER = "document__letter_id"

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120)
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:12]


class Document(Sealed):
    """A file of a letter: itself or an enclosure. `problem` says why it cannot be read."""

    class Role(models.TextChoices):
        MAIN = "main", _("Letter")
        ENCLOSURE = "enclosure", _("Enclosure")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="documents")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=10, choices=Role)
    title = models.CharField(max_length=255)
    media_type = models.CharField(max_length=120)
    problem = models.CharField(max_length=40, blank=True)
    attached_to = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="attachments"
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "position"], name="one_position"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.position}"


class DocumentReading(Sealed):
    """What a reader made of a document: per page text, words with boxes, confidence, source."""

    LETTER = "document__letter_id"

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="readings")
    engine = models.CharField(max_length=120)
    language = models.CharField(max_length=2, blank=True)
    text = models.TextField(blank=True)
    pages = models.JSONField(default=list)
    problem = models.CharField(max_length=40, blank=True)
    read_at = models.DateTimeField()
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(current=True), name="one_current_reading"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} by {self.engine}"


class ReadingPage(models.Model):
    """What was read on one page of a document: text and words (JSON as ocr.reading writes it).

    Named by its digest, which the sealed summary in `DocumentReading.pages` holds: so a page row is
    proven by its reading, shared by the readings in which it did not change, and never rewritten.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="read_pages")
    digest = models.CharField(max_length=64)
    text = models.TextField(blank=True)
    words = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "digest"], name="one_read_page"),
        ]

    def __str__(self) -> str:
        return self.digest[:12]


class Rendition(models.Model):
    """A file made from a document for people to read or keep; the original stays as it came.

    It can be made again at any time, so it is not sealed. `problem` says why there is none.
    """

    class Kind(models.TextChoices):
        SEARCHABLE = "searchable", _("Searchable PDF")
        PDF = "pdf", _("PDF of an office document")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="renditions")
    kind = models.CharField(max_length=12, choices=Kind)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True)
    reading = models.ForeignKey(DocumentReading, on_delete=models.PROTECT, null=True, blank=True)
    pages = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "kind"], name="one_rendition"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.kind}"


class LetterEvent(models.Model):
    """One line of a letter's history, chained by hash to the line before it."""

    class Visibility(models.TextChoices):
        CITIZEN = "citizen", _("Citizen")
        STAFF = "staff", _("Staff")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    kind = models.CharField(max_length=40)
    visibility = models.CharField(max_length=8, choices=Visibility, default="staff")
    data = models.JSONField(default=dict)
    seals = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    register_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["letter", "seq"], name="one_event")]
        indexes = [models.Index(fields=["at"], name="event_at")]

    def __str__(self) -> str:
        return f"{self.letter_id} #{self.seq} {self.kind}"


class Receipt(Sealed):
    """A promise on paper. The row stands at once; its PDF is drawn by a job and then fixed.

    `words` is what a receipt with due date promises, as it was issued: "due_on" (ISO), and under
    "ar" and "fr" the words "why", "silence" and "appeal". A later date is a further receipt, a
    supplement: the first one stays as it is. `file` is its sender's copy; `office_file` is that of
    staff, which never carries the tracking code.
    """

    UNSEALED = ("file_id", "office_file_id")
    ADDED = ("words",)

    class Kind(models.TextChoices):
        REGISTRATION = "registration", _("Registration receipt")
        PIECES = "missing_pieces", _("Receipt with missing pieces")
        COMPLETE = "complete", _("Receipt with due date")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="receipts")
    kind = models.CharField(max_length=16, choices=Kind)
    issued_at = models.DateTimeField()
    token = models.CharField(max_length=43, unique=True)
    words = models.JSONField(default=dict, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    office_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(kind="registration"), name="one_registration_receipt"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.letter_id}"


class DepartmentReader(Sealed):
    """Who a letter is addressed to, and so may read it: a department, with `heads` its heads alone,
    one person who is asked something, or (`directors`) whoever is director at the time."""

    ADDED = ("heads", "person_id", "directors")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="readers")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True)
    heads = models.BooleanField(default=False, db_default=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    directors = models.BooleanField(default=False, db_default=False)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "department", "heads"], name="one_reader"),
            models.UniqueConstraint(fields=["letter", "person"], name="one_reading_person"),
            models.UniqueConstraint(
                fields=["letter"], condition=Q(directors=True), name="directors_read_once"
            ),
            models.CheckConstraint(
                condition=Q(department__isnull=False, person__isnull=True, directors=False)
                | Q(department__isnull=True, person__isnull=False, heads=False, directors=False)
                | Q(department__isnull=True, person__isnull=True, heads=False, directors=True),
                name="reader_is_one",
            ),
        ]
        indexes = [
            models.Index(fields=["department", "active", "letter"], name="reader_of_department"),
            models.Index(fields=["person", "active", "letter"], name="reader_of_person"),
        ]

    def __str__(self) -> str:
        who = "directors" if self.directors else self.department_id or self.person_id
        return f"{who} reads {self.letter_id}"


class ReplyLink(Sealed):
    """An outgoing letter answers an incoming one; many to many."""

    LETTER = "incoming_id"

    incoming = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="answered_by")
    outgoing = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="answers")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incoming", "outgoing"], name="one_reply_link"),
            models.CheckConstraint(
                condition=~Q(incoming=F("outgoing")), name="reply_link_between_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.outgoing_id} answers {self.incoming_id}"


class VoidRequest(Sealed):
    """Asked by one person with a reason, decided by another; approved gets a numbered minute."""

    class Decision(models.TextChoices):
        PENDING = "pending", _("Asked")
        APPROVED = "approved", _("Approved")
        REFUSED = "refused", _("Refused")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="void_requests")
    reason = models.CharField(_("reason"), max_length=500)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    decision = models.CharField(max_length=8, choices=Decision, default=Decision.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    minute_number = models.CharField(max_length=60, null=True, unique=True)  # noqa: DJ001

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["letter"], condition=Q(decision="pending"), name="one_open_void_request"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="void_needs_a_reason"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="void_needs_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(decision="approved") | Q(minute_number__isnull=False),
                name="void_has_a_minute",
            ),
        ]

    def __str__(self) -> str:
        return f"void {self.letter_id}: {self.decision}"


class DailyClosing(models.Model):
    """A seal over a register's day: entries first..last, chain head, and the heads of every
    letter's history that moved since the closing before."""

    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="closings")
    sequence = models.PositiveIntegerField()
    day = models.DateField()
    first = models.PositiveIntegerField()
    last = models.PositiveIntegerField()
    chain_head = models.CharField(max_length=64, blank=True)
    heads = models.JSONField(default=list)
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    page = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["series", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["series", "sequence"], name="one_closing"),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} #{self.sequence} {self.day}"


import registry.act_models  # noqa: E402
import registry.duplicate_models  # noqa: E402
import registry.piece_models  # noqa: E402, F401 - their tables stand on these

"""Letters, who they are from and to, and which answers which."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from org.columns import EncipheredText, ReachIndex
from org.models import Department, LetterKind, Level
from registry.models.contacts import Contact
from registry.models.querysets import LetterQuerySet
from registry.models.registers import Register
from registry.models.sealed import Sealed
from registry.states import Stage


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
    """A registered letter. Nothing registered is ever deleted.

    `disposal` is the list by which its content was destroyed or handed over: what is left is the
    stub that its register keeps.
    """

    LETTER = "id"
    UNSEALED = ("chain_head",)
    ADDED = ("deposit_digest", "disposal_id")

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
    disposal = models.ForeignKey(
        "registry.DisposalList", on_delete=models.PROTECT, null=True, related_name="letters"
    )
    version = models.PositiveIntegerField(default=0)
    chain_head = models.CharField(max_length=64, blank=True)

    objects = LetterQuerySet.as_manager()

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
        # Every row of a list asks: worth the short way.
        parties = getattr(self, "_prefetched_objects_cache", {}).get("parties")
        rows = self.parties.all() if parties is None else parties
        return next((p for p in rows if p.role == Party.Role.SENDER), None)


class Party(Sealed):
    """Who wrote, who is written to, who gets a copy, on whose behalf.

    `contact` is the contact that a person or the system takes this for; what the letter said stands
    in the sealed columns. It is not sealed: the directory changes, the letter does not.
    """

    COMPUTED = ("email_index", "phone_index")
    UNSEALED = ("contact_id", *COMPUTED)

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
    email = EncipheredText(_("e-mail"), max_length=254, blank=True)
    phone = EncipheredText(_("phone"), max_length=40, blank=True)
    # By which letters of one sender are found; made of the two whenever the row is saved.
    email_index = ReachIndex(of="email", max_length=40, blank=True, default="", db_default="")
    phone_index = ReachIndex(of="phone", max_length=160, blank=True, default="", db_default="")
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

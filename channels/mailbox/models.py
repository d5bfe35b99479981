"""The tables of the mailbox: how far it was fetched, and what became of each mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from org.columns import EncipheredText
from registry.models.letters import Letter


class Mailbox(models.Model):
    """A folder on a mail server, by host, user and folder (never the password).

    UIDs are only comparable under one UIDVALIDITY (RFC 9051, 2.3.1.1): when it changes, the folder
    is gone through again, and what was registered is recognised by its digest.
    """

    name = models.CharField(max_length=400, unique=True)
    uidvalidity = models.PositiveBigIntegerField(default=0)
    last_uid = models.PositiveBigIntegerField(default=0)
    fetched_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=40, blank=True)
    failures = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return f"mailbox {self.pk}"


class MailItem(models.Model):
    """A mail that the server held under a UID, and what became of it.

    Not sealed: a letter's own event names the mail that it came with. `sender` and `subject` are
    kept only of mails that are no letter, so that a person can judge them.
    """

    class Kind(models.TextChoices):
        LETTER = "letter", _("Letter")
        AGAIN = "again", _("Same mail again")
        AUTO_REPLY = "auto_reply", _("Automatic reply")
        BOUNCE = "bounce", _("Not delivered")
        NOTICE = "notice", _("Delivery notice")

    class State(models.TextChoices):
        COMING = "coming", _("Being taken in")
        REGISTERED = "registered", _("Registered")
        KEPT = "kept", _("Kept")
        SET_ASIDE = "set_aside", _("Set aside")

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="items")
    uidvalidity = models.PositiveBigIntegerField()
    uid = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.LETTER)
    state = models.CharField(max_length=10, choices=State, default=State.COMING)
    reason = models.CharField(max_length=40, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    message_id = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sender = EncipheredText(max_length=254, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    arrived_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    forced = models.BooleanField(default=False)
    marked = models.BooleanField(default=False)
    letter = models.ForeignKey(
        Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="mails"
    )
    about = models.ForeignKey(
        Letter, on_delete=models.PROTECT, null=True, blank=True, related_name="mails_about"
    )
    bounce = models.JSONField(default=dict, blank=True)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "uidvalidity", "uid"], name="one_mail_uid"),
            models.CheckConstraint(
                condition=Q(state__in=["coming", "registered", "kept", "set_aside"]),
                name="mail_state_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["letter", "again", "auto_reply", "bounce", "notice"]),
                name="mail_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="registered") | Q(letter__isnull=False),
                name="registered_mail_has_a_letter",
            ),
            models.CheckConstraint(
                condition=~Q(state="set_aside") | ~Q(reason=""), name="set_aside_with_a_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="mail_state"),
            models.Index(fields=["digest"], name="mail_digest"),
            models.Index(fields=["message_id"], name="mail_message_id"),
            models.Index(
                fields=["mailbox", "id"], condition=Q(marked=False), name="mail_not_marked"
            ),
        ]

    def __str__(self) -> str:
        return f"mail {self.uidvalidity}/{self.uid} ({self.state})"

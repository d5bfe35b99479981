"""The tables of dispatch."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from correspondence.models.replies import Reply
from correspondence.models.states import DispatchState
from org.columns import EncipheredText
from registry.models.files import StoredFile
from registry.models.letters import Letter
from registry.models.sealed import Sealed


class Dispatch(Sealed):
    """One dispatch of a registered reply by one method; `letter` is the outgoing one.

    `proof` is what shows that it left: the mail server's acceptance with the message id, the
    closed list of the post office and the tracking number, who handed it over, to whom and when,
    the gateway's answer, or since when it stands on the citizen's page. `proof_file` is the
    acknowledgement of receipt, or the signature. `settled_at`: when a failed one was settled.
    """

    ADDED = ("proof_file_id", "settled_at")

    class Method(models.TextChoices):
        EMAIL = "email", _("E-mail")
        POST = "post", _("Post")
        REGISTERED = "registered", _("Registered post with acknowledgement")
        HANDED_OVER = "handed_over", _("Handed over")
        PORTAL = "portal", _("Citizen's page")
        SMS = "sms", _("SMS, to be read on the citizen's page")

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="dispatches")
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="dispatches")
    method = models.CharField(_("method"), max_length=11, choices=Method)
    address = EncipheredText(_("address"), max_length=400, blank=True)
    state = models.CharField(
        _("state"), max_length=11, choices=DispatchState, default=DispatchState.WAITING
    )
    proof = models.JSONField(default=dict)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    at = models.DateTimeField(_("left"), null=True, blank=True)
    proof_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "dispatches"
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent", "delivered", "failed", "handed_over"]),
                name="dispatch_state_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    method__in=["email", "post", "registered", "handed_over", "portal", "sms"]
                ),
                name="dispatch_method_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "delivered", "handed_over"])
                | Q(at__isnull=False) & ~Q(proof={}),
                name="sent_needs_a_proof",
            ),
            models.UniqueConstraint(
                fields=["reply", "method"],
                condition=Q(state="waiting"),
                name="one_waiting_dispatch_a_way",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-asked_at", "-id"],
                condition=Q(state="failed", settled_at__isnull=True),
                name="dispatch_came_back",
            ),
            models.Index(
                fields=["at", "id"],
                condition=Q(state="sent", method="registered"),
                name="dispatch_unacknowledged",
            ),
            models.Index(
                fields=["asked_at", "id"],
                condition=Q(state="waiting", method="handed_over"),
                name="dispatch_at_the_counter",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} by {self.method} ({self.state})"


class PostingList(models.Model):
    """A list of letters given to the post office together, closed by a clerk; a job draws the PDF.

    Its SHA-256 stands in the sealed proof of every dispatch on it.
    """

    WAYS = (Dispatch.Method.POST, Dispatch.Method.REGISTERED)

    way = models.CharField(max_length=11, choices=[(w.value, w.label) for w in WAYS])
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    count = models.PositiveIntegerField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["way", "year", "serial"], name="one_posting_list"),
            models.CheckConstraint(
                condition=Q(way__in=["post", "registered"]), name="posting_list_way_known"
            ),
        ]
        indexes = [models.Index(fields=["-closed_at", "-id"], name="posting_list_newest")]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As people write it: "2026/R/0001", R for registered, P for plain post."""
        return f"{self.year}/{'R' if self.way == 'registered' else 'P'}/{self.serial:04d}"


class PostingLine(models.Model):
    """A letter to be posted, or that was posted with a list (`position` on it, from 1)."""

    dispatch = models.OneToOneField(Dispatch, on_delete=models.PROTECT, related_name="posting_line")
    posting_list = models.ForeignKey(
        PostingList, on_delete=models.PROTECT, null=True, blank=True, related_name="lines"
    )
    position = models.PositiveIntegerField(default=0)
    tracking_number = models.CharField(_("tracking number"), max_length=30, blank=True)
    weight = models.PositiveIntegerField(_("weight in grams"), null=True, blank=True)
    postage = models.DecimalField(
        _("postage"), max_digits=8, decimal_places=2, null=True, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tracking_number"],
                condition=~Q(tracking_number=""),
                name="one_tracking_number",
            ),
            models.UniqueConstraint(
                fields=["posting_list", "position"],
                condition=Q(posting_list__isnull=False),
                name="one_posting_position",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(posting_list__isnull=True), name="posting_line_waits"
            )
        ]

    def __str__(self) -> str:
        return f"{self.dispatch_id} on {self.posting_list_id}"

    @property
    def said(self) -> str:
        """What clerks have typed of it, for a form to say what it was opened with."""
        return f"{self.tracking_number}|{self.weight}|{self.postage}"

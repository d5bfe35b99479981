"""The tables of notices: notices, what each person wants, browsers that take pushes, presence."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from correspondence.models.replies import Reply
from notices.kinds import MailWay, NoticeKind
from org.columns import EncipheredText
from registry.models.letters import Letter


class Notice(models.Model):
    """A notice to a person, once for each (kind, key).

    `key` names what happened: a letter's event ("<letter>:<seq>"), an export, a mail. `detail`
    holds what its words need. Without `shown` it stands on no page and only goes out by mail. Old
    ones that were read are removed.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    kind = models.CharField(max_length=16, choices=NoticeKind)
    key = models.CharField(max_length=120)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, null=True, related_name="+")
    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, null=True, related_name="+")
    detail = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    shown = models.BooleanField(default=True)
    mail = models.CharField(max_length=8, choices=MailWay, default=MailWay.NONE)
    mailed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "key"], name="told_once"),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="notice_of_person"),
            models.Index(
                fields=["person", "-id"],
                condition=Q(read_at__isnull=True, shown=True),
                name="notice_unread",
            ),
            models.Index(
                fields=["person", "id"],
                condition=Q(mailed_at__isnull=True, mail="daily"),
                name="notice_for_digest",
            ),
            models.Index(fields=["read_at"], name="notice_read"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}: {self.key}"


class Wish(models.Model):
    """How a person wants notices of one kind; without a row the office's defaults hold."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_wishes"
    )
    kind = models.CharField(max_length=16, choices=NoticeKind)
    page = models.BooleanField(default=True)
    mail = models.CharField(max_length=8, choices=MailWay, default=MailWay.NONE)
    push = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="one_wish_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} wants {self.kind}"


class PushBrowser(models.Model):
    """A browser that takes a person's pushes: the address of its service, and its keys.

    `has_cookie`: it holds the cookie by which a log-out in it ends its pushes alone.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="push_browsers"
    )
    endpoint = models.CharField(max_length=400, unique=True)
    public_key = models.CharField(max_length=100)
    secret = models.CharField(max_length=40)
    label = models.CharField(max_length=80, blank=True)
    made_at = models.DateTimeField()
    has_cookie = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return f"push browser {self.pk} of {self.person_id}"


class PushKey(models.Model):
    """The key by which push services know the office (VAPID, RFC 8292): made once, never shown."""

    one = models.BooleanField(default=True, unique=True, editable=False)
    private = EncipheredText(max_length=4000)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return "the office’s push key"


class Watching(models.Model):
    """A person has a letter's page open; a row that is not renewed counts no more."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "person"], name="one_watcher_of_a_letter"),
        ]
        indexes = [models.Index(fields=["seen_at"], name="watching_seen")]

    def __str__(self) -> str:
        return f"{self.person_id} is on {self.letter_id}"

"""One-time links: invitations of people, and the link of the first run."""

from django.conf import settings
from django.db import models


class Invitation(models.Model):
    """A person is invited by a link that sets their password once.

    The link is a token over this row and the person's password, so that it ends with either; the
    row says when it was made, when it ends and whether it was used.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="invitations"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"invitation {self.pk} of {self.person_id}"


class FirstRun(models.Model):
    """The link that opens the wizard of an empty office, and what was answered so far.

    Of the link only a hash is kept.
    """

    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"first run {self.pk}"

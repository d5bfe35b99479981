"""Tables of the web package: counters of attempts, and files kept for their form."""

import uuid
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Attempt(models.Model):
    """`count` attempts in one window of time by one keyed hash (of an address, of a name).

    In the database, since the processes and machines of an office share no other memory that
    every profile has. `window` is the end of the window in seconds since 1970.
    """

    bucket = models.CharField(max_length=24)
    key_hash = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bucket", "key_hash", "window"], name="one_attempt_counter"
            ),
        ]
        indexes = [models.Index(fields=["window"], name="attempt_window")]

    def __str__(self) -> str:
        return f"{self.bucket}: {self.count}"


class PendingUpload(models.Model):
    """A file that was chosen in a form with errors, kept for the form of one session.

    `web.pending_uploads` keeps it. `owner` and `address` are keyed hashes. `complete` once all
    parts are written.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    held_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    complete = models.BooleanField(default=False)

    if TYPE_CHECKING:
        parts: RelatedManager["PendingUploadPart"]

    class Meta:
        db_table = "web_heldfile"
        indexes = [
            models.Index(fields=["owner"], name="held_owner"),
            models.Index(fields=["address"], name="held_address"),
            models.Index(fields=["expires_at"], name="held_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.size} bytes until {self.expires_at:%H:%M}"


class PendingUploadPart(models.Model):
    """Some bytes of a pending upload."""

    file = models.ForeignKey(PendingUpload, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        db_table = "web_heldpart"
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="one_held_part"),
        ]

    def __str__(self) -> str:
        return f"part {self.number}"

"""The web's own table: how often something was tried. No letter and no person is in it."""

from django.db import models


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

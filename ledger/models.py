"""Tables of the ledger: entries, and the checkpoints that the signer gave for them."""

from django.db import models


class LedgerEntry(models.Model):
    """What one statement did to rows of one table: append-only; `place` alone is filled later.

    `lines` has a line for each row: its key, and the digest of its columns where it stands. The log
    holds the leaf (`ledger.leaves`), which reveals nothing of a row without the nonce. `place` is
    the index of the leaf in the signer's log, empty until it is there. `mac` proves that a process
    with the office's secret made the entry: without it the entry is not given to the signer.
    """

    class Act(models.TextChoices):
        OPEN = "open"  # rows that stood when the table was first covered
        WRITE = "write"
        DELETE = "delete"

    at = models.DateTimeField()
    label = models.CharField(max_length=100)  # of the table: "org.membership"
    act = models.CharField(max_length=6, choices=Act)
    key = models.CharField(max_length=100, blank=True)  # of the row, where it is one
    lines = models.TextField(blank=True)
    nonce = models.CharField(max_length=32, unique=True)
    mac = models.CharField(max_length=64)
    place = models.BigIntegerField(null=True, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["label", "key"], name="ledger_of_row"),
            models.Index(
                fields=["id"], name="ledger_waiting", condition=models.Q(place__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.label} {self.key}".rstrip()


class LedgerCheckpoint(models.Model):
    """A checkpoint as the signer gave it for the first `size` leaves; append-only."""

    size = models.BigIntegerField(unique=True)
    note = models.TextField()  # a signed note, as C2SP tlog-checkpoint writes it
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"checkpoint of {self.size}"

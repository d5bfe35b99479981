"""The vectors of letters as rows: vector indexes are made again from here."""

from django.db import models

from registry.models.letters import Letter


class LetterVector(models.Model):
    """A letter's meaning as 8-bit vectors: of its subject and of its most informative passages.

    `vectors` are rows of 512 signed bytes; `places` says where each passage stands in the text,
    [start, end], or [] for the subject. `digest` is of the words that were read for it.
    """

    letter = models.OneToOneField(
        Letter, on_delete=models.PROTECT, primary_key=True, related_name="vector"
    )
    model = models.CharField(max_length=24)
    digest = models.CharField(max_length=64)
    vectors = models.BinaryField()
    places = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["model"], name="letter_vector_model")]

    def __str__(self) -> str:
        return f"{self.letter_id} ({self.model})"

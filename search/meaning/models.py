"""The vectors of letters as rows, and those of their words: indexes are made again from here."""

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


class WordList(models.Model):
    """The office's own words with their vectors: which list is in use, and the one being made.

    There is one row. `made` names the parts in use, "" before the first list, `words` says how many
    it has. `letters` were counted last, for this list or to see that it may stay; `common` are the
    stems that too many of them have. `draft` is what is counted so far, or the words whose vectors
    are being made (compressed JSON).
    """

    model = models.CharField(max_length=24, blank=True)
    made = models.CharField(max_length=32, blank=True)
    letters = models.PositiveIntegerField(default=0)
    words = models.PositiveIntegerField(default=0)
    common = models.TextField(blank=True)
    made_at = models.DateTimeField(null=True)
    draft = models.BinaryField(default=bytes)

    def __str__(self) -> str:
        return f"{self.words} words ({self.model})"


class WordPart(models.Model):
    """Some words of a list, one a line, with a row of 512 signed bytes for each."""

    made = models.CharField(max_length=32)
    position = models.PositiveIntegerField()
    words = models.TextField()
    vectors = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["made", "position"], name="one_part_of_words"),
        ]

    def __str__(self) -> str:
        return f"{self.made} {self.position}"

"""Tables of signing in: API tokens, known devices, and the append-only record of events."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from org.models import User


class Access(models.TextChoices):
    """What a token may do within its areas."""

    READ = "read", _("Read only")
    WRITE = "write", _("Read and write")


class Area(models.TextChoices):
    """A part of the API that a token may be limited to."""

    LETTERS = "letters", _("Letters")
    REPLIES = "replies", _("Replies and outgoing letters")
    CONTACTS = "contacts", _("Contacts")
    SEARCH = "search", _("Search and exports")
    ADMINISTRATION = "administration", _("Administration")


class ApiToken(models.Model):
    """A key by which a program acts in a person's name; of the key only a hash is kept.

    `public` is its beginning, by which people tell tokens apart. No `areas` means all. It ends at
    `expires_at`, when it is revoked, and with the password: `password_mark` is that of its time.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    public = models.CharField(max_length=12)
    key_hash = models.CharField(max_length=64, unique=True)
    access = models.CharField(max_length=5, choices=Access)
    areas = models.JSONField(default=list)
    password_mark = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["person", "revoked_at"], name="token_of_person")]
        constraints = [
            models.CheckConstraint(condition=Q(access__in=["read", "write"]), name="token_access"),
        ]

    def __str__(self) -> str:
        return f"{self.public}… of {self.person_id}"


class KnownDevice(models.Model):
    """A browser in which a person signed in before: its cookie is kept as a hash."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="known_devices")
    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "used_at"], name="device_of_person")]

    def __str__(self) -> str:
        return f"device of {self.person_id}"


class SecurityEvent(models.Model):
    """Something that matters to an auditor; never changed and never removed.

    `person` did it or tried to (none where the name is nobody's), `subject` is whom it is about,
    `detail` holds codes and names of things, never texts or secrets. Reading a letter is one row a
    person, letter and day.
    """

    at = models.DateTimeField()
    day = models.DateField()
    kind = models.CharField(max_length=40)
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    letter_id = models.UUIDField(null=True)
    address = models.CharField(max_length=45, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["kind", "id"], name="event_by_kind"),
            models.Index(fields=["person", "id"], name="event_by_person"),
            models.Index(fields=["subject", "id"], name="event_by_subject"),
            models.Index(fields=["day", "id"], name="event_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "letter_id", "day"],
                condition=Q(kind="letter_read"),
                name="one_reading_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"

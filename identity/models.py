"""Tables of signing in: tokens, known devices, the record of events, the directory's people."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from org.models import Department, User


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
    SCIM = "scim", _("The directory (SCIM)")


class ApiToken(models.Model):
    """A key by which a program acts in a person's name; only a hash of the key is kept.

    `public` is its beginning, by which people distinguish tokens. No `areas` means all. It ends at
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


class DirectoryPerson(models.Model):
    """A person as the organisation's directory describes them, in its own words.

    `removed_at` is when it removed the person: the account is deactivated and stays, as people do.
    """

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="in_directory")
    user_name = models.CharField(max_length=254)
    external_id = models.CharField(max_length=255, blank=True)
    display_name = models.CharField(max_length=255, blank=True)
    language = models.CharField(max_length=2, blank=True)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["external_id"], name="directory_external_id")]
        constraints = [models.UniqueConstraint(Lower("user_name"), name="one_directory_name")]

    def __str__(self) -> str:
        return f"{self.user_name} in the directory"


class DirectoryGroup(models.Model):
    """A group of the directory.

    With `own` it stands for a department, and holds its external id alone. Any other has members
    of its own, who are members of the `department` that an administrator gave it.
    """

    display_name = models.CharField(max_length=255, blank=True)
    external_id = models.CharField(max_length=255, blank=True)
    own = models.BooleanField(default=False)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["display_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["department"], condition=Q(own=True), name="one_own_group"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or f"group of department {self.department_id}"


class DirectoryMember(models.Model):
    """A person in a group of the directory; `given` is whether the place came by the group."""

    group = models.ForeignKey(DirectoryGroup, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    given = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "person"], name="one_in_group")]

    def __str__(self) -> str:
        return f"{self.person_id} in group {self.group_id}"

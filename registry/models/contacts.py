"""Tables of the directory: persons and organisations, how they are reached, and their merges.

A merge moves nothing: the loser stays as it is and names the contact that it was merged into, so
undoing is exact and no letter is written (docs/adr/0021-contacts.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from org.columns import BlindIndex, EncipheredText

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from django_stubs_ext.db.models.manager import RelatedManager

NAME, NOTES, VALUE = 200, 1000, 400  # characters


class Contact(models.Model):
    """A person or an organisation that writes to the office or is written to.

    `merged_into` names the contact that this one was merged into; `root` the one at the end of that
    chain (both empty for a contact that stands for itself). `version` counts edits.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")

    class Way(models.TextChoices):
        EMAIL = "email", _("E-mail")
        POST = "post", _("Post")
        PHONE = "phone", _("Phone")
        COUNTER = "counter", _("Counter")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=NAME)
    sort_name = models.CharField(max_length=NAME, editable=False)
    language = models.CharField(_("language"), max_length=2, blank=True)
    way = models.CharField(_("preferred way"), max_length=8, choices=Way, blank=True)
    notes = models.CharField(_("notes"), max_length=NOTES, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="became_this"
    )
    root = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="stubs")

    if TYPE_CHECKING:
        points: RelatedManager[ContactPoint]
        stubs: RelatedManager[Contact]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="contact_has_a_name"),
            models.CheckConstraint(
                condition=Q(kind__in=["person", "organisation"]), name="contact_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True, root__isnull=True)
                | Q(merged_into__isnull=False, root__isnull=False),
                name="contact_stub_has_a_root",
            ),
            models.CheckConstraint(
                condition=Q(root__isnull=True) | ~Q(root=F("id")), name="contact_root_is_another"
            ),
        ]
        indexes = [
            models.Index(
                fields=["sort_name", "id"],
                name="contact_by_name",
                condition=Q(merged_into__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"contact {self.pk}"


class ContactPoint(models.Model):
    """One way to reach or to know a contact, as written and in the spelling that is compared.

    `letter` is where it was taken from; a verified one says who verified it, and when.
    """

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")
        ADDRESS = "address", _("Address")
        CUSTOMER = "customer", _("Customer number")

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="points")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    value = EncipheredText(_("value"), max_length=VALUE)
    compared = BlindIndex(max_length=NAME, editable=False)
    letter = models.ForeignKey(
        "registry.Letter", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "kind", "compared"], name="one_contact_point"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["email", "phone", "address", "customer"]),
                name="contact_point_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True) | Q(verified_by__isnull=False),
                name="contact_point_verified_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["kind", "compared", "contact"], name="contact_point_found")]

    def __str__(self) -> str:
        return f"{self.kind} of contact {self.contact_id}"


class ContactKey(models.Model):
    """A key under which a contact's name is found (`registry.contacts.keys`)."""

    pk = models.CompositePrimaryKey("key", "contact")
    key = models.CharField(max_length=60)
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="keys")

    def __str__(self) -> str:
        return f"{self.key} of contact {self.contact_id}"


class ContactMerge(models.Model):
    """Two contacts found to be one.

    `filled` holds what the winner took over, to be undone: column → [before, after].
    """

    winner = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="merges")
    loser = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="lost_merges")
    filled = models.JSONField(default=dict)
    letters = models.PositiveIntegerField(default=0)
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["loser"], condition=Q(undone_at__isnull=True), name="one_merge_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(winner=F("loser")), name="merge_of_two_contacts"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_by__isnull=False),
                name="merge_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.loser_id} into {self.winner_id}"


class ContactDouble(models.Model):
    """Two contacts that may be one, found by the system; a person decides."""

    first = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+")
    score = models.FloatField()
    reasons = models.JSONField(default=list)
    found_at = models.DateTimeField()
    dismissed_at = models.DateTimeField(null=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_contact_double"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="contact_double_in_order"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-score", "id"],
                name="contact_double_open",
                condition=Q(dismissed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"


class ContactEvent(models.Model):
    """What was done with a contact, by whom and when. `data` names columns, never their values."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="events")
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    kind = models.CharField(max_length=20)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["contact", "-id"], name="contact_event_newest")]

    def __str__(self) -> str:
        return f"{self.kind} contact {self.contact_id}"

    @classmethod
    def of(cls, contact: Contact, kind: str, *, actor: Any, at: datetime, **data: Any) -> None:
        """Write one line."""
        cls.objects.create(contact=contact, kind=kind, actor=actor, at=at, data=data)


class ContactView(models.Model):
    """A record that a person viewed a contact, by day (Loi 09-08: access is logged)."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="views")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "person", "day"], name="one_contact_view"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} saw contact {self.contact_id}"

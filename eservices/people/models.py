"""Tables of citizens: persons, contacts, sessions, one-time codes, e-identities and mandates."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from org.columns import BlindIndex, EncipheredText
from registry.models.files import StoredFile
from registry.models.letters import Letter


class Person(models.Model):
    """Somebody who sends requests to the office. No account: a contact that was verified.

    `closed_at`: the account was deleted at the person's wish; name and preferences are emptied
    then, requests stay in the register. `level` is the highest identity level reached (0 none, 1
    contact verified, 2 contract proven, 3 national e-ID).
    """

    class Kind(models.TextChoices):
        PERSON = "person", pgettext_lazy("customer", "Person")
        FAMILY = "family", pgettext_lazy("customer", "Family")
        ASSOCIATION = "association", _("Association")
        COMPANY = "company", _("Company")
        DEVELOPER = "developer", _("Developer")
        INSTITUTION = "institution", _("Institution")
        PROFESSIONAL = "professional", _("Architect or engineer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.PERSON)
    name = models.CharField(max_length=200, blank=True)
    # Folded words of the name in both scripts, for the search of the customer-relations centre.
    name_key = models.CharField(max_length=400, blank=True, db_index=True)
    language = models.CharField(max_length=2, default="fr")
    level = models.PositiveSmallIntegerField(default=0)
    preferences = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.pk)


class ContactPoint(models.Model):
    """A mail address or telephone number of a person.

    `key` finds the address as `language.reach` normalises it. A verified one belongs to one person.
    """

    class Way(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Telephone")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contacts")
    way = models.CharField(max_length=6, choices=Way)
    value = EncipheredText(max_length=254)
    key = BlindIndex(max_length=254)
    verified_at = models.DateTimeField(null=True)
    # Letters registered before this moment were looked through for this contact.
    looked_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["way", "key"],
                condition=Q(verified_at__isnull=False),
                name="one_person_a_contact",
            ),
            models.UniqueConstraint(fields=["person", "way", "key"], name="contact_once"),
        ]
        indexes = [models.Index(fields=["way", "key"], name="contact_key")]

    def __str__(self) -> str:
        return f"{self.way} of {self.person_id}"


class KnownLetter(models.Model):
    """A letter of the register whose sender has this verified contact.

    `text` is the index of the sender's address as the register had it: where it is corrected since,
    the letter is no longer theirs.
    """

    contact = models.ForeignKey(ContactPoint, on_delete=models.CASCADE, related_name="letters")
    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="+")
    text = models.CharField(max_length=254)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contact", "letter"], name="letter_known_once"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} {self.letter_id}"


class PersonSession(models.Model):
    """A browser in which a person is in their space: without its row the session is over.

    `key` is the browser's session, so that what else lies in it is closed as well. Where from is
    kept roughly: what the browser calls itself in two words, and the network of its address.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="sessions")
    key = models.CharField(max_length=40, db_index=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    browser = models.CharField(max_length=40, blank=True)
    network = models.CharField(max_length=45, blank=True)

    def __str__(self) -> str:
        return str(self.pk)


class OneTimeCode(models.Model):
    """A code sent to a contact: six characters, hashed, for ten minutes, used once.

    `contact_hash` is keyed; `bound` names what it is good for (a draft, a field, a sign-in).
    `sealed` is address and code, enciphered, until the code was sent; "" from then on.
    """

    contact_hash = models.CharField(max_length=64)
    bound = models.CharField(max_length=120)
    code_hash = models.CharField(max_length=64)
    sealed = models.TextField(blank=True)
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["contact_hash", "ends_at"], name="code_of_contact"),
            models.Index(fields=["ends_at"], name="code_ends"),
        ]

    def __str__(self) -> str:
        return self.bound


class ElectronicIdentity(models.Model):
    """A person as an identity provider knows them (OIDC issuer and subject)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)
    # A keyed hash of the identity number, where the provider tells one; never the number.
    number_hash = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_person_an_identity"),
        ]

    def __str__(self) -> str:
        return self.issuer


class Mandate(models.Model):
    """Who acts for whom: an architect for an owner, a daughter for her father.

    `services` are codes of service types, `contracts` numbers of contracts; empty means all. It
    holds once it is confirmed (by the principal, or by staff who saw the proof), until it ends.
    `asked_by` is the one of the two who wrote it down, and `named` how they called the other: no
    more of the other is shown to them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates_held")
    principal = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates_given")
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    named = EncipheredText(max_length=254, blank=True)
    services = models.JSONField(default=list)
    contracts = models.JSONField(default=list)
    proof = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    proof_name = models.CharField(max_length=255, blank=True)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    until = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(agent=models.F("principal")), name="mandate_between_two"
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "revoked_at"], name="mandate_agent"),
            models.Index(fields=["principal", "revoked_at"], name="mandate_principal"),
            models.Index(
                fields=["made_at", "id"],
                condition=Q(confirmed_at__isnull=True, revoked_at__isnull=True),
                name="mandate_waits",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PersonEvent(models.Model):
    """What was done with a person's account: codes, sign-ins, mandates, data; their own history."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=24)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="person_events")]

    def __str__(self) -> str:
        return self.kind

"""Electronic identities of persons: linked once, and the way in from then on."""

import hashlib
import hmac

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from eservices.people import events
from eservices.people.kinds import PersonKind
from eservices.people.models import ElectronicIdentity, Person
from eservices.people.oidc import Identity
from eservices.people.persons import rename

LEVEL: int = 3


class IdentityTakenError(Exception):
    """The identity, or its number, opens another person's space."""


def person_by(identity: Identity, *, person: Person | None, language: str) -> Person:
    """Return the person of an identity; `person`, where somebody is in, gets it linked.

    Where nobody is in and nobody has it, a new person is made: an address from the provider is no
    verified contact here. Raise IdentityTakenError.
    """
    try:
        with transaction.atomic():
            return _person_by(identity, person=person, language=language)
    except IntegrityError:  # linked a moment ago, by another process
        return _person_by(identity, person=person, language=language)


def opens(identity: Identity, person: Person) -> bool:
    """Return whether the identity is linked to this person's space already."""
    return person.identities.filter(issuer=identity.issuer, subject=identity.subject).exists()


def _person_by(identity: Identity, *, person: Person | None, language: str) -> Person:
    number = number_hash(identity.number)
    known = ElectronicIdentity.objects.select_related("person").filter(issuer=identity.issuer)
    row = known.filter(subject=identity.subject).first()
    # The provider may know the same person by another subject: the number says so.
    other = known.filter(number_hash=number).first() if number and row is None else None
    same = row or other
    holder = same.person if same is not None else None
    if person is not None and holder is not None and holder.pk != person.pk:
        raise IdentityTakenError
    if row is not None:
        return row.person
    found = person or holder or Person.objects.create(made_at=timezone.now(), language=language[:2])
    ElectronicIdentity.objects.create(
        person=found,
        issuer=identity.issuer,
        subject=identity.subject,
        number_hash=number,
        at=timezone.now(),
    )
    Person.objects.filter(pk=found.pk).update(level=LEVEL)
    found.level = LEVEL
    if identity.name and not found.name:
        rename(found, identity.name)
    events.note(found, PersonKind.EID_LINKED)
    return found


def number_hash(number: str) -> str:
    """Return the keyed hash of an identity number, "" for none; the number is never kept."""
    plain = "".join(sign for sign in number.upper() if sign.isalnum())
    if not plain:
        return ""
    message = f"people.identity:{plain}".encode()
    return hmac.new(settings.TRACKING_KEY, message, hashlib.sha256).hexdigest()

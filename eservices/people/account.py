"""What a person may do with their own data: correct it, and delete the account (loi 09-08)."""

from collections.abc import Callable
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from eservices.people import events
from eservices.people.codes import forget_codes
from eservices.people.kinds import PersonKind
from eservices.people.mandates import end
from eservices.people.models import Mandate, Person
from eservices.people.persons import rename
from org.models import User


def correct(person: Person, *, name: str, kind: str, actor: User | None = None) -> None:
    """Correct a person's own name and what they are. The register keeps what letters said.

    `actor`: who of the staff does it for them.
    """
    with transaction.atomic():
        rename(person, name)
        person.kind = kind
        person.save(update_fields=["kind"])
        events.note(person, PersonKind.CORRECTED, actor=actor)


def prefer(person: Person, *, language: str, told_by: str) -> None:
    """Keep in which language, and on which way a person wants to be notified."""
    with transaction.atomic():
        person.language = language
        person.preferences = {**person.preferences, "told_by": told_by}
        person.save(update_fields=["language", "preferences"])
        events.note(person, PersonKind.PREFERENCES)


_BEFORE_DELETION: Final[list[Callable[[Person], None]]] = []


def before_deletion(act: Callable[[Person], None]) -> None:
    """Let a room above end what it keeps of a person, before their account is emptied."""
    _BEFORE_DELETION.append(act)


def delete(person: Person) -> None:
    """Empty a person: name, contacts, codes, identities, drafts and preferences go, mandates end.

    What was registered stays in the register, with what its letters say.
    """
    with transaction.atomic():
        sides = Q(agent=person) | Q(principal=person)
        held = Mandate.objects.filter(sides, revoked_at=None).values_list("pk", flat=True)
        for act in _BEFORE_DELETION:
            act(person)
        for mandate_id in list(held):
            end(person, mandate_id)
        Mandate.objects.filter(sides).exclude(asked_by=person).update(named="")
        Mandate.objects.filter(asked_by=person).update(named="", proof=None, proof_name="")
        for contact in person.contacts.all():
            forget_codes(contact.way, contact.value)
        person.contacts.all().delete()
        person.identities.all().delete()
        person.sessions.all().delete()
        person.drafts.update(person=None)
        person.events.all().delete()
        _empty(person, closed_at=timezone.now())
        events.note(person, PersonKind.DELETED)


def _empty(person: Person, **values: Any) -> None:
    Person.objects.filter(pk=person.pk).update(
        name="", name_key="", kind=Person.Kind.PERSON, level=0, preferences={}, **values
    )
    person.refresh_from_db()

"""The history of a person's account: what was done, in words that the person reads."""

from typing import Any

from django.utils import timezone

from eservices.people.kinds import PersonKind
from eservices.people.models import Person, PersonEvent
from org.models import User


def note(
    person: Person, kind: PersonKind, *, actor: User | None = None, **data: Any
) -> PersonEvent:
    """Write one line of a person's history, and return it."""
    return PersonEvent.objects.create(
        person=person, at=timezone.now(), kind=kind, actor=actor, data=data
    )

"""The session of a citizen: who is in, in this browser, for half an hour without a click.

It stands beside a session of staff and gives none of its rights.
"""

import time
from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest

from eservices.people import events
from eservices.people.kinds import PersonKind
from eservices.people.models import Person
from web.portal import visit
from web.portal.service_form import session as forms
from web.shared.sessions import renew_key

KEY: Final = "portal.person"
# What a browser may pay without an account, and the payments that it began.
PAYING: Final = ("portal.pay.contracts", "portal.pay.attempts")
PROVEN: Final = "portal.bills"  # the contract whose duplicates it sees without an account
SECONDS: Final = 30 * 60  # without a click
LONGEST: Final = 8 * 3600  # in all
_SEEN_EVERY: Final = 30  # seconds between two notes of when the session was seen


def begin(request: HttpRequest, person: Person, *, by: PersonKind = PersonKind.SIGNED_IN) -> None:
    """Begin the session of a person who has shown who they are.

    The session of staff in the same browser goes on, under a new key too.
    """
    _forget_another(request, person)
    renew_key(request)
    if not request.user.is_authenticated:
        request.session.set_expiry(SECONDS)
    now = int(time.time())
    request.session[KEY] = {"person": str(person.pk), "since": now, "seen": now}
    events.note(person, by)


def person_in(request: HttpRequest) -> Person | None:
    """Return the citizen whose session this is, None where there is none or it has ended."""
    if not hasattr(request, "_portal_person"):
        request._portal_person = _read(request)  # type: ignore[attr-defined]  # kept for the page
    found: Person | None = request._portal_person  # type: ignore[attr-defined]  # as above
    return found


def end(request: HttpRequest) -> None:
    """End the citizen's session; forms and the visit to a letter are closed with it."""
    person = person_in(request)
    for key in (KEY, PROVEN, *PAYING):
        request.session.pop(key, None)
    forms.forget(request)
    visit.end(request)
    request._portal_person = None  # type: ignore[attr-defined]  # kept for the page
    if person is not None and person.closed_at is None:
        events.note(person, PersonKind.SIGNED_OUT)


def _forget_another(request: HttpRequest, person: Person) -> None:
    """Close what another person has left open in this browser: forms, and the visit to a letter.

    What nobody's name is on goes on: a form that was begun before the sign-in.
    """
    before = request.session.get(KEY)
    if isinstance(before, dict) and before.get("person") != str(person.pk):
        forms.forget(request)
        for key in (visit.KEY, PROVEN, *PAYING):
            request.session.pop(key, None)
    forms.forget(request, Q(person__isnull=False) & ~Q(person=person.pk))
    visited = request.session.get(visit.KEY) or {}
    if visited.get("person", str(person.pk)) != str(person.pk):
        request.session.pop(visit.KEY, None)


def _read(request: HttpRequest) -> Person | None:
    kept: dict[str, Any] | None = request.session.get(KEY)
    if not isinstance(kept, dict):
        return None
    now = int(time.time())
    if now - kept["seen"] > SECONDS or now - kept["since"] > LONGEST:
        request.session.pop(KEY, None)
        return None
    person = Person.objects.filter(pk=kept["person"], closed_at=None).first()
    if person is None:
        request.session.pop(KEY, None)
        return None
    if now - kept["seen"] >= _SEEN_EVERY:
        request.session[KEY] = {**kept, "seen": now}
    return person

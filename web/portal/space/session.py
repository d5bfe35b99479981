"""The session of a citizen: who is in, in this browser, for half an hour without a click.

It stands beside a session of staff and gives none of its rights. Its row (`PersonSession`) is what
the person sees of it, and ends it from another browser.
"""

import contextlib
import time
from importlib import import_module
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from eservices.people import events, sessions
from eservices.people.kinds import PersonKind
from eservices.people.models import Person, PersonSession
from org.security_log import LoggedEvent, write_event
from web.addresses import address_of
from web.portal import open_forms, visit
from web.shared.browsers import browser_of
from web.shared.session_ends import SessionEnd, note_session_shown
from web.shared.sessions import end_before, has_fixed_end, lengthen, renew_key

KEY: Final = "portal.person"
# What a browser may pay without an account, and the payments that it began.
PAYING: Final = ("portal.pay.contracts", "portal.pay.attempts")
PROVEN: Final = "portal.bills"  # the contract whose duplicates it sees without an account
SECONDS: Final = int(sessions.IDLE.total_seconds())
LONGEST: Final = int(sessions.LONGEST.total_seconds())
_OURS: Final = "portal."  # what a session holds under it is a citizen's
_SEEN_EVERY: Final = 30  # seconds between two notes of when the session was seen


def begin(request: HttpRequest, person: Person, *, by: PersonKind = PersonKind.SIGNED_IN) -> None:
    """Begin the session of a person who has shown who they are.

    The session of staff in the same browser goes on, under a new key too.
    """
    _forget_another(request, person)
    renew_key(request)
    lengthen(request, SECONDS)
    _drop_row(request)
    row = sessions.begin(
        person,
        key=request.session.session_key or "",
        browser=browser_of(request.headers.get("User-Agent", "")),
        address=address_of(request),
    )
    now = int(time.time())
    kept = {"person": str(person.pk), "row": str(row.pk), "since": now, "seen": now}
    request.session[KEY] = {**kept, "proven": now}
    request._portal_person = person  # type: ignore[attr-defined]  # kept for the page
    events.note(person, by)
    write_event(
        LoggedEvent.CITIZEN_SIGNED_IN, citizen=person.pk, way=by, address=address_of(request)
    )


def is_proven(request: HttpRequest) -> bool:
    """Return whether the person signed in or confirmed themselves within CONFIRM_MINUTES."""
    kept = request.session.get(KEY)
    proven = kept.get("proven", 0) if isinstance(kept, dict) else 0
    return bool(time.time() - proven < settings.CONFIRM_MINUTES * 60)


def prove(request: HttpRequest, person: Person) -> None:
    """Note that the person has just shown once more that it is they."""
    renew_key(request)
    request.session[KEY] = {**request.session[KEY], "proven": int(time.time())}
    events.note(person, PersonKind.CONFIRMED)


def row_of(request: HttpRequest) -> UUID:
    """Return the row of this browser's session; the person must be in."""
    return UUID(request.session[KEY]["row"])


def close_elsewhere(keys: list[str]) -> None:
    """Close what lies of a citizen in these browsers' sessions; one of staff there goes on."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for key in keys:
        other = store(session_key=key)
        end_before(other)
        for name in [name for name in other.keys() if name.startswith(_OURS)]:  # noqa: SIM118
            other.pop(name)
        if other.session_key is None:  # it was over: to save it would begin one more
            continue
        with contextlib.suppress(UpdateError):  # it ended by itself meanwhile
            other.save()


def person_in(request: HttpRequest) -> Person | None:
    """Return the citizen whose session this is, None where there is none or it has ended."""
    if not hasattr(request, "_portal_person"):
        request._portal_person = _read(request)  # type: ignore[attr-defined]  # kept for the page
    found: Person | None = request._portal_person  # type: ignore[attr-defined]  # as above
    if found is not None:
        note_session_shown(request, KEY)
    return found


def session_end(request: HttpRequest) -> SessionEnd | None:
    """Return whose session it is, and until when; nothing is noted as seen by that."""
    kept = request.session.get(KEY)
    if not isinstance(kept, dict):
        return None
    known = getattr(request, "_portal_person", None) or _row(kept)
    return SessionEnd(f"person:{kept['person']}", _until(kept)) if known else None


def end(request: HttpRequest) -> None:
    """End the citizen's session; forms and the visit to a letter are closed with it."""
    person = person_in(request)
    _drop_row(request)
    for key in (KEY, PROVEN, *PAYING):
        request.session.pop(key, None)
    open_forms.forget(request)
    visit.end(request)
    request._portal_person = None  # type: ignore[attr-defined]  # kept for the page
    if person is not None and person.closed_at is None:
        events.note(person, PersonKind.SIGNED_OUT)
        write_event(LoggedEvent.CITIZEN_SIGNED_OUT, citizen=person.pk, address=address_of(request))


def _forget_another(request: HttpRequest, person: Person) -> None:
    """Close what another person has left open in this browser: forms, and the visit to a letter.

    What nobody's name is on goes on: a form that was begun before the sign-in.
    """
    before = request.session.get(KEY)
    if isinstance(before, dict) and before.get("person") != str(person.pk):
        open_forms.forget(request)
        for key in (visit.KEY, PROVEN, *PAYING):
            request.session.pop(key, None)
    open_forms.forget(request, Q(person__isnull=False) & ~Q(person=person.pk))
    visited = request.session.get(visit.KEY) or {}
    if visited.get("person", str(person.pk)) != str(person.pk):
        request.session.pop(visit.KEY, None)


def _read(request: HttpRequest) -> Person | None:
    kept: dict[str, Any] | None = request.session.get(KEY)
    if not isinstance(kept, dict):
        return None
    now = int(time.time())
    row = _row(kept) if now <= _until(kept) else None
    if row is None:  # over, ended from another browser, or the space is deleted
        request.session.pop(KEY, None)
        return None
    key = row.key if has_fixed_end(request.session) else request.session.session_key or ""
    if now - kept["seen"] >= _SEEN_EVERY or row.key != key:
        request.session[KEY] = {**kept, "seen": now}
        PersonSession.objects.filter(pk=row.pk).update(seen_at=timezone.now(), key=key)
    return row.person


def _until(kept: dict[str, Any]) -> int:
    return int(min(kept["seen"] + SECONDS, kept["since"] + LONGEST))


def _row(kept: dict[str, Any]) -> PersonSession | None:
    """Return the row of a session."""
    rows = PersonSession.objects.select_related("person").filter(person__closed_at=None)
    which: Any = kept.get("row")
    return rows.filter(pk=which, person=kept["person"]).first()


def _drop_row(request: HttpRequest) -> None:
    kept = request.session.get(KEY)
    if isinstance(kept, dict) and "row" in kept:
        PersonSession.objects.filter(pk=kept["row"]).delete()

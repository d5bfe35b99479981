"""A citizen's visit to one letter: remembered in the session for half an hour, in no address."""

from typing import Any, Final

from django.db.models import Q
from django.http import HttpRequest

from eservices.people.letters import letters_of
from eservices.people.models import Person
from eservices.requests.access import requests_of
from registry.models.letters import Letter
from web.portal import open_forms
from web.shared.session_ends import SessionEnd, note_session_shown
from web.shared.sessions import GRACE, renew_key
from web.shared.timed_facts import TimedFacts

KEY: Final = "portal.visit"
SECONDS: Final = 30 * 60
_FACTS: Final = TimedFacts(KEY, SECONDS)


class VisitOverError(Exception):
    """The visit has ended: number and code must be given again."""


def begin(
    request: HttpRequest, letter: Letter, *, fresh: bool = False, person: Person | None = None
) -> None:
    """Begin a visit of a person who has shown that the letter is theirs.

    By its code, or by just depositing it. `fresh`: it was deposited in this very visit, and its
    code is still to be shown, also to who sends again because the answer was lost. A `person` of
    my space needs no code: the letter must stay theirs.
    """
    facts: dict[str, Any] = {"letter": str(letter.pk), "fresh": fresh}
    if person is not None:
        facts["person"] = str(person.pk)
    _FACTS.keep(request, grace=GRACE if fresh else 0, **facts)


def letter_of(request: HttpRequest, *, fresh: bool = False) -> Letter:
    """Return the letter of this visit. Raise VisitOverError if it has ended (or is not `fresh`)."""
    facts = _FACTS.read(request)
    if facts is None or (fresh and not facts["fresh"]):
        raise VisitOverError
    letter: Letter | None = Letter.objects.for_lists().filter(pk=facts["letter"]).first()
    if letter is None or ("person" in facts and not _is_theirs(letter, person_of(request))):
        raise VisitOverError
    note_session_shown(request, KEY)
    return letter


def session_end(request: HttpRequest) -> SessionEnd | None:
    """Return what is visited, and until when."""
    facts = _FACTS.read(request)
    return SessionEnd(f"letter:{facts['letter']}", facts["until"]) if facts else None


def person_of(request: HttpRequest) -> Person | None:
    """Return the person of my space who visits; None for who came by the code of the letter."""
    facts = _FACTS.stored(request)
    if "person" not in facts:
        return None
    if not hasattr(request, "_visits_as"):
        found = Person.objects.filter(pk=facts["person"], closed_at=None).first()
        request._visits_as = found  # type: ignore[attr-defined]  # kept for the page
    person: Person | None = request._visits_as  # type: ignore[attr-defined]  # as above
    return person


def shown_to(person: Person) -> Q:
    """Return the condition of letters that are this person's to see.

    What was opened for another is theirs while they hold the mandate, whatever their contacts.
    """
    known = letters_of(person).exclude(letter__request__mandate__isnull=False)
    requests = requests_of(person)
    return Q(pk__in=known.values("letter")) | Q(pk__in=requests.values("letter"))


def _is_theirs(letter: Letter, person: Person | None) -> bool:
    return person is not None and Letter.objects.filter(shown_to(person), pk=letter.pk).exists()


def end(request: HttpRequest) -> None:
    """End the visit: the next user of this computer sees nothing of the letter.

    Nor do they see the page that says the code of a request that was just deposited.
    """
    _FACTS.forget(request)
    open_forms.forget(request, Q(request__isnull=False))
    renew_key(request)

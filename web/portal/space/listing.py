"""What a citizen sees of requests and letters in my space: those of their contacts and mandates."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from eservices.people.models import Person
from eservices.requests.access import requests_of
from eservices.requests.models import Message, Request, StageKind
from registry.models.letters import Letter, Party
from registry.states import Stage
from web.portal.space.access import uuid_in
from web.portal.visit import shown_to
from web.shared.public_words import STAGES

ORDER: Final = ("-registered_at", "-id")
ROWS: Final = 20
_OVER: Final = (Stage.CLOSED, Stage.VOIDED)


@dataclass(frozen=True, slots=True)
class Item:
    """One request or letter, in a line."""

    letter: Letter
    title: str
    state: str
    waits: bool
    unread: int
    for_other: str
    over: bool
    own: bool = True  # the person sent it; one seen by a mandate alone is its sender's


def mine(person: Person) -> QuerySet[Letter]:
    """Return the letters that are this person's to see; children stand on their parent's page."""
    return Letter.objects.filter(shown_to(person)).exclude(request__parent__isnull=False)


def waiting(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """Return those with which the office waits for the citizen: papers, an answer, a decision."""
    stage = Q(request__stage_kind=StageKind.WAITING)
    pieces = Q(pieces_request__isnull=False, pieces_request__answered_at=None)
    return letters.filter(stage | (pieces & ~Q(stage__in=_OVER)))


def letter_of(person: Person, text: str) -> Letter:
    """Return one letter of the person's. Raise Http404 for any other, and for none."""
    letter = mine(person).filter(pk=uuid_in(text)).first()
    if letter is None:
        raise Http404
    return letter


def items_of(letters: list[Letter], person: Person) -> list[Item]:
    """Return the lines of some letters, by a few queries for all of them."""
    ids = [letter.pk for letter in letters]
    rows = Request.objects.filter(letter__in=ids).select_related(
        "version", "on_behalf_of", "person"
    )
    requests = {row.letter_id: row for row in rows}
    waits = set(waiting(Letter.objects.filter(pk__in=ids)).values_list("pk", flat=True))
    unread = dict(
        unread_messages(person)
        .filter(request__letter__in=ids)
        .values_list("request__letter")
        .annotate(n=Count("pk"))
        .order_by()
    )
    senders = dict(
        Party.objects.filter(letter__in=ids, role=Party.Role.SENDER).values_list("letter", "name")
    )
    return [
        _item(
            letter, requests.get(letter.pk), person, letter.pk in waits, unread,
            senders.get(letter.pk, ""),
        )
        for letter in letters
    ]  # fmt: skip


def unread_messages(person: Person) -> QuerySet[Message]:
    """Return the office's messages that the person has not read."""
    theirs = requests_of(person).values("pk")
    return Message.objects.filter(request__in=theirs, from_citizen=False, read_at=None)


def title_of(request: Request) -> str:
    """Return the title of the request's service, in the present language."""
    return text_in(request.version.content.get("title"))


def text_in(text: Any) -> str:
    """Return one text of a service type's content, in the present language or the next best."""
    if not isinstance(text, dict):
        return ""
    language = (get_language() or "fr")[:2]
    return str(next((text[code] for code in (language, "fr", "ar", "en") if text.get(code)), ""))


def _item(
    letter: Letter, request: Request | None, person: Person, waits: bool,
    unread: dict[Any, int], sender: str,
) -> Item:  # fmt: skip
    if request is None:
        words = str(STAGES[letter.stage])
        return Item(letter, letter.subject, words, waits, 0, "", letter.stage in _OVER)
    own = request.person_id in (None, person.pk)
    other = request.on_behalf_of or request.person
    return Item(
        letter,
        title_of(request) or letter.subject,
        _stage_words(request),
        waits,
        unread.get(letter.pk, 0),
        (other.name or sender or _("somebody"))
        if other is not None and other.pk != person.pk
        else "",
        request.ended_at is not None,
        own,
    )


def _stage_words(request: Request) -> str:
    for stage in request.version.content.get("stages", ()):
        if stage.get("code") == request.stage:
            return text_in(stage.get("public"))
    return ""

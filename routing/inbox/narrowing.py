"""What narrows a list of work, and its order: kind, sender, days, due date, urgency, person."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Collate, Lower, NullIf
from django.utils import timezone

from language.fold import fold
from org.days import end_of_week, midnight, midnight_after
from org.models import LetterKind
from registry.models.letters import Letter, Party
from registry.models.querysets import LetterQuerySet
from routing.models.assignments import Assignment
from routing.models.states import LIVE
from routing.models.suggestions import Suggestion

SPANS: Final = ("late", "today", "week")
NOBODY: Final = 0
NEVER: Final = date(9999, 12, 31)
LEAST_LETTERS: Final = 2  # of a sender's name: with one, nearly every letter is found
# The columns of each order; an assignment came when the department got it, a letter of the tray
# when it was registered.
ORDERS: Final[dict[str, tuple[str, str]]] = {
    "due": ("day", "pk"),
    "newest": ("-assigned_at", "-pk"),
    "oldest": ("assigned_at", "pk"),
    "sender": ("sender_name", "pk"),
}
TRAY_ORDERS: Final[dict[str, tuple[str, str]]] = {
    "oldest": ("registered_at", "pk"),
    "newest": ("-registered_at", "-pk"),
    "due": ORDERS["due"],
    "sender": ORDERS["sender"],
}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The filters and the order of a list of work; an empty filter leaves nothing out.

    `department` (an inbox has several), `kind` and `channel` are codes, `sender` words of a name in
    any spelling; the letter was received from `since` to `until`, both included; `due` is one of
    SPANS; `urgent`: the letter says so; `person` is the id of who is in charge, or NOBODY.
    """

    department: str = ""
    kind: str = ""
    channel: str = ""
    sender: str = ""
    since: date | None = None
    until: date | None = None
    due: str = ""
    urgent: bool = False
    person: int | None = None
    order: str = "due"


EVERYTHING: Final = Narrowing()


def names_sender(words: str) -> bool:
    """Return whether the words have enough letters to search for a sender, in any spelling."""
    return sum(map(str.isalnum, fold(words))) >= LEAST_LETTERS


def due_within(span: str) -> Q:
    """Return the condition that the due day is past, today, or from today to this Sunday."""
    today = timezone.localdate()
    if span == "late":
        return Q(due_on__lt=today)
    return Q(due_on__gte=today, due_on__lte=today if span == "today" else end_of_week(today))


def narrow(rows: QuerySet[Assignment], asked: Narrowing) -> QuerySet[Assignment]:
    """Return the assignments, of any department, that pass the filters."""
    of_letter = _of_letter(asked)
    if of_letter:
        # Each row's letter is looked up: a database would otherwise begin with all of a kind.
        rows = rows.filter(Exists(Letter.objects.filter(of_letter, pk=OuterRef("letter"))))
    if asked.due:
        rows = rows.filter(due_within(asked.due))
    if asked.person is not None:
        rows = rows.filter(person=asked.person or None)
    if asked.sender:
        letters = rows.filter(state__in=LIVE).order_by().values("letter")
        rows = rows.filter(letter__in=_sent_by(asked.sender, letters))
    return rows


def narrow_tray(letters: LetterQuerySet, asked: Narrowing) -> LetterQuerySet:
    """Return the letters of the tray that pass the filters, in their order (TRAY_ORDERS)."""
    letters = letters.filter(_of_letter(asked))
    if asked.due:
        letters = letters.filter(due_within(asked.due))
    if asked.sender:
        found = _sent_by(asked.sender, letters.order_by().values("pk"))
        letters = letters.filter(pk__in=found)
    if asked.order == "due":
        letters = letters.annotate(day=due_day())
    elif asked.order == "sender":
        letters = letters.annotate(sender_name=sender_name("pk"))
    return letters


def in_order(
    rows: QuerySet[Assignment], order: str, states: Sequence[str]
) -> tuple[list[QuerySet[Assignment, Any]], list[QuerySet[Assignment, Any]]]:
    """Return a department's rows in parts that an index has in this order; the second follow.

    No index has senders: the live work of a department is little enough to sort.
    """
    if order == "sender":
        return [rows.filter(state__in=states).annotate(sender_name=sender_name("letter"))], []
    if order in ("newest", "oldest"):
        roles = Assignment.Role.values
        return [rows.filter(state=state, role=role) for state in states for role in roles], []
    dated, undated = rows.filter(due_on__isnull=False), rows.filter(due_on=None)
    return (
        [dated.filter(state=state).annotate(day=F("due_on")) for state in states],
        [undated.filter(state=state).annotate(day=Value(NEVER, DateField())) for state in states],
    )


def due_day() -> Coalesce:
    """Return the due day, by which a list is ordered; NEVER where there is none."""
    return Coalesce("due_on", Value(NEVER, DateField()))


def sender_name(letter: str) -> Coalesce:
    """Return the sender's name, by which a list is ordered; those without a name come last.

    `letter` names the column with the letter. Compared by code points, as Python does it: parts of
    a list are merged there.
    """
    written = Coalesce(NullIf(F("name"), Value("")), NullIf(F("organisation"), Value("")))
    senders = Party.objects.filter(letter=OuterRef(letter), role=Party.Role.SENDER)
    plain = "C" if connection.vendor == "postgresql" else "BINARY"
    named = senders.annotate(written=Lower(written)).values("written")[:1]
    return Coalesce(Collate(Subquery(named), plain), Value("\uffff"))


def _of_letter(asked: Narrowing) -> Q:
    """Return the condition on the letter itself."""
    wanted = Q()
    if asked.kind:
        wanted &= Q(kind__in=LetterKind.objects.filter(code=asked.kind).values("pk"))
    if asked.channel:
        wanted &= Q(channel=asked.channel)
    if asked.since:
        wanted &= Q(received_at__gte=midnight(asked.since))
    if asked.until:
        wanted &= Q(received_at__lt=midnight_after(asked.until))
    if asked.urgent:
        said = Suggestion.objects.filter(
            letter=OuterRef("pk"), field=Suggestion.Field.URGENCY, current=True
        )
        wanted &= Q(Exists(said.exclude(decision=Suggestion.Decision.CORRECTED)))
    return wanted


def _sent_by(words: str, letters: QuerySet[Any, Any]) -> RawSQL:
    """Return the ids of the letters whose sender has all these words in a name, in any spelling.

    The name that the letter gives, or that of the contact. Compared here, not by the database:
    it knows neither Arabic letter variants nor accents.
    """
    wanted = fold(words).split()
    senders = Party.objects.filter(role=Party.Role.SENDER, letter__in=letters)
    found = senders.values_list("letter_id", "name", "organisation", "contact__name")
    sent = [
        letter
        for letter, *names in found
        if (whole := fold(" ".join(filter(None, names)))) and all(word in whole for word in wanted)
    ]
    return _as_one_value(sent)


def _as_one_value(letters: list[UUID]) -> RawSQL:
    """Return the ids as a subquery of one value: a database takes only so many in a question."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::uuid[])", [letters])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps([pk.hex for pk in letters])])

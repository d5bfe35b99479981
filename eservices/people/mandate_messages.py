"""A person is told of their mandates by mail or SMS: given, asked for, confirmed, ended, used.

Each message follows from a line of their history, and is one itself. They choose the way, or none.
Whom somebody merely named is told without the words of who named them: these are a stranger's.
"""

from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from eservices.catalogue.publishing import published
from eservices.kinds import EserviceJob
from eservices.people import events
from eservices.people.kinds import PersonKind
from eservices.people.models import Mandate, Person, PersonEvent
from eservices.people.reaching import contact_named, contact_of_person
from eservices.plain_messages import send_message
from jobs.outbox import enqueue
from org.signs import set_apart

_SETTLED: Final = (PersonKind.MANDATE_TOLD, PersonKind.MANDATE_UNTOLD)


def tell_of(event: PersonEvent) -> None:
    """Queue the message about a line of a person's history. Inside a transaction."""
    if _contact(event.person)[0]:
        enqueue(EserviceJob.MANDATE_TELL, event.pk)


def tell_work(subject: str, _progress: Any) -> str:
    """Send the message; return the way, "" where there is none, or it was sent before.

    At least once. Raise jobs' Permanent and Unavailable.
    """
    event = _untold(subject)
    row = _mandate_of(event) if event else None
    if event is None or row is None:
        return ""
    contact, known = _contact(event.person)
    if not contact:
        return ""
    with override(event.person.language or "fr"):
        return send_message(
            contact,
            subject=_("your mandates"),
            lines=lines_of(event, row, known=known),
            reference=f"mandate:{event.pk}",
        )


def save_told(subject: str, way: str) -> None:
    """Write into the person's history that they were told, and how."""
    event = _untold(subject)
    if way and event:
        _settle(event, PersonKind.MANDATE_TOLD, way=way)


def tell_parked(subject: str, code: str) -> None:
    """Write into the person's history that a message did not reach them."""
    if event := _untold(subject):
        _settle(event, PersonKind.MANDATE_UNTOLD, problem=code)


def other_of(row: Mandate, person: Person) -> str:
    """Return the other of a mandate's two: as named by the person, or by name and contact.

    The contact shows who asks, or whose mandate it is, where somebody has given no name.
    """
    if row.asked_by_id == person.pk or row.asked_by is None:
        return str(row.named)
    known = (one.value for one in row.asked_by.contacts.all() if one.verified_at)
    return " · ".join(text for text in (row.asked_by.name, next(known, "")) if text)


def with_others(rows: QuerySet[Mandate]) -> QuerySet[Mandate]:
    """Return mandates with what `other_of` asks of them, in two queries for all."""
    return rows.select_related("asked_by").prefetch_related("asked_by__contacts")


def lines_of(event: PersonEvent, row: Mandate, *, known: bool) -> list[str]:
    """Return what is said, in the active language; `known`: the person has verified a contact."""
    other = set_apart(other_of(row, event.person)) if known else ""
    facts = {"other": other or _("somebody"), **_use(event)}
    lines = [_first_line(event, row) % facts]
    if row.until and row.revoked_at is None and event.kind != PersonKind.MANDATE_OVER:
        lines.append(_("It holds until %(day)s.") % {"day": f"{row.until:%d/%m/%Y}"})
    if event.kind == PersonKind.MANDATE_USED:
        lines.append(_("You know nothing of it? End the mandate, and tell the office."))
    place = {"address": f"{settings.PUBLIC_URL}/my/mandates/"}
    if not known:
        return [*lines, _("Enter your space with this address to see it: %(address)s") % place]
    return [*lines, _("See it in your space: %(address)s") % place]


def _first_line(event: PersonEvent, row: Mandate) -> str:
    agent = row.agent_id == event.person_id
    if event.kind == PersonKind.MANDATE_RECEIVED:
        return _("From now on you may act for %(other)s.")
    if event.kind == PersonKind.MANDATE_WANTED:
        return _("A request to act for you came from %(other)s. Confirm it, or refuse it.")
    if event.kind == PersonKind.MANDATE_CONFIRMED and agent:
        return _("Your mandate is confirmed: you may act for %(other)s.")
    if event.kind == PersonKind.MANDATE_CONFIRMED:
        return _("The office confirmed, on a proof, that this person may act for you: %(other)s.")
    if event.kind == PersonKind.MANDATE_USED:
        return _("Request %(number)s (%(service)s) was sent in your name, by mandate: %(other)s.")
    if event.kind == PersonKind.MANDATE_WAITS:
        return _(
            "Your mandate waits now until this person, who has opened their space, confirms it: "
            "%(other)s. Until then you cannot act for them."
        )
    if event.kind == PersonKind.MANDATE_OVER:
        return _("This mandate has ended with its last day: %(other)s.")
    if event.kind == PersonKind.MANDATE_REFUSED or row.confirmed_at is None:
        return _("A mandate that waited was refused or withdrawn: %(other)s.")
    return _("This mandate has ended: %(other)s.")


def _use(event: PersonEvent) -> dict[str, str]:
    code = str(event.data.get("service", ""))
    found = published(code) if code else None
    title = found.definition.title.in_(event.person.language or "fr") if found else code
    return {"number": set_apart(str(event.data.get("letter", ""))), "service": title}


def _contact(person: Person) -> tuple[str, bool]:
    """Return the contact to which a message goes, and whether the person has shown it is theirs."""
    if person.closed_at is not None:
        return "", False
    if person.contacts.filter(verified_at__isnull=False).exists():
        return contact_of_person(person), True
    return contact_named(person), False


def _mandate_of(event: PersonEvent) -> Mandate | None:
    return with_others(Mandate.objects.filter(pk=event.data.get("mandate"))).first()


def _untold(subject: str) -> PersonEvent | None:
    """Return the line of the history, None where it is gone, or a message about it was settled."""
    event = PersonEvent.objects.select_related("person").filter(pk=int(subject)).first()
    if event is None:
        return None
    told = PersonEvent.objects.filter(person=event.person_id, pk__gt=event.pk, kind__in=_SETTLED)
    return None if told.filter(data__about=event.pk).exists() else event


def _settle(event: PersonEvent, kind: PersonKind, **data: Any) -> None:
    mandate = event.data.get("mandate", "")
    events.note(event.person, kind, mandate=mandate, about=event.pk, **data)

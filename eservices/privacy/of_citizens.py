"""What the e-services keep of a person: their space, requests, messages, calls, mandates."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from eservices.people.kinds import PersonKind
from eservices.people.models import Mandate, Person
from eservices.privacy.parts import Part, Row, at, bounded, part, under_another_name, without_empty
from eservices.privacy.person_data import CHUNK, PersonData, in_anothers_name
from eservices.relations.models import CallbackTask, ContactMoment
from eservices.requests.models import Draft, Message, Request
from registry.access import reads_letter


@part
def space(held: PersonData) -> Part:
    """Return the person's space with contacts, consents and mandates."""
    person = held.customer.person
    rows = [_space(person)] if person is not None else []
    left_out = under_another_name(held, "space")
    if person is not None and _mandates(person).exists():
        left_out.append(_("Left out: the names of the others of mandates."))
    title = _("Space and preferences")
    return Part("space", title, "space", _("Given by the person"), rows, left_out)


def _space(person: Person) -> Row:
    return without_empty(
        {
            "name": person.name,
            "kind": str(person.get_kind_display()),
            "language": person.language,
            "identity_level": person.level,
            "consents": person.preferences,
            "opened_at": at(person.made_at),
            "ended_at": at(person.closed_at),
            "reached_by": [
                without_empty({"way": str(one.get_way_display()), "value": one.value,
                      "verified_at": at(one.verified_at)})
                for one in person.contacts.order_by("pk")
            ],
            "electronic_identities": [one.issuer for one in person.identities.order_by("pk")],
            "mandates": [_mandate(one, person) for one in _mandates(person)[:100]],
        }
    )  # fmt: skip


def _mandates(person: Person) -> "QuerySet[Mandate]":
    return Mandate.objects.filter(Q(agent=person) | Q(principal=person)).order_by("made_at")


def _mandate(row: Mandate, person: Person) -> Row:
    return without_empty(
        {
            "side": _("acts for another") if row.agent_id == person.pk else _("is acted for"),
            "services": row.services,
            "contracts": row.contracts,
            "made_at": at(row.made_at),
            "confirmed_at": at(row.confirmed_at),
            "until": at(row.until),
            "ended_at": at(row.revoked_at),
        }
    )


@part
def space_history(held: PersonData) -> Part:
    """Return what was done with the person's space."""
    left_out: list[str] = []
    person = held.customer.person
    rows = person.events.order_by("-id").iterator(chunk_size=CHUNK) if person else iter(())
    known = dict(PersonKind.choices)
    shown = ({"at": at(row.at), "what": str(known.get(row.kind, row.kind))} for row in rows)
    title, source = _("History of the space"), _("Recorded by the software")
    return Part("space_history", title, "space", source, bounded(shown, left_out), left_out)


@part
def requests(held: PersonData) -> Part:
    """Return the person's requests with what they answered in the form."""
    left_out: list[str] = []
    rows = _requests(held).select_related("letter", "service").order_by("-opened_at", "-id")
    shown = (_request(row, held) for row in rows.iterator(chunk_size=CHUNK))
    return Part(
        "requests", _("Requests"), "requests", _("Given by the person"),
        bounded(shown, left_out), left_out,
    )  # fmt: skip


def _requests(held: PersonData) -> "QuerySet[Request]":
    person = held.customer.person
    mine = Q(letter__in=held.letter_ids)
    if person is not None:
        mine |= Q(person=person) | Q(on_behalf_of=person)
    return Request.objects.filter(mine, reads_letter(held.viewer))


def _request(row: Request, held: PersonData) -> Row:
    """Return a request; of one made in another's name not what it says of them."""
    person = held.customer.person
    of_another = row.on_behalf_of_id is not None and (
        person is None or row.on_behalf_of_id != person.pk
    )
    return without_empty(
        {
            "number": row.letter.number,
            "service": row.service.code,
            "answers": _("made in another’s name: not told here") if of_another else row.answers,
            "contract": "" if of_another else row.contract_number,
            "stage": row.stage,
            "outcome": str(row.get_outcome_display()) if row.outcome else "",
            "opened_at": at(row.opened_at),
            "ended_at": at(row.ended_at),
        }
    )


@part
def messages(held: PersonData) -> Part:
    """Return what person and office wrote to each other about requests, and drafts kept."""
    left_out: list[str] = []
    rows = Message.objects.filter(request__in=_requests(held).values("pk"))
    if others := rows.filter(request__in=in_anothers_name(held).values("pk")).count():
        words = _("Left out, of requests made in another’s name: %(n)d.")
        left_out.append(words % {"n": others})
    rows = rows.exclude(request__in=in_anothers_name(held).values("pk"))
    rows = rows.select_related("request__letter").order_by("-id")
    shown = (
        {
            "number": row.request.letter.number,
            "at": at(row.at),
            "from_the_person": row.from_citizen,
            "text": row.text,
        }
        for row in rows.iterator(chunk_size=CHUNK)
    )
    title, source = _("Messages"), _("Written by the person and by the office")
    return Part("messages", title, "requests", source, bounded(shown, left_out), left_out)


@part
def drafts(held: PersonData) -> Part:
    """Return forms that were begun and not sent."""
    left_out: list[str] = []
    person = held.customer.person
    rows = Draft.objects.filter(person=person).order_by("-saved_at") if person else None
    shown = (
        without_empty(
            {
                "service": row.version.service.code,
                "saved_at": at(row.saved_at),
                "until": at(row.ends_at),
                "answers": row.answers,
            }
        )
        for row in (rows.select_related("version__service") if rows is not None else ())
    )
    return Part(
        "drafts", _("Forms not sent yet"), "requests", _("Given by the person"),
        bounded(shown, left_out), left_out,
    )  # fmt: skip


@part
def calls(held: PersonData) -> Part:
    """Return calls, visits and call-backs; those under another name as a count."""
    rows = [*_moments(held), *_callbacks(held)]
    left_out = under_another_name(held, "calls")
    return Part(
        "calls", _("Calls, visits and call-backs"), "relations",
        _("Written down by the customer-relations centre"), bounded(rows, left_out), left_out,
    )  # fmt: skip


def _moments(held: PersonData) -> Iterator[Row]:
    person = held.customer.person
    wanted = Q(phone_key__in=held.customer.phones) & ~Q(phone_key="")
    if person is not None:
        wanted |= Q(person=person)
    seen = Q(request=None) | reads_letter(held.viewer, "request__letter")
    for row in ContactMoment.objects.filter(wanted, seen).order_by("-at").iterator():
        if not _is_of(held, row.person_id) and not held.is_theirs(row.name):
            held.foreign["calls"] += 1
            continue
        yield without_empty(
            {
                "at": at(row.at),
                "channel": str(row.get_channel_display()),
                "name": row.name,
                "telephone": row.phone,
                "contract": row.contract_number,
                "subject": row.subject,
                "notes": row.notes,
                "outcome": str(row.get_result_display()),
            }
        )


def _is_of(held: PersonData, person_id: Any) -> bool:
    person = held.customer.person
    return person is not None and person_id == person.pk


def _callbacks(held: PersonData) -> Iterator[Row]:
    person = held.customer.person
    wanted = Q(phone_key__in=held.customer.phones) & ~Q(phone_key="")
    if person is not None:
        wanted |= Q(moment__person=person) | Q(request__person=person)
    seen = Q(request=None) | reads_letter(held.viewer, "request__letter")
    rows = CallbackTask.objects.filter(wanted, seen).distinct().order_by("-made_at")
    for row in rows.select_related("unit", "moment", "request").iterator():
        by = [one.person_id for one in (row.moment, row.request) if one is not None]
        if not any(_is_of(held, one) for one in by) and not held.is_theirs(row.name):
            held.foreign["calls"] += 1
            continue
        yield without_empty(
            {
                "made_at": at(row.made_at),
                "name": row.name,
                "telephone": row.phone,
                "subject": row.reason,
                "recipient": row.unit.name,
                "ended_at": at(row.done_at),
            }
        )

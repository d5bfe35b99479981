"""Everything that is kept of a person, as plain values: the page shows it, the file holds it."""

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Q, QuerySet

from eservices.contracts.models import Holder
from eservices.money import decimal
from eservices.payments.listing import numbers_of
from eservices.payments.models import Attempt, Payment
from eservices.people.kinds import PersonKind
from eservices.people.letters import letters_of
from eservices.people.mandate_messages import other_of, with_others
from eservices.people.models import Mandate, Person, PersonSession
from eservices.people.sessions import sessions_of
from eservices.readings.models import Reading
from eservices.relations.models import ContactMoment
from eservices.requests.access import requests_of
from eservices.requests.models import Draft, Message, Request
from registry.models.letters import Letter
from web.portal.space import listing

MOST_SESSIONS: Final = 100


def everything_of(person: Person) -> dict[str, Any]:
    """Return what is kept: by part, each a list of rows of names and values."""
    return {
        "person": [_person(person)],
        "contacts": [_contact(row) for row in person.contacts.order_by("pk")],
        "electronic_identities": [
            {"issuer": row.issuer, "linked_at": _at(row.at)} for row in person.identities.all()
        ],
        "sessions": [_session(row) for row in sessions_of(person)[:MOST_SESSIONS]],
        "requests_and_letters": list(_letters(person)),
        "messages": list(_messages(person)),
        "drafts": list(_drafts(person)),
        "contracts": [
            {
                "contract": row.contract.number,
                "name": row.label,
                "proof": str(row.get_proof_display()),
                "proven_at": _at(row.proven_at),
                "ended_at": _at(row.ended_at),
            }
            for row in Holder.objects.filter(person=person).select_related("contract")
        ],
        "readings": list(_readings(person)),
        "payments": list(_payments(person)),
        "mandates": [_mandate(row, person) for row in _mandates(person)],
        "calls_and_visits": list(_moments(person)),
        "history": [
            {"at": _at(row.at), "what": str(PersonKind(row.kind).label)}
            for row in person.events.order_by("id")
        ],
    }


def _at(moment: Any) -> str:
    return moment.isoformat(timespec="seconds") if moment else ""


def _person(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "kind": str(Person.Kind(person.kind).label),
        "language": person.language,
        "identity_level": person.level,
        "preferences": person.preferences,
        "opened_at": _at(person.made_at),
    }


def _contact(row: Any) -> dict[str, Any]:
    return {
        "way": str(row.get_way_display()),
        "value": row.value,
        "verified_at": _at(row.verified_at),
    }


def _session(row: PersonSession) -> dict[str, Any]:
    told = {"browser": row.browser, "network": row.network}
    return {"since": _at(row.began_at), "last_seen": _at(row.seen_at), **told}


def _letters(person: Person) -> Iterable[dict[str, Any]]:
    own = _own_requests(person)
    known = letters_of(person).exclude(letter__request__mandate__isnull=False)
    mine = Q(pk__in=known.values("letter")) | Q(pk__in=own.values("letter"))
    letters = Letter.objects.filter(mine).order_by("-registered_at", "-id")
    rows = own.select_related("version")
    requests = {row.letter_id: row for row in rows}
    for letter in letters:
        told: dict[str, Any] = {
            "number": letter.number,
            "registered_at": _at(letter.registered_at),
            "subject": letter.subject,
        }
        if request := requests.get(letter.pk):
            told |= {"service": listing.title_of(request), "answers": request.answers}
            told |= {"contract": request.contract_number, "stage": request.stage}
        yield told


def _own_requests(person: Person) -> QuerySet[Request]:
    """Return the requests made by or for the person: not those of others that they may see.

    A request in another's name is there while the mandate holds, as on their pages.
    """
    return requests_of(person).filter(Q(person=person) | Q(on_behalf_of=person))


def _messages(person: Person) -> Iterable[dict[str, Any]]:
    own = _own_requests(person).values("pk")
    rows = Message.objects.filter(request__in=own).select_related("request__letter")
    for row in rows.order_by("id"):
        yield {
            "number": row.request.letter.number,
            "at": _at(row.at),
            "from_me": row.from_citizen,
            "text": row.text,
        }


def _drafts(person: Person) -> Iterable[dict[str, Any]]:
    rows = Draft.objects.filter(person=person).select_related("version__service")
    for row in rows.order_by("made_at"):
        yield {
            "service": listing.text_in(row.version.content.get("title")),
            "service_code": row.version.service.code,
            "saved_at": _at(row.saved_at),
            "kept_until": _at(row.ends_at),
            "contact": row.contact,
            "answers": row.answers,
        }


def _readings(person: Person) -> Iterable[dict[str, Any]]:
    rows = Reading.objects.filter(person=person).select_related("meter").order_by("made_at")
    for row in rows:
        yield {
            "meter": row.meter.serial if row.meter else "",
            "index": row.index,
            "read_on": row.read_on.isoformat(),
            "sent_at": _at(row.made_at),
            "state": str(row.get_state_display()),
            "contact": row.contact,
        }


def _payments(person: Person) -> Iterable[dict[str, Any]]:
    """Yield the person's payments, and their tries to pay by card that came to none."""
    payments = list(Payment.objects.filter(person=person).order_by("posted_at"))
    bills = numbers_of(row.receipt for row in payments)
    for row in payments:
        yield {
            "receipt": row.receipt,
            "paid_at": _at(row.paid_at),
            "amount": f"{decimal(row.amount)} {row.currency}",
            "way": str(row.get_channel_display()),
            "bills": bills.get(row.receipt, []),
        }
    for attempt in Attempt.objects.filter(person=person, payment=None).order_by("made_at"):
        yield {
            "order": attempt.oid,
            "begun_at": _at(attempt.made_at),
            "amount": f"{decimal(attempt.amount)} {attempt.currency}",
            "state": str(attempt.get_state_display()),
            "contact": attempt.email,
        }


def _mandates(person: Person) -> Iterable[Mandate]:
    rows = Mandate.objects.filter(Q(agent=person) | Q(principal=person))
    return with_others(rows).order_by("made_at")


def _mandate(row: Mandate, person: Person) -> dict[str, Any]:
    return {
        "side": "agent" if row.agent_id == person.pk else "principal",
        "other": other_of(row, person),
        "services": row.services,
        "contracts": row.contracts,
        "until": row.until.isoformat() if row.until else "",
        "made_at": _at(row.made_at),
        "confirmed_at": _at(row.confirmed_at),
        "ended_at": _at(row.revoked_at),
        "proof": row.proof_name,
    }


def _moments(person: Person) -> Iterable[dict[str, Any]]:
    seen = Q(request=None) | Q(request__in=requests_of(person).values("pk"))
    for row in ContactMoment.objects.filter(seen, person=person).order_by("at"):
        yield {
            "at": _at(row.at),
            "channel": str(row.get_channel_display()),
            "telephone": row.phone,
            "subject": row.subject,
            "notes": row.notes,
        }

"""Mandates: who may act for whom, for which services and contracts, and until when.

One that the principal gives holds at once. One that the agent requests waits until the principal
confirms it, or staff who saw the proof. Each of the two sees how they called the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.people import events
from eservices.people.codes import key_of, way_of
from eservices.people.kinds import PersonKind
from eservices.people.mandate_messages import tell_of
from eservices.people.models import ContactPoint, Mandate, Person
from eservices.people.persons import placeholder
from eservices.phone_words import phone_problem
from language.reach import number_key
from org.models import User
from org.people import permissions_of
from registry.deposit_files import NamedStream, keep_one
from registry.models.files import StoredFile

MOST_OPEN: Final = 50  # mandates that one person has written down and that have not ended
MOST_SCOPE: Final = 40
# What the histories of maker and named say of a mandate that is given, or asked for.
_MADE: Final = {
    True: (PersonKind.MANDATE_GIVEN, PersonKind.MANDATE_RECEIVED),
    False: (PersonKind.MANDATE_ASKED, PersonKind.MANDATE_WANTED),
}


class MandateError(Exception):
    """A mandate that cannot be: the words say why."""


@dataclass(frozen=True, slots=True)
class MandateInput:
    """What a person writes down of a mandate; `contact` or `name` say who the other is."""

    contact: str = ""
    name: str = ""
    services: Sequence[str] = ()
    contracts: Sequence[str] = ()
    until: date | None = None
    proof: NamedStream | None = None


def live(*, on: date | None = None) -> Q:
    """Return the condition of mandates that hold on a day, today if unsaid."""
    day = on or timezone.localdate()
    lasting = Q(until=None) | Q(until__gte=day)
    return Q(confirmed_at__isnull=False, revoked_at=None) & lasting


def covers(mandate: Mandate, *, service: str, contract: str = "") -> bool:
    """Return whether the mandate is for this service and contract; one that names none is for all.

    One that names contracts is for no request without a contract.
    """
    services = not mandate.services or service in mandate.services
    numbers = {number_key(str(number)) for number in mandate.contracts}
    return services and (not numbers or number_key(contract) in numbers)


def mandates_of(agent: Person, *, service: str = "", contract: str = "") -> list[Mandate]:
    """Return the mandates that the agent holds today; for a service, those that cover it."""
    held = Mandate.objects.filter(live(), agent=agent).select_related("principal")
    rows = held.filter(principal__closed_at=None).order_by("made_at", "id")
    if not service and not contract:
        return list(rows)
    return [row for row in rows if covers(row, service=service, contract=contract)]


def give(principal: Person, wanted: MandateInput) -> Mandate:
    """Let somebody act for the principal, who says so themselves: it holds at once.

    Raise MandateError; DepositRefusedError where the proof is no file that the office takes.
    """
    if not wanted.contact:
        raise MandateError(_("Give the e-mail address or telephone number of who acts for you."))
    return _write(principal, wanted, given=True)


def ask(agent: Person, wanted: MandateInput) -> Mandate:
    """Request to act for somebody: it waits for them, or for staff who see the proof.

    Raise MandateError; DepositRefusedError where the proof is no file that the office takes.
    """
    if wanted.proof is None:
        raise MandateError(_("Attach the paper by which you may act for this person."))
    if not wanted.contact and not wanted.name.strip():
        raise MandateError(_("Say for whom you act."))
    return _write(agent, wanted, given=False)


def note_used(mandate: Mandate, *, service: str, letter: str) -> None:
    """Note, and tell the principal, that a request was sent in their name. Inside a transaction."""
    data: dict[str, Any] = {"mandate": str(mandate.pk), "service": service, "letter": letter}
    tell_of(events.note(mandate.principal, PersonKind.MANDATE_USED, **data))


def confirm_by_principal(principal: Person, mandate_id: UUID) -> bool:
    """Confirm a request to this principal; return whether there was one."""
    rows = Mandate.objects.filter(principal=principal)
    return _confirm(rows, mandate_id, actor=None, by=principal)


def end(person: Person, mandate_id: UUID) -> bool:
    """End a mandate, or refuse one that waits, as one of its two; return whether there was one."""
    rows = Mandate.objects.filter(Q(agent=person) | Q(principal=person))
    return _revoke(rows, mandate_id, PersonKind.MANDATE_ENDED, actor=None, by=person)


def may_confirm(actor: User) -> bool:
    """Return whether this person of the staff decides about mandates: clerks, administrators."""
    duty = permissions_of(actor)
    return duty.is_office or duty.duty == User.Duty.ADMINISTRATOR


def confirm_by_staff(mandate_id: UUID, *, actor: User) -> bool:
    """Confirm a mandate whose proof a person of the staff saw; return whether one waited.

    Raise PermissionError for who does not decide, MandateError where there is no proof to see.
    """
    _check_staff(actor)
    if Mandate.objects.filter(pk=mandate_id, proof=None).exists():
        raise MandateError(_("There is no proof of this mandate."))
    return _confirm(Mandate.objects.all(), mandate_id, actor=actor)


def refuse_by_staff(mandate_id: UUID, *, actor: User) -> bool:
    """Refuse a mandate that waits; return whether one did. Raise PermissionError."""
    _check_staff(actor)
    return _revoke(waiting(), mandate_id, PersonKind.MANDATE_REFUSED, actor=actor)


def waiting() -> QuerySet[Mandate]:
    """Return the mandates that wait for somebody to confirm them."""
    return Mandate.objects.filter(confirmed_at=None, revoked_at=None)


def _check_staff(actor: User) -> None:
    if not may_confirm(actor):
        raise PermissionError(_("This is for the registry office and administrators."))


def _write(maker: Person, wanted: MandateInput, *, given: bool) -> Mandate:
    """Check and keep a mandate, note it in the histories of both, and tell whom it names."""
    way = way_of(wanted.contact)
    contact = wanted.contact.strip() if key_of(way, wanted.contact) else ""
    _check(maker, wanted, way=way, contact=contact)
    proof = _kept(wanted.proof)
    now = timezone.now()
    with transaction.atomic():
        named = placeholder(way, contact, name=wanted.name, language=maker.language)
        agent, principal = (named, maker) if given else (maker, named)
        row = Mandate.objects.create(
            agent=agent,
            principal=principal,
            asked_by=maker,
            named=" · ".join(text for text in (wanted.name.strip(), contact) if text)[:254],
            services=list(wanted.services)[:MOST_SCOPE],
            contracts=list(wanted.contracts)[:MOST_SCOPE],
            proof=proof,
            proof_name=wanted.proof.name[:255] if wanted.proof else "",
            made_at=now,
            confirmed_at=now if given else None,
            until=wanted.until,
        )
        made, theirs = _MADE[given]
        events.note(maker, made, mandate=str(row.pk))
        tell_of(events.note(named, theirs, mandate=str(row.pk)))
    return row


def _check(maker: Person, wanted: MandateInput, *, way: str, contact: str) -> None:
    if wanted.contact.strip() and not contact:
        raise MandateError(_("This is no e-mail address and no telephone number."))
    if contact and way == ContactPoint.Way.PHONE and (problem := phone_problem(contact)):
        raise MandateError(problem)
    if wanted.until and wanted.until < timezone.localdate():
        raise MandateError(_("The last day lies in the past."))
    own = maker.contacts.filter(way=way, key=key_of(way, contact))
    if contact and own.exists():
        raise MandateError(_("This is your own contact."))
    if Mandate.objects.filter(asked_by=maker, revoked_at=None).count() >= MOST_OPEN:
        raise MandateError(_("You have too many mandates. End some first."))


def _kept(proof: NamedStream | None) -> StoredFile | None:
    return keep_one(proof) if proof is not None else None


def _confirm(
    rows: QuerySet[Mandate], mandate_id: UUID, *, actor: User | None, by: Person | None = None
) -> bool:
    with transaction.atomic():
        waits = rows.filter(pk=mandate_id, confirmed_at=None, revoked_at=None)
        if not waits.update(confirmed_at=timezone.now(), confirmed_by=actor):
            return False
        _note_both(mandate_id, PersonKind.MANDATE_CONFIRMED, actor=actor, by=by)
    return True


def _revoke(
    rows: QuerySet[Mandate],
    mandate_id: UUID,
    kind: PersonKind,
    *,
    actor: User | None,
    by: Person | None = None,
) -> bool:
    with transaction.atomic():
        if not rows.filter(pk=mandate_id, revoked_at=None).update(revoked_at=timezone.now()):
            return False
        _note_both(mandate_id, kind, actor=actor, by=by)
    return True


def _note_both(
    mandate_id: UUID, kind: PersonKind, *, actor: User | None, by: Person | None
) -> None:
    """Note it in the histories of both, and tell whoever did not do it themselves."""
    row = Mandate.objects.select_related("agent", "principal").get(pk=mandate_id)
    for person in (row.agent, row.principal):
        event = events.note(person, kind, actor=actor, mandate=str(mandate_id))
        if by is None or person.pk != by.pk:
            tell_of(event)

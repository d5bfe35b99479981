"""Rectification: recorded, decided, carried out with its history, answered (law 09-08, art. 8)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eservices.people import account
from eservices.people.models import Person
from eservices.privacy.models import NAME, REASON, VALUE, Rectification
from eservices.privacy.person_data import contacts_of
from eservices.privacy.rights import (
    DataNotAllowedError,
    answers_for_data,
    number_for,
    records,
)
from eservices.privacy.subject import subject_of
from eservices.relations.customers import Customer
from language.lines import one_line
from org.models import User
from org.people import permissions_of
from registry.acts import record_act
from registry.changes import record_change
from registry.contacts.directory import (
    BadContactError,
    add_point,
    compared,
    edit_contact,
    points_of,
    remove_point,
)
from registry.disposal.rules import DASH
from registry.kinds import RegistryEvent
from registry.models.contacts import Contact
from registry.models.letters import Letter
from registry.states import ConflictError

DAYS: Final = 10  # clear days, by article 8
RECORDED: Final = "rectification_recorded"
DECIDED: Final = "rectification_decided"
ANSWERED: Final = "rectification_answered"
_What = Rectification.What
_State = Rectification.State
_NOT_PLAIN: Final = gettext_lazy(
    "It is not plain which entry of the directory is meant: open the contact itself."
)
POINTS: Final = (_What.EMAIL, _What.PHONE, _What.ADDRESS)


@dataclass(frozen=True, slots=True)
class CorrectionRequest:
    """What a person wants to have corrected; `about` is the letter in which it stands."""

    subject: str
    what: str
    wanted: str
    present: str = ""
    reason: str = ""
    letter: Letter | None = None
    about: Letter | None = None
    asked_on: date | None = None


def record(asked: CorrectionRequest, *, actor: User) -> Rectification:
    """Record that a person requests a correction.

    Raise DataNotAllowedError with what is wrong, NoSuchCustomerError.
    """
    if not records(permissions_of(actor)):
        raise DataNotAllowedError(_("Requests are recorded by the registry office."))
    customer = subject_of(asked.subject, viewer=actor)
    wanted = one_line(asked.wanted, VALUE)
    _check(asked, wanted)
    today = timezone.localdate()
    since = min(asked.asked_on or today, today)
    with transaction.atomic():
        made = Rectification.objects.create(
            subject=customer.key,
            name=customer.name[:NAME],
            what=asked.what,
            present=one_line(asked.present, VALUE),
            wanted=wanted,
            reason=one_line(asked.reason, REASON),
            letter=asked.letter,
            about=asked.about if asked.what == _What.LETTER else None,
            asked_on=since,
            due_on=since + timedelta(days=DAYS),
            recorded_by=actor,
            recorded_at=timezone.now(),
        )
        record_act(RECORDED, actor=actor, data=_act_data(made))
    return made


def _check(asked: CorrectionRequest, wanted: str) -> None:
    if asked.what not in _What.values:
        raise DataNotAllowedError(_("Say what is to be corrected."))
    if not wanted:
        raise DataNotAllowedError(_("Say how it is to read."))
    if asked.what == _What.LETTER and asked.about is None:
        raise DataNotAllowedError(_("Name the registered letter in which it stands."))
    if asked.what in POINTS and not compared(asked.what, wanted):
        raise DataNotAllowedError(_("This is no value of its kind: %s") % wanted)


def accept(row: Rectification, *, actor: User, words: str = "") -> Rectification:
    """Accept a rectification and carry it out at once, in one transaction.

    Raise DataNotAllowedError, ConflictError where it is decided already or the row has changed.
    """
    return _decide(row, actor, _State.DONE, one_line(words, REASON), _carry_out)


def refuse(row: Rectification, *, actor: User, words: str) -> Rectification:
    """Refuse a rectification with its grounds, which the person receives."""
    said = one_line(words, REASON)
    if not said:
        raise DataNotAllowedError(_("Give a reason."))
    return _decide(row, actor, _State.REFUSED, said, lambda _held, _actor: None)


def answer(row: Rectification, *, actor: User, words: str) -> Rectification:
    """Record how the person was notified of the decision."""
    said = one_line(words, REASON)
    if not said:
        raise DataNotAllowedError(_("Say how and by what the person was told."))
    with transaction.atomic():
        held = _locked(row, actor)
        if held.state == _State.ASKED or held.answered_at is not None:
            raise ConflictError
        held.answer, held.answered_by, held.answered_at = said, actor, timezone.now()
        held.save(update_fields=["answer", "answered_by", "answered_at"])
        record_act(ANSWERED, actor=actor, data=_act_data(held))
    return held


def _decide(
    row: Rectification, actor: User, state: str, words: str, act: Callable[[Any, User], None]
) -> Rectification:
    with transaction.atomic():
        held = _locked(row, actor)
        if held.state != _State.ASKED:
            raise ConflictError
        try:
            act(held, actor)
        except BadContactError as error:
            raise DataNotAllowedError(str(error)) from error
        held.state, held.decision = state, words
        held.decided_by, held.decided_at = actor, timezone.now()
        held.save(update_fields=["state", "decision", "decided_by", "decided_at"])
        record_act(DECIDED, actor=actor, data=_act_data(held))
    return held


def _locked(row: Rectification, actor: User) -> Rectification:
    if not answers_for_data(permissions_of(actor)):
        raise DataNotAllowedError(_("This is decided by who answers for personal data."))
    return Rectification.objects.select_for_update(of=("self",)).get(pk=row.pk)


def _act_data(row: Rectification) -> dict[str, Any]:
    """Return the data of the act: never a value, which is personal."""
    return {
        "rectification": row.pk,
        "subject": row.subject,
        "what": str(row.what),
        "state": str(row.state),
    }


def _carry_out(row: Rectification, actor: User) -> None:
    """Correct contacts and citizen data; give a registered letter its note."""
    if row.wanted == DASH:
        raise DataNotAllowedError(_("What was asked for is deleted: it can only be refused."))
    if row.what == _What.LETTER:
        _note(row, actor)
        return
    customer = subject_of(row.subject, viewer=actor)
    if row.what == _What.NAME:
        _rename(customer, row.wanted, actor)
    else:
        _replace_point(_contact_meant(customer, row), row, actor)


def _note(row: Rectification, actor: User) -> None:
    """Note on the letter that the person requested its correction; the letter stays as it was."""
    if row.about_id is None:
        raise ConflictError
    about = Letter.objects.visible_to(actor).filter(pk=row.about_id).first()
    if about is None:
        raise DataNotAllowedError(_("You may not read the letter that is meant."))
    record_change(about, RegistryEvent.RECTIFIED, actor=actor, data={"rectification": row.pk})


def _rename(customer: Customer, name: str, actor: User) -> None:
    """Rename the space or the contact that is named; nobody to whom a telephone alone leads."""
    if customer.kind == "person" and customer.person is not None:
        person: Person = customer.person
        account.correct(person, name=name, kind=person.kind, actor=actor)
        return
    named = [one for one in customer.contacts if customer.key == f"contact:{one.pk}"]
    if not named:
        raise DataNotAllowedError(str(_NOT_PLAIN))
    edit_contact(named[0], actor=actor, changes={"name": name}, version=named[0].version)


def _contact_meant(customer: Customer, row: Rectification) -> Contact:
    """Return the contact whose address is meant. Raise DataNotAllowedError where it is not plain.

    The addresses of a citizen's space open it: they are changed there, by the citizen.
    """
    found = contacts_of(customer)
    if customer.kind == "person" and row.what != _What.ADDRESS and _is_of_space(customer, row):
        raise DataNotAllowedError(_("The person changes the addresses of their space themselves."))
    if len(found) != 1:
        raise DataNotAllowedError(str(_NOT_PLAIN))
    return found[0]


def _is_of_space(customer: Customer, row: Rectification) -> bool:
    """Return whether a person's own address is meant; it is where none is named."""
    reached = customer.person.contacts.filter(way=row.what) if customer.person else ()
    own = {compared(row.what, one.value) for one in reached}
    return not row.present or compared(row.what, row.present) in own


def _replace_point(contact: Contact, row: Rectification, actor: User) -> None:
    key = compared(row.what, row.present) if row.present else ""
    old = points_of(contact).filter(kind=row.what, compared=key).first() if key else None
    if row.present and old is None:
        raise DataNotAllowedError(_("The value to be corrected is not among the contact’s."))
    add_point(contact, kind=row.what, value=row.wanted, actor=actor)
    if old is not None and old.compared != compared(row.what, row.wanted):
        remove_point(old, actor=actor)


def open_first(rows: QuerySet[Rectification], *, viewer: User) -> QuerySet[Rectification]:
    """Return rectifications with what a list shows of them.

    `letter_number`, `about_number`: None where the viewer may not read the letter.
    """
    rows = rows.select_related("recorded_by", "decided_by", "answered_by")
    return rows.annotate(
        letter_number=number_for(viewer, "letter"), about_number=number_for(viewer, "about")
    )

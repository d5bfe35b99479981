"""Contacts of the centre: calls, visits, mails and messages, each logged once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from eservices.catalogue.definition import LANGUAGES
from eservices.kinds import EserviceEvent
from eservices.people.models import Person
from eservices.phone_words import phone_problem
from eservices.relations.callbacks import CallbackData, ask_callback
from eservices.relations.errors import BadContactError
from eservices.relations.models import CallerKey, ContactMoment
from eservices.requests.models import Request
from language.fold import fold
from language.lines import one_line
from language.names import name_keys, pair_keys
from language.reach import number_key, phone_key
from org.models import Department, User
from registry.changes import record_change

LONGEST_TALK: Final = 4 * 60 * 60  # seconds
_KEY: Final = 60
_MOST_KEYS: Final = 40
Result = ContactMoment.Result
TASKS: Final = (Result.CALLBACK, Result.FORWARDED)


@dataclass(frozen=True, slots=True)
class MomentData:
    """What an agent writes down of a contact; `unit` and `due_at` for a call-back."""

    channel: str
    result: str
    subject: str
    incoming: bool = True
    name: str = ""
    phone: str = ""
    contract_number: str = ""
    notes: str = ""
    language: str = "ar"
    waited: int | None = None
    seconds: int | None = None
    person: Person | None = None
    request: Request | None = None
    unit: Department | None = None
    due_at: datetime | None = None
    form_key: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """A contact, and whether this call logged it: False where the form was sent before."""

    moment: ContactMoment
    created: bool


def log_contact(data: MomentData, *, agent: User, at: datetime | None = None) -> Logged:
    """Log a contact with what follows from it: the call-back, the event of the letter.

    A form key that was used before logs nothing anew. Raise BadContactError with its field.
    """
    if known := _logged_before(data.form_key):
        return Logged(known, created=False)
    _check(data)
    moment = _moment(data, agent=agent, at=at or timezone.now())
    with transaction.atomic():
        stored = ContactMoment.objects.bulk_create([moment], ignore_conflicts=bool(data.form_key))
        if data.form_key and not ContactMoment.objects.filter(pk=stored[0].pk).exists():
            earlier = ContactMoment.objects.get(form_key=data.form_key)
            return Logged(earlier, created=False)
        write_keys(moment)
        if data.request is not None:
            _record(moment, data.request, agent)
        if data.result in TASKS:
            _promise(moment, data, agent)
    return Logged(moment, created=True)


def write_keys(moment: ContactMoment) -> None:
    """Keep the keys by which the caller's name is found, in either script."""
    if not moment.name:
        return
    keys = name_keys(moment.name) | pair_keys(moment.name)
    caller = caller_of(moment)
    CallerKey.objects.bulk_create(
        [CallerKey(key=key[:_KEY], caller=caller) for key in sorted(keys)[:_MOST_KEYS]],
        ignore_conflicts=True,
    )


def caller_of(moment: ContactMoment) -> str:
    """Return by what the caller is known: telephone, contract, or this contact alone."""
    if moment.phone_key:
        return f"phone:{moment.phone_key}"
    if moment.contract_number:
        return f"contract:{moment.contract_number}"
    return f"call:{moment.pk}"


def talked(seconds: int | None, *, opened_at: datetime | None, now: datetime) -> int | None:
    """Return how long a contact took: what the page measured, never more than it was open.

    Without a measure it is the time that the page was open.
    """
    if opened_at is None:
        return None if seconds is None else min(max(seconds, 0), LONGEST_TALK)
    most = min(max(int((now - opened_at).total_seconds()) + 1, 0), LONGEST_TALK)
    return most if seconds is None else min(max(seconds, 0), most)


def _logged_before(form_key: str) -> ContactMoment | None:
    return ContactMoment.objects.filter(form_key=form_key).first() if form_key else None


def _check(data: MomentData) -> None:
    if data.channel not in ContactMoment.Channel.values:
        raise BadContactError("channel", _("Choose how the contact came about."))
    if data.result not in Result.values:
        raise BadContactError("result", _("Choose what came of the contact."))
    if not one_line(data.subject, 300):
        raise BadContactError("subject", _("Say in a few words what it was about."))
    if data.phone.strip() and (problem := phone_problem(data.phone)):
        raise BadContactError("phone", problem)
    if data.result == Result.REQUEST and data.request is None:
        raise BadContactError("request", _("Choose the request that was opened."))
    if data.result in TASKS and not phone_key(data.phone):
        raise BadContactError("phone", _("A call-back needs a telephone number."))
    if data.result == Result.FORWARDED and data.unit is None:
        raise BadContactError("unit", _("Choose the department that it is sent to."))


def _moment(data: MomentData, *, agent: User, at: datetime) -> ContactMoment:
    return ContactMoment(
        at=at,
        incoming=data.incoming,
        channel=data.channel,
        agent=agent,
        person=data.person or (data.request.person if data.request else None),
        name=one_line(data.name, 200),
        phone=one_line(data.phone, 40),
        phone_key=phone_key(data.phone)[:40],
        contract_number=number_key(data.contract_number)[:40],
        request=data.request,
        subject=one_line(data.subject, 300),
        notes=data.notes.strip()[:10_000],
        result=data.result,
        language=data.language if data.language in LANGUAGES else "ar",
        waited=data.waited if data.waited is None else min(max(data.waited, 0), LONGEST_TALK),
        seconds=data.seconds if data.seconds is None else min(max(data.seconds, 0), LONGEST_TALK),
        form_key=data.form_key[:64] or None,
    )


def _record(moment: ContactMoment, request: Request, agent: User) -> None:
    told: dict[str, Any] = {
        "moment": str(moment.pk), "channel": moment.channel, "result": moment.result,
    }  # fmt: skip
    record_change(request.letter, EserviceEvent.CONTACT_LOGGED, actor=agent, data=told)


def _promise(moment: ContactMoment, data: MomentData, agent: User) -> None:
    wanted = CallbackData(
        phone=moment.phone,
        name=moment.name,
        reason=moment.subject,
        unit=data.unit,
        due_at=data.due_at,
        request=moment.request,
        moment=moment,
        key=f"moment:{moment.pk}",
    )
    ask_callback(wanted, actor=agent)


def searched_keys(words: str) -> list[str]:
    """Return the keys under which callers of this name stand, those of two words before one's."""
    several = len(fold(words).split()) > 1
    keys = pair_keys(words) if several else name_keys(words)
    return sorted(key[:_KEY] for key in keys or name_keys(words))

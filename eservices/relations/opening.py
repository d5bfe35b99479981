"""A request opened by an agent in the caller's name, with the contact that it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from eservices.catalogue.answers import check_answers
from eservices.catalogue.publishing import Published
from eservices.people.mandates import mandates_of
from eservices.people.models import Mandate
from eservices.phone_words import phone_problem
from eservices.relations.contact_log import MomentData, log_contact
from eservices.relations.errors import BadContactError
from eservices.relations.models import ContactMoment
from eservices.requests.opening import Opened, OpeningData, contract_in, open_request
from language.reach import email_key
from org.models import User
from registry.intake import PartyData
from registry.models.letters import Channel

# How the letter came, by how the contact did; what the register has no word for is a call.
_CHANNELS: Final = {
    ContactMoment.Channel.COUNTER: Channel.COUNTER,
    ContactMoment.Channel.EMAIL: Channel.EMAIL,
}


class BadAnswersError(Exception):
    """Answers that cannot be taken: words by field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class Caller:
    """The caller: the contact is logged with these, the letter's sender is made of them.

    `mandate` is the one by which they ask for somebody else.
    """

    moment: MomentData
    mandate: Mandate | None = None
    email: str = ""
    address: str = ""


def open_for_caller(
    service: Published, answers: Mapping[str, Any], *, caller: Caller, agent: User
) -> Opened:
    """Open the request and log the contact, once for the contact's form key.

    Papers are requested later. Raise BadAnswersError by field, BadContactError, and
    DepositRefusedError.
    """
    moment = caller.moment
    if not moment.name.strip():
        raise BadContactError("name", _("A request needs the name of who asks."))
    if moment.phone.strip() and (problem := phone_problem(moment.phone)):
        raise BadContactError("phone", problem)
    if caller.email.strip() and not email_key(caller.email):
        raise BadContactError("email", _("This is no mail address."))
    checked = check_answers(service.definition, answers, language=moment.language)
    if checked.errors:
        raise BadAnswersError(checked.errors)
    mandate = _holding(caller, service, checked.values)
    asked = OpeningData(
        service.version,
        answers=checked.values,
        language=moment.language,
        channel=_CHANNELS.get(ContactMoment.Channel(moment.channel), Channel.PHONE),
        contact=PartyData(
            "sender", name=moment.name, address=caller.address, email=caller.email.strip(),
            phone=moment.phone,
        ),
        actor=agent,
        person=moment.person,
        mandate=mandate,
        on_behalf_of=mandate.principal if mandate else None,
    )  # fmt: skip
    opened = open_request(asked, deposit_key=f"centre:{moment.form_key}" if moment.form_key else "")
    logged = replace(moment, request=opened.request, result=ContactMoment.Result.REQUEST)
    log_contact(logged, agent=agent)
    return opened


def _holding(caller: Caller, service: Published, answers: Mapping[str, Any]) -> Mandate | None:
    """Return the caller's mandate, once it holds for this service and contract."""
    if caller.mandate is None:
        return None
    contract = contract_in(service.definition, answers)
    person, code = caller.moment.person, service.definition.code
    held = mandates_of(person, service=code, contract=contract) if person else []
    if caller.mandate not in held:
        raise BadContactError("mandate", _("This mandate does not hold for this request."))
    return caller.mandate

"""A reading that staff write down for somebody: on the telephone, at the counter, of a team."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from eservices.catalogue.answers import check_answers
from eservices.catalogue.publishing import published
from eservices.contracts.models import Meter
from eservices.readings import words
from eservices.readings.history import facts_of
from eservices.readings.matching import SERVICE, Match
from eservices.readings.models import Reading
from eservices.readings.plausibility import PLAUSIBLE, judge
from eservices.readings.taking import AlreadyReadError, GivenReading, reading_of, take_reading
from eservices.requests.models import Request
from eservices.requests.opening import OpeningData, open_request
from language.reach import email_key, phone_key
from org.models import User
from registry.intake import PartyData
from registry.models.letters import Channel
from routing.acting.errors import NotAllowedError

# Sources by which somebody asks: these readings are requests, and have the letter's number.
ASKED: Final = {
    Reading.Source.PHONE.value: Channel.PHONE,
    Reading.Source.COUNTER.value: Channel.COUNTER,
}
SOURCES: Final = (Reading.Source.PHONE, Reading.Source.COUNTER, Reading.Source.FIELD)
MOST_FIGURES: Final = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """What was written down; `name` is needed of callers by telephone or at the counter."""

    source: str
    index: int
    read_on: date
    name: str = ""
    contact: str = ""


def is_contact(text: str) -> bool:
    """Return whether a text is an e-mail address or a phone number."""
    return bool(email_key(text) if "@" in text else phone_key(text))


def odd_about(match: Match, entry: Entry) -> list[str]:
    """Return in words why the reading is not plausible, to be confirmed before it is kept."""
    if match.meter is None:
        return []
    found = judge(facts_of(match.meter), index=entry.index, read_on=entry.read_on)
    return [] if found.verdict == PLAUSIBLE else [words.finding(one) for one in found.checks]


def enter(match: Match, entry: Entry, *, actor: User, language: str) -> tuple[Reading, str]:
    """Keep a reading of a known meter; return it and the number of its request, "" for none.

    Raise AlreadyReadError, NotAllowedError, DepositRefusedError.
    """
    if there := reading_of(match, source=entry.source, read_on=entry.read_on):
        raise AlreadyReadError(there)
    if entry.source not in ASKED:
        given = GivenReading(
            entry.index, entry.read_on, entry.source, contact=entry.contact, actor=actor
        )
        return take_reading(match, given), ""
    if match.meter is None:
        raise NotAllowedError(_("No meter in use fits. Give contract and serial number."))
    request = _opened(match.meter, entry, actor=actor, language=language)
    reading = request.readings.first() or reading_of(match)
    if reading is None:
        raise NotAllowedError(_("Readings are not taken here at present."))
    return reading, request.letter.number


def _opened(meter: Meter, entry: Entry, *, actor: User, language: str) -> Request:
    """Open the request in the customer's name; the reading is made with it."""
    service = published(SERVICE)
    if service is None:
        raise NotAllowedError(_("Readings are not taken here at present."))
    answers = {
        "contract": meter.contract.number,
        "energy": meter.service,
        "serial": meter.serial,
        "index": entry.index,
        "read_on": entry.read_on.isoformat(),
    }
    language = meter.contract.language or language
    checked = check_answers(service.definition, answers, language=language)
    way = "email" if "@" in entry.contact else "phone"
    opened = open_request(
        OpeningData(
            service.version,
            answers=checked.values,
            language=language,
            channel=ASKED[entry.source],
            contact=PartyData("sender", name=entry.name, **{way: entry.contact}),
            actor=actor,
        ),
    )
    return opened.request

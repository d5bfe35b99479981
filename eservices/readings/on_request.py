"""A request of the service "self_reading" is a reading: the reading is made with it."""

import logging
from typing import Any, Final

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import override

from eservices.readings.matching import SERVICE, match_meter
from eservices.readings.models import Reading
from eservices.readings.taking import AlreadyReadError, GivenReading, take_reading
from eservices.requests.acting import take_action
from eservices.requests.models import Request
from eservices.requests.opened import Opening
from registry.models.letters import Channel
from routing.acting.errors import ConflictError, NotAllowedError

_SOURCES: Final = {
    Channel.PORTAL: Reading.Source.PORTAL,
    Channel.PHONE: Reading.Source.PHONE,
    Channel.COUNTER: Reading.Source.COUNTER,
    Channel.API: Reading.Source.SYSTEM,
}
# Whoever writes the number down for somebody at the desk or on the telephone asked who they are.
_TRUSTED: Final = (Reading.Source.PHONE, Reading.Source.COUNTER)
_log = logging.getLogger(__name__)


def read_by_request(opened: Opening) -> None:
    """Make the reading of a request that was just opened, in its transaction.

    A second one of the same meter and period ends at once, with the reason; what cannot be a
    reading stays a request for staff.
    """
    request = opened.request
    if opened.service != SERVICE:
        return
    index, read_on = _numbers(request.answers)
    if index is None or read_on is None:
        _log.warning("request %s holds no reading", request.pk)
        return
    answers = request.answers
    source = _SOURCES.get(Channel(opened.channel), Reading.Source.COUNTER)
    match = match_meter(
        str(answers.get("contract", "")),
        service=str(answers.get("energy", "")),
        serial=str(answers.get("serial", "")),
        trusted=request.opened_by_id is not None or source in _TRUSTED,
        person=request.on_behalf_of or request.person,
    )
    given = GivenReading(
        index=index,
        read_on=read_on,
        source=source,
        contact=opened.contact,
        language=request.language,
        person=request.person,
        actor=request.opened_by,
        request=request,
        replaces=_declined_before(match.meter.pk if match.meter else None),
    )
    try:
        take_reading(match, given)
    except AlreadyReadError as error:
        _end_as_double(request, error.reading)


def _numbers(answers: dict[str, Any]) -> tuple[int | None, Any]:
    try:
        return int(answers["index"]), parse_date(str(answers["read_on"]))
    except (KeyError, TypeError, ValueError):
        return None, None


def _declined_before(meter_id: int | None) -> Reading | None:
    """Return the declined reading that this one comes in place of."""
    if meter_id is None:
        return None
    rows = Reading.objects.filter(meter=meter_id).order_by("-made_at", "-pk")
    last = rows.first()
    return last if last and last.state == Reading.State.DECLINED else None


def _end_as_double(request: Request, standing: Reading) -> None:
    with override(request.language):
        words = _("A reading of this meter for %(period)s is there already.")
        reason = words % {"period": standing.period}
    try:
        take_action(request, "no_object", system=True, reason=reason)
    except (NotAllowedError, ConflictError):
        _log.warning("request %s doubles a reading and stays open", request.pk)

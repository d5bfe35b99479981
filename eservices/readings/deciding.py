"""Readings are approved or declined, by staff or by the check; the request moves with it."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from eservices.contracts.models import Meter
from eservices.kinds import EserviceJob
from eservices.readings import words
from eservices.readings.models import Reading
from eservices.readings.taking import held, note
from eservices.requests.acting import take_action
from eservices.requests.models import StageKind
from jobs.outbox import enqueue
from language.lines import one_line
from org.models import User
from org.people import Permissions, permissions_of
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

METERS: Final = "CPT"  # the department that reads meters
MOST: Final = 200  # decided at once
OPEN: Final = (Reading.State.RECEIVED, Reading.State.RETURNED)
_SALT: Final = "readings.again"
_AGAIN_DAYS: Final = 60
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Decided:
    """What became of several readings: how many were decided, and why the others were not."""

    done: int = 0
    problems: dict[UUID, str] = field(default_factory=dict)


def decides(permissions: Permissions) -> bool:
    """Return whether a person decides: the department that reads meters, and the director.

    The menu calls it on every page: no query here.
    """
    return permissions.duty == User.Duty.DIRECTOR or METERS in permissions.departments


def approve(reading_id: UUID, *, actor: User, index: int | None = None) -> Reading:
    """Approve a reading; `index` in place of the one given, where the photo shows another.

    Raise NotAllowedError, ConflictError.
    """
    _allow(actor)
    with transaction.atomic():
        reading = _to_decide(reading_id)
        if reading.meter is None:
            raise NotAllowedError(_("Say first which meter was read."))
        if index is not None and index != reading.index:
            if not 0 <= index < 10**reading.meter.digits:
                raise NotAllowedError(_("The meter does not show so many figures."))
            note(reading, "corrected", actor=actor, given=reading.index, index=index)
            reading.index = index
            reading.save(update_fields=["index"])
        approve_held(reading, actor=actor)
    return reading


def approve_held(reading: Reading, *, actor: User | None) -> None:
    """Approve a reading that is locked. Raise ConflictError where another one stands."""
    again = reading.state == Reading.State.RETURNED
    reading.state = Reading.State.APPROVED
    reading.decided_at, reading.decided_by = timezone.now(), actor
    try:
        with transaction.atomic():
            reading.save(update_fields=["state", "decided_at", "decided_by"])
    except IntegrityError:  # sent again meanwhile: that one stands
        raise ConflictError from None
    note(reading, "again" if again else "approved", actor=actor, index=reading.index)
    follow_stage(reading, "approve", actor=actor)
    enqueue(EserviceJob.READING_WARN, reading.pk)


def decline(reading_id: UUID, *, actor: User, reason: str, text: str = "") -> Reading:
    """Decline a reading with a reason; the customer is answered, with how to send it again.

    Raise NotAllowedError, ConflictError.
    """
    _allow(actor)
    if reason not in words.REASONS or (reason == "other" and not text.strip()):
        raise NotAllowedError(_("Give a reason."))
    with transaction.atomic():
        reading = _to_decide(reading_id)
        with override(reading.language):
            said = one_line(words.reason(reason, text), 500)
        reading.state, reading.reason = Reading.State.DECLINED, said
        reading.decided_at, reading.decided_by = timezone.now(), actor
        reading.save(update_fields=["state", "reason", "decided_at", "decided_by"])
        note(reading, "declined", actor=actor, reason=reason, text=text.strip()[:300])
        _answer(reading, actor, said)
    return reading


def _answer(reading: Reading, actor: User, said: str) -> None:
    """Move the request to its end with the reason, or queue a message where that is over."""
    with override(reading.language):
        again = _("Send the reading again: %(address)s") % {"address": again_address(reading)}
    if not follow_stage(reading, "decline", actor=actor, reason=f"{said} {again}"):
        enqueue(EserviceJob.READING_TELL, reading.pk)


def again_address(reading: Reading) -> str:
    """Return the address of the page on which a declined reading is sent again."""
    return f"{settings.PUBLIC_URL}/readings/again/{signing.dumps(str(reading.pk), salt=_SALT)}/"


def reading_to_send_again(token: str) -> Reading | None:
    """Return the declined reading that an address names; None for anything else."""
    try:
        key = signing.loads(token, salt=_SALT, max_age=_AGAIN_DAYS * 86400)
    except signing.BadSignature:
        return None
    rows = Reading.objects.select_related("meter__contract", "request")
    return rows.filter(pk=key, state=Reading.State.DECLINED).first()


def assign(reading_id: UUID, meter: Meter, *, actor: User) -> Reading:
    """Give a reading of an unknown meter to one. Raise NotAllowedError, ConflictError."""
    _allow(actor)
    with transaction.atomic():
        reading = _to_decide(reading_id)
        if reading.meter_id is not None:
            raise ConflictError
        reading.meter, reading.contract = meter, meter.contract
        try:
            with transaction.atomic():
                reading.save(update_fields=["meter", "contract"])
        except IntegrityError:
            words_ = _("This meter was read for this period already.")
            raise NotAllowedError(words_) from None
        note(reading, "assigned", actor=actor, serial=meter.serial)
        enqueue(EserviceJob.READING_CHECK, reading.pk)
    return reading


def decide_many(
    ids: Iterable[UUID], *, actor: User, approves: bool, reason: str = "", text: str = ""
) -> Decided:
    """Approve or decline several readings, each for itself: one that cannot be stops no other."""
    found = Decided()
    for reading_id in list(dict.fromkeys(ids))[:MOST]:
        try:
            if approves:
                approve(reading_id, actor=actor)
            else:
                decline(reading_id, actor=actor, reason=reason, text=text)
            found.done += 1
        except (NotAllowedError, Reading.DoesNotExist) as error:
            found.problems[reading_id] = str(error)
        except ConflictError:
            found.problems[reading_id] = str(gettext_lazy("Somebody else decided it."))
    return found


def follow_stage(
    reading: Reading, action: str, *, actor: User | None = None, reason: str = ""
) -> bool:
    """Take the action of the request's stage, by this person, else by the program.

    Return False where there is none: no request, one that has ended, or of a type edited since.
    """
    request = reading.request
    if request is None or request.stage_kind == StageKind.END:
        return False
    request.refresh_from_db()
    if request.stage == "received" and action != "check":
        follow_stage(reading, "check", actor=actor)
        request.refresh_from_db()
    given = {"reason": reason} if reason else {}
    for who in ({"actor": actor}, {"system": True}) if actor else ({"system": True},):
        try:
            take_action(request, action, **who, **given)  # type: ignore[arg-type]  # by name
        except (NotAllowedError, ConflictError):
            continue
        else:
            return True
    _log.warning("request %s did not move by %s", request.pk, action)
    return False


def _to_decide(reading_id: UUID) -> Reading:
    reading = held(reading_id)
    if reading.state not in OPEN:
        raise ConflictError
    return reading


def _allow(actor: User) -> None:
    if not decides(permissions_of(actor)):
        raise NotAllowedError(_("Readings are decided by the department that reads meters."))

"""A person stops, restarts or once extends the clocks of a letter, with a reason.

Each verb locks the letter, checks the right, writes the row and recomputes; one event for all.
"""

from datetime import date
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from language.lines import one_line
from org.models import User
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from routing.acting.changing import changing_letter
from routing.acting.errors import NotAllowedError
from routing.acting.verbs import LetterVerb
from routing.clocks.due import record_due
from routing.clocks.reckoning import Reckoner
from routing.kinds import RoutingEvent
from routing.models.clocks import ClockExtension, ClockStop

CITIZEN = LetterEvent.Visibility.CITIZEN


def stop_clock(letter: Letter, *, actor: User, reason: str) -> ClockStop:
    """Stop the clock from today on, until somebody restarts it."""
    reason = needed(reason)
    with changing_letter(letter, actor=actor, verb=LetterVerb.STOP_CLOCK) as change:
        stop = stop_row(letter, actor=actor, reason=reason)
        data = {"reason": reason, **change.behalf}
        _record(letter, RoutingEvent.CLOCK_STOPPED, actor=actor, data=data, row=stop)
    return stop


def restart_clock(letter: Letter, *, actor: User, reason: str) -> ClockStop:
    """Restart the clock: days count again from tomorrow on; the due date is recomputed."""
    reason = needed(reason)
    with changing_letter(letter, actor=actor, verb=LetterVerb.RESTART_CLOCK) as change:
        stop = ClockStop.objects.get(letter=letter, to_on=None)
        end_stop(stop, actor=actor, reason=reason)
        data = {"reason": reason, **change.behalf}
        _record(letter, RoutingEvent.CLOCK_RESTARTED, actor=actor, data=data, row=stop)
    return stop


def extend_clock(letter: Letter, *, actor: User, reason: str) -> ClockExtension:
    """Lengthen the legal term once, by what the rule grants. Not when the term is over."""
    reason = needed(reason)
    with changing_letter(letter, actor=actor, verb=LetterVerb.EXTEND_CLOCK) as change:
        rule = Reckoner.load(kind_id=letter.kind_id).legal_rule(
            letter, kind_id=letter.kind_id, department_id=letter.department_id
        )
        if rule is None or not rule.extension_days:
            raise NotAllowedError(_("The rule of this letter grants no extension."))
        extension = ClockExtension.objects.create(
            letter=letter,
            days=rule.extension_days,
            reason=reason,
            extended_by=actor,
            extended_at=timezone.now(),
        )
        data = {"reason": reason, "days": extension.days, **change.behalf}
        _record(letter, RoutingEvent.CLOCK_EXTENDED, actor=actor, data=data, row=extension)
    return extension


def _record(
    letter: Letter, kind: RoutingEvent, *, actor: User, data: dict[str, Any], row: Model
) -> None:
    """Record a change of the clock, which the citizen sees too."""
    record_due(letter, kind, actor=actor, data=data, rows=[row], visibility=CITIZEN)


def stop_row(letter: Letter, *, actor: User | None, reason: str, waits: bool = False) -> ClockStop:
    """Return the row of a stop that begins today; the caller locks the letter and seals the row."""
    return ClockStop.objects.create(
        letter=letter,
        from_on=today(),
        reason=reason,
        waits=waits,
        stopped_by=actor,
        stopped_at=timezone.now(),
    )


def end_stop(stop: ClockStop, *, actor: User | None, reason: str) -> None:
    """End a stop today; the caller holds the letter's lock and seals the row."""
    stop.to_on = max(today(), stop.from_on)
    stop.restarted_by = actor
    stop.restarted_at = timezone.now()
    stop.restart_reason = reason
    stop.save()


def today() -> date:
    """Return the date of today in the office's time zone."""
    return timezone.localdate()


def needed(reason: str) -> str:
    """Return the reason as the register keeps it; raise NotAllowedError without one."""
    reason = one_line(reason, 500)
    if not reason:
        raise NotAllowedError(_("Give a reason."))
    return reason

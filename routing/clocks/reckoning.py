"""What a letter's clocks say: its rules, the calendar and its history put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from org.calendar import office_days
from registry.models.letters import Letter
from registry.models.pieces import PiecesRequest
from routing.clocks.deadlines import Calendar, Clock, Stop, due_date
from routing.clocks.due_date_words import REOPENED, explained, stopped_explained
from routing.models.assignments import Assignment
from routing.models.clocks import ClockExtension, ClockStop, DeadlineRule, Which
from routing.models.closing import Reopening

Place = tuple[str, int, int | None, str]  # clock, kind, department or all, channel or all
OWN: Final = "own"  # the key of a letter's own term in its due_explained
OWN_FIELDS: Final = ("days", "unit", "silence", "basis_ar", "basis_fr", "basis_en")
NO_DUE: Mapping[str, Any] = {"due_on": None, "due_explained": {}}


@dataclass(frozen=True, slots=True)
class Happened:
    """The history of a letter's clocks.

    Stops that have ended, since when the clock is stopped, days added, when the file was complete,
    where pieces were asked for, and when it was last reopened.
    """

    stops: tuple[Stop, ...] = ()
    stands_since: date | None = None
    extended: int = 0
    complete_on: date | None = None
    reopened_on: date | None = None


@dataclass(frozen=True)
class Reckoner:
    """The rules and the calendar of a moment, read once for one letter or for very many.

    Results are cached: most letters of a kind that came on one day are due on one day.
    """

    rules: Mapping[Place, DeadlineRule]
    calendar: Calendar = field(default_factory=dict)
    _counted: dict[tuple[Any, ...], dict[str, Any]] = field(default_factory=dict, compare=False)
    _own: dict[tuple[Any, ...], DeadlineRule] = field(default_factory=dict, compare=False)

    @classmethod
    def load(cls, *, kind_id: int | None = None) -> Reckoner:
        """Load the office's rules (those of one kind, or all) and calendar as they are now."""
        rows = DeadlineRule.objects.filter(active=True)
        rules = rules_by_place(rows.filter(kind_id=kind_id) if kind_id else rows)
        return cls(rules, cls.load_calendar() if rules else {})

    @staticmethod
    def load_calendar() -> Calendar:
        """Load all days off of the office."""
        return office_days(since=date.min)

    def with_calendar(self, calendar: Calendar) -> Reckoner:
        """Return the same rules under another calendar."""
        return Reckoner(self.rules, calendar)

    def rule_of(
        self, which: str, kind_id: int | None, department_id: int | None, *, channel: str
    ) -> DeadlineRule | None:
        """Return the closest rule, None where there is none.

        The one of the service goes before that of the kind, in each that of the channel first.
        """
        if kind_id is None:
            return None
        units = (department_id, None) if department_id else (None,)
        places = [(which, kind_id, unit, by) for unit in units for by in (channel, "")]
        return next((self.rules[place] for place in places if place in self.rules), None)

    def legal(
        self, letter: Letter, *, kind_id: int | None, department_id: int | None, happened: Happened
    ) -> dict[str, Any]:
        """Return the letter's columns due_on and due_explained; empty where no rule applies."""
        rule = self.legal_rule(letter, kind_id=kind_id, department_id=department_id)
        if rule is None:
            return {}
        received = timezone.localdate(letter.received_at)
        columns = self._count(rule, received, received, happened)
        if own := own_term_of(letter):
            columns["due_explained"] = {**columns["due_explained"], OWN: own}
        return columns

    def legal_rule(
        self, letter: Letter, *, kind_id: int | None, department_id: int | None
    ) -> DeadlineRule | None:
        """Return the rule of the letter's legal term: that of its kind, with its own term if any.

        The office's conventions (working weekdays, first day, moving on) stay those of the kind.
        """
        rule = self.rule_of(Which.LEGAL, kind_id, department_id, channel=letter.channel)
        own = own_term_of(letter)
        if not own:
            return rule
        key = (id(rule), *(str(own.get(name, "")) for name in OWN_FIELDS))
        if key not in self._own:
            self._own[key] = _with_own_term(rule, own)
        return self._own[key]

    def internal(
        self, letter: Letter, assignment: Assignment, *, kind_id: int | None, happened: Happened
    ) -> dict[str, Any]:
        """Return the same columns of an assignment, by its department's clock; else empty."""
        unit = assignment.department_id
        rule = self.rule_of(Which.INTERNAL, kind_id, unit, channel=letter.channel)
        if rule is None:
            return {}
        received = timezone.localdate(letter.received_at)
        return self._count(rule, received, timezone.localdate(assignment.assigned_at), happened)

    def _count(
        self, rule: DeadlineRule, received: date, assigned: date, happened: Happened
    ) -> dict[str, Any]:
        begins, start = str(rule.start_from), received
        if begins == DeadlineRule.Start.COMPLETE and happened.complete_on:
            start = happened.complete_on
        elif begins == DeadlineRule.Start.COMPLETE:
            begins = DeadlineRule.Start.RECEIVED.value  # nothing lacked
        elif begins == DeadlineRule.Start.ASSIGNED:
            start = assigned
        if happened.reopened_on and happened.reopened_on >= start:
            begins, start = REOPENED, happened.reopened_on
        key = (id(rule), start, begins, happened)
        if key not in self._counted:
            self._counted[key] = self._columns(rule, start, begins, happened)
        return dict(self._counted[key])

    def _columns(
        self, rule: DeadlineRule, start: date, begins: str, happened: Happened
    ) -> dict[str, Any]:
        clock = clock_of(rule)
        stops = tuple(stop for stop in happened.stops if stop.last >= start)
        extends = rule.clock == Which.LEGAL and begins != REOPENED  # a term of its own
        more = happened.extended if extends else 0
        if happened.stands_since:
            said = stopped_explained(
                clock,
                start=start,
                since=happened.stands_since,
                stops=stops,
                extended=more,
                begins=begins,
            )
            return {"due_on": None, "due_explained": said}
        # Without any rule no calendar was loaded: only a letter's own term comes here then.
        days_off = self.calendar if self.rules else self.load_calendar()
        due = due_date(clock, holidays=days_off, start=start, stops=stops, extensions=[more])
        return {"due_on": due.on, "due_explained": explained(due, clock=clock, begins=begins)}


def own_term(
    *, days: int, unit: str, silence: str = "none", basis: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return a legal term that a letter has of its own, as its due_explained keeps it.

    It goes before the rule of the letter's kind, also whenever due dates are computed again.
    """
    named = {f"basis_{language}": words[:200] for language, words in (basis or {}).items()}
    return {"days": days, "unit": unit, "silence": silence, **named}


def own_term_of(letter: Letter) -> dict[str, Any]:
    """Return the letter's own term as `own_term` wrote it; empty for almost every letter."""
    return dict(letter.due_explained.get(OWN) or {})


def _with_own_term(rule: DeadlineRule | None, own: Mapping[str, Any]) -> DeadlineRule:
    """Return an unsaved copy of the rule with the letter's own days, unit, silence and basis."""
    made = copy(rule) if rule else DeadlineRule(clock=Which.LEGAL)
    for name in OWN_FIELDS:
        if name in own:
            setattr(made, name, own[name])
    return made


def rules_by_place(rows: Iterable[DeadlineRule]) -> dict[Place, DeadlineRule]:
    """Return rules by clock, kind, department and channel."""
    return {(str(r.clock), r.kind_id, r.department_id, str(r.channel)): r for r in rows}


def clock_of(rule: DeadlineRule) -> Clock:
    """Return the rule in the form that the pure functions take."""
    return Clock(
        days=rule.days,
        unit=rule.unit,
        weekdays=frozenset(int(day) for day in rule.weekdays),
        basis={"ar": rule.basis_ar, "fr": rule.basis_fr, "en": rule.basis_en},
        first_day_counts=rule.first_day_counts,
        moves=rule.moves,
        stop_ends_count=rule.stop_ends_count,
    )


def happened_to(letter_ids: Iterable[UUID]) -> dict[UUID, Happened]:
    """Return the history of the letters' clocks, in four queries; most letters have none."""
    ids = list(letter_ids)
    found: dict[UUID, Happened] = {}
    for row in ClockStop.objects.filter(letter_id__in=ids):
        known = found.get(row.letter_id, Happened())
        if row.to_on is None:
            found[row.letter_id] = replace(known, stands_since=row.from_on)
        else:
            stop = Stop(row.from_on, row.to_on, row.reason)
            found[row.letter_id] = replace(known, stops=(*known.stops, stop))
    for extension in ClockExtension.objects.filter(letter_id__in=ids):
        known = found.get(extension.letter_id, Happened())
        found[extension.letter_id] = replace(known, extended=extension.days)
    for asked in PiecesRequest.objects.filter(letter_id__in=ids, answered_at__isnull=False):
        known = found.get(asked.letter_id, Happened())
        day = timezone.localdate(asked.answered_at)
        found[asked.letter_id] = replace(known, complete_on=day)
    for again in Reopening.objects.filter(letter_id__in=ids).order_by("at"):
        known = found.get(again.letter_id, Happened())
        found[again.letter_id] = replace(known, reopened_on=timezone.localdate(again.at))
    return found

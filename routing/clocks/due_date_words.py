"""Explanation of a due date: stored facts, and their words in three languages."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from org.signs import colon
from routing.clocks import deadlines
from routing.clocks.deadlines import WORKING, Clock, Due, Step, Stop

LANGUAGES = ("ar", "fr", "en")
REOPENED = "reopened"  # the start of a reopened letter's term
MISSING_PIECES = "missing_pieces"  # the reason of a stop that the machine begins and ends


def explained(due: Due, *, clock: Clock, begins: str = "received") -> dict[str, Any]:
    """Return plain JSON for letter.due_explained: the facts, and the words in ar, fr, en as of now.

    `begins` is what the term starts from: "received", "complete", "assigned" or "reopened".
    """
    facts: dict[str, Any] = {
        "days": clock.days,
        "unit": str(clock.unit),
        "start": due.start.isoformat(),
        "begins": begins,
        "counted_to": due.counted_to.isoformat(),
        "due_on": due.on.isoformat(),
        "holidays": [[day.isoformat(), dict(names)] for day, names in due.holidays],
        "ended_on": dict(due.ended_on),
        "stops": [[s.first.isoformat(), s.last.isoformat(), s.reason] for s in due.stops],
        "extended": due.extended,
        "first_day_counts": clock.first_day_counts,
        "stop_ends_count": clock.stop_ends_count,
        "basis": dict(clock.basis),
    }
    return in_all_languages(facts)


def stopped_explained(
    clock: Clock, *, start: date, since: date, stops: tuple[Stop, ...], extended: int, begins: str
) -> dict[str, Any]:
    """Return the same for a stopped clock, which has no due date until it restarts."""
    facts: dict[str, Any] = {
        "days": clock.days,
        "unit": str(clock.unit),
        "start": start.isoformat(),
        "begins": begins,
        "stands_since": since.isoformat(),
        "holidays": [],
        "stops": [[s.first.isoformat(), s.last.isoformat(), s.reason] for s in stops],
        "extended": extended,
        "basis": dict(clock.basis),
    }
    return in_all_languages(facts)


def in_all_languages(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the facts, with their words in each of the office's languages."""
    for language in LANGUAGES:
        with override(language):
            facts[language] = words_of(facts, language=language)
    return facts


def words_of(facts: Mapping[str, Any], *, language: str) -> str:
    """Return some sentences that explain the day, in the active language; "" without facts.

    Facts stored by earlier versions lack some keys: they had neither stops nor extensions.
    """
    if not facts:
        return ""
    parts = [_term(facts), _first_day(facts), _moved(facts, language), _stopped(facts, language)]
    if days_off := facts["holidays"]:
        listed = _listed((_named(day, names, language) for day, names in days_off), language)
        parts.append(_("Days off left out: %(days)s.") % {"days": listed})
    if basis := facts["basis"].get(language):
        parts.append(_("Basis: %(basis)s.") % {"basis": basis.rstrip(" .")})
    return " ".join(part for part in parts if part)


def days_words(days: int, unit: str) -> str:
    """Return a number of days with its unit, in the active language."""
    if unit == WORKING:
        term = ngettext("%(days)d working day", "%(days)d working days", days)
    else:
        term = ngettext("%(days)d calendar day", "%(days)d calendar days", days)
    return term % {"days": days}


def _term(facts: Mapping[str, Any]) -> str:
    term = days_words(int(facts["days"]), facts["unit"])
    if extended := int(facts.get("extended", 0)):
        more = days_words(extended, facts["unit"])
        term = _("%(term)s and an extension of %(more)s") % {"term": term, "more": more}
    said = {"term": term, "start": day_words(facts["start"])}
    if "due_on" not in facts:
        return _stands(facts, said)
    said["end"] = day_words(facts["counted_to"])
    begins = facts.get("begins", "received")
    if begins == "complete":
        return _("%(term)s from the day the file was complete, %(start)s, end on %(end)s.") % said
    if begins == REOPENED:
        return _("%(term)s from the day the letter was reopened, %(start)s, end on %(end)s.") % said
    if begins == "assigned":
        return _("%(term)s from the day of assignment, %(start)s, end on %(end)s.") % said
    return _("%(term)s from the receipt on %(start)s end on %(end)s.") % said


def _stands(facts: Mapping[str, Any], said: dict[str, str]) -> str:
    """Return the words for a stopped clock, which has no last day yet."""
    said["since"] = day_words(facts["stands_since"])
    words = _("Term: %(term)s. The clock stands since %(since)s; no day is lost until it goes on.")
    return words % said


def _first_day(facts: Mapping[str, Any]) -> str:
    return _("The first day counts.") if facts.get("first_day_counts") else ""


def _moved(facts: Mapping[str, Any], language: str) -> str:
    if facts.get("due_on") == facts.get("counted_to"):  # or neither, while the clock stands
        return ""
    day = day_words(facts["due_on"])
    if name := facts.get("ended_on", {}).get(language):
        said = {"name": name, "day": day}
        return _("This is a day off (%(name)s): the term ends on %(day)s.") % said
    return _("This is not a working day: the term ends on %(day)s.") % {"day": day}


def _stopped(facts: Mapping[str, Any], language: str) -> str:
    if not facts.get("stops"):
        return ""
    listed = _listed((_stop_words(*stop) for stop in facts["stops"]), language)
    if facts.get("stop_ends_count"):
        return _("The clock stood, first and last day apart: %(stops)s.") % {"stops": listed}
    return _("The clock stood, and these days do not count: %(stops)s.") % {"stops": listed}


def _stop_words(first: str, last: str, reason: str) -> str:
    said = {"first": day_words(first), "last": day_words(last), "reason": reason_words(reason)}
    if first == last:
        return f"{said['first']} ({said['reason']})" if reason else said["first"]
    if reason:
        return _("from %(first)s to %(last)s (%(reason)s)") % said
    return _("from %(first)s to %(last)s") % said


def reason_words(reason: str) -> str:
    """Return why the clock was stopped: a person's words, or the machine's own reason in words."""
    return _("waiting for missing pieces") if reason == MISSING_PIECES else reason


def step_words(step: Step, *, stops: tuple[Stop, ...], unit: str, language: str) -> str:
    """Return why the days of a step counted or not, in the active language."""
    names = step.names.get(language, "")
    match step.why:
        case deadlines.START:
            return _("day of receipt: does not count")
        case deadlines.COUNTED:
            return _("working days") if unit == WORKING else _("calendar days")
        case deadlines.WEEKEND:
            return _("weekly rest")
        case deadlines.HOLIDAY:
            return _("day off: %(name)s") % {"name": names} if names else _("day off")
        case deadlines.END:
            return _("the count ends on a closed day, so the term moves on")
        case deadlines.DUE:
            return _("next open day: the term ends here")
    reasons = {
        s.reason for s in stops if s.reason and s.first <= step.last and s.last >= step.first
    }
    words = _("the clock stands")
    return f"{words}{colon()} {_listed(sorted(reasons), language)}" if reasons else words


def _listed(parts: Iterable[str], language: str) -> str:
    """Join parts that may hold commas, with the semicolon of the language."""
    return {"ar": "؛ ", "fr": "\u00a0; "}.get(language, "; ").join(parts)


def _named(day: str, names: Mapping[str, str], language: str) -> str:
    name = names.get(language, "")
    return f"{name} ({day_words(day)})" if name else day_words(day)


def day_words(iso: str) -> str:
    """Return a stored day as people write it."""
    return date.fromisoformat(iso).strftime("%d/%m/%Y")

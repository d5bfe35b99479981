"""Figures in words: numbers, days and shares by language, periods, and a summary in sentences."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from figures.models import Target
from figures.summing import Figures, FiguresFilter
from figures.targets import Targets, reaches
from language.bidi import isolate
from org.written_days import date_format

DASH: Final = "—"
LEAST: Final = 10  # of fewer letters no percentage is said


def number(value: float, decimals: int = 0) -> str:
    """Return a number with its thousands and decimals apart, as the language does."""
    if isinstance(value, int) and 0 <= value < 1000 and not decimals:
        return str(value)  # the same in every language
    return number_format(round(value, decimals), decimals, use_l10n=True, force_grouping=True)


def percent(value: float) -> str:
    """Return a percentage as the language writes it."""
    return isolate(_("%(n)s%%") % {"n": number(value)})


def days(value: float | None) -> str:
    """Return a number of days in words; a dash for none."""
    if value is None:
        return DASH
    shown = number(value, 1 if isinstance(value, float) else 0)
    count = value if isinstance(value, int) else 11  # a fraction is counted like many
    return ngettext("%(n)s day", "%(n)s days", count) % {"n": shown}


def share(part: int, whole: int) -> str:
    """Return a part as a percentage; of few letters as "6 of 8", of none as a dash."""
    if not whole:
        return DASH
    if whole < LEAST:
        return _("%(part)s of %(whole)s") % {"part": number(part), "whole": number(whole)}
    return percent(round(100 * part / whole))


def period(asked: FiguresFilter) -> str:
    """Return the months in words."""
    first, last = (date_format(month, "F Y") for month in (asked.since, asked.until))
    if asked.since == asked.until:
        return first
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def change(now: int, before: int) -> str:
    """Return how much more or less than before, in words; few letters are not made percentages."""
    if now == before:
        return _("as many")
    if before < LEAST:
        shown = number(abs(now - before))
        return (_("%(n)s more") if now > before else _("%(n)s fewer")) % {"n": shown}
    shown = percent(round(100 * abs(now - before) / before))
    return (_("%(n)s more") if now > before else _("%(n)s fewer")) % {"n": shown}


def target_words(measure: str, value: int) -> str:
    """Return a target in words: a share to reach, or days not to pass."""
    if measure == Target.Measure.IN_TERM:
        return _("at least %(share)s") % {"share": percent(value)}
    return _("at most %(days)s") % {"days": days(value)}


def sentences(
    total: Figures, before: Figures | None, asked: FiguresFilter, goals: Targets, today: date
) -> list[str]:
    """Return the figures as some plain sentences, computed from nothing but them."""
    told = [_came_in(total.received)]
    if before is not None and before.received:
        told.append(_compared(total.received, before.received))
    if total.treated:
        told.append(_treated(total.treated))
    if total.treated > 1:
        told.append(_ninetieth(total.ninetieth or 0))
    if total.with_term:
        told.append(_in_term(total, asked, goals))
    told.append(_late(total.late))
    if asked.since <= today.replace(day=1) <= asked.until:
        told.append(_("The present month is not over: its figures still grow."))
    return told


def _came_in(count: int) -> str:
    words = ngettext("%(n)s letter came in.", "%(n)s letters came in.", count)
    return words % {"n": number(count)}


def _compared(now: int, before: int) -> str:
    if now == before:
        return _("As many came in the period before.")
    words = _("That is %(change)s than in the period before.")
    return words % {"change": change(now, before)}


def _treated(count: int) -> str:
    words = ngettext("%(n)s letter was treated.", "%(n)s letters were treated.", count)
    return words % {"n": number(count)}


def _ninetieth(value: int) -> str:
    if not value:
        return _("Nine in ten were treated on the day they came.")
    words = ngettext(
        "Nine in ten were treated within %(n)s day.",
        "Nine in ten were treated within %(n)s days.",
        value,
    )
    return words % {"n": number(value)}


def _in_term(total: Figures, asked: FiguresFilter, goals: Targets) -> str:
    words = _share_in_term(total.in_term, total.with_term)
    measure = Target.Measure.IN_TERM
    goal = goals.of(measure, asked.department, asked.kind)
    if goal is None or total.with_term < LEAST:
        return words
    reached = reaches(measure, 100 * total.in_term / total.with_term, goal)
    more = (
        _("The target of %(share)s is reached.")
        if reached
        else _("The target of %(share)s is not reached.")
    )
    return f"{words} {more % {'share': percent(goal)}}"


def _share_in_term(part: int, whole: int) -> str:
    if whole == 1:
        return (
            _("The only one with a due day was treated in time.")
            if part
            else _("The only one with a due day was not treated in time.")
        )
    words = ngettext(
        "Of those with a due day, %(share)s was treated in time.",
        "Of those with a due day, %(share)s were treated in time.",
        part if whole < LEAST else 100,  # a percentage is counted like many
    )
    return words % {"share": share(part, whole)}


def _late(count: int) -> str:
    if not count:
        return _("No letter of these months is late.")
    words = ngettext(
        "%(n)s letter of these months is late.", "%(n)s letters of these months are late.", count
    )
    return words % {"n": number(count)}

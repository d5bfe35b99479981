"""The figures in large: each with its value and unit, what it was before, and its target."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from figures.models import Target
from figures.summing import Figures, FiguresFilter
from figures.targets import Targets, reaches
from figures.wording import DASH, LEAST, change, days, number, share, target_words


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure; `code` names its definition, `was` are lines on earlier times."""

    code: str
    name: str
    value: str
    was: tuple[str, ...] = ()
    target: str = ""
    reached: bool | None = None
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """The figures of the period before, and of the same period a year before, where known."""

    before: Figures | None
    year_ago: Figures | None


def headlines(
    total: Figures, earlier: Earlier, asked: FiguresFilter, goals: Targets
) -> list[Headline]:
    """Return the figures in large, in the order in which they are read."""
    measure = Target.Measure

    def days_of(code: str, name: str, attribute: str) -> Headline:
        value: int | None = getattr(total, attribute)
        goal = goals.of(code, asked.department, asked.kind)
        return Headline(
            code=attribute,
            name=name,
            value=days(value),
            was=_was(earlier, lambda found: _days_then(getattr(found, attribute))),
            target=target_words(code, goal) if goal is not None else "",
            reached=None if goal is None or value is None else reaches(code, value, goal),
        )

    return [
        _counted("received", _("Came in"), total, earlier),
        _counted("treated", _("Treated"), total, earlier),
        Headline("open", _("Still open"), number(total.open)),
        Headline("late", _("Late"), number(total.late), bad=bool(total.late)),
        _in_term(total, earlier, goals.of(measure.IN_TERM, asked.department, asked.kind)),
        days_of(measure.FIRST_ACT, _("First decision, median"), "first_act"),
        days_of(measure.MEDIAN, _("To the end, median"), "median"),
        days_of(measure.NINETIETH, _("Nine in ten within"), "ninetieth"),
    ]


def _counted(code: str, name: str, total: Figures, earlier: Earlier) -> Headline:
    now = int(total.numbers[code])

    def then(found: Figures) -> str:
        before = int(found.numbers[code])
        return f"{number(before)} ({change(now, before)})" if before else ""

    return Headline(code, name, number(now), _was(earlier, then))


def _in_term(total: Figures, earlier: Earlier, goal: int | None) -> Headline:
    measure = Target.Measure.IN_TERM
    judged = goal is not None and total.with_term >= LEAST
    return Headline(
        code="in_term",
        name=_("Within the term"),
        value=share(total.in_term, total.with_term),
        was=_was(earlier, _share_then),
        target=target_words(measure, goal) if goal is not None else "",
        reached=reaches(measure, 100 * total.in_term / total.with_term, goal or 0)
        if judged
        else None,
    )


def _share_then(found: Figures) -> str:
    shown = share(found.in_term, found.with_term)
    return "" if shown == DASH else shown


def _days_then(before: int | None) -> str:
    return "" if before is None else days(before)


def _was(earlier: Earlier, then: Callable[[Figures], str]) -> tuple[str, ...]:
    lines = []
    if earlier.before is not None and (shown := then(earlier.before)):
        lines.append(_("Period before: %(value)s") % {"value": shown})
    if earlier.year_ago is not None and (shown := then(earlier.year_ago)):
        lines.append(_("A year before: %(value)s") % {"value": shown})
    return tuple(lines)

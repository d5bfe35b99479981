"""Whether an index can be true: by the last one, the days between, and what is usually used.

Pure. Every finding is a code with its numbers; `words` says it in a language. An index is never
refused here: what is doubtful or implausible goes to a person.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

YEAR: Final = timedelta(days=365)
PLAUSIBLE, DOUBTFUL, IMPLAUSIBLE = "plausible", "doubtful", "implausible"
_WEIGHT: Final = {PLAUSIBLE: 0, DOUBTFUL: 1, IMPLAUSIBLE: 2}
# What each finding makes of a reading; the others say what it was compared with.
LEVELS: Final[Mapping[str, str]] = {
    "digits": IMPLAUSIBLE,
    "below_last": IMPLAUSIBLE,
    "far_too_high": IMPLAUSIBLE,
    "photo_differs": IMPLAUSIBLE,
    "rollover": DOUBTFUL,
    "high": DOUBTFUL,
    "low": DOUBTFUL,
    "above_ceiling": DOUBTFUL,
    "no_last": DOUBTFUL,
    "before_last_day": DOUBTFUL,
    "replaced": DOUBTFUL,
    "not_installed": DOUBTFUL,
    "contract_closed": DOUBTFUL,
    "unknown_meter": DOUBTFUL,
    "outside_window": DOUBTFUL,
    "photo_doubt": DOUBTFUL,
}
FAR: Final = 2  # times the upper bound of the band: no longer doubtful, but implausible
SLACK: Final = 5  # units that a household may use more or less without a word
# Units a day that nobody is asked about while nothing is known of the customer.
CEILINGS: Final[Mapping[str, int]] = {"water": 3, "electricity": 60}
_LARGE: Final = 10  # times that for who is no person
_LEAST_SHARE: Final = 0.5  # of the days of a span for which the use must be known


@dataclass(frozen=True, slots=True)
class Use:
    """What a meter measured from one day up to another."""

    from_on: date
    to_on: date
    amount: int

    @property
    def days(self) -> int:
        """How many days it spans."""
        return (self.to_on - self.from_on).days


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a meter before an index comes in; `band` are percents of the usual use."""

    service: str = "water"
    digits: int = 5
    last_index: int | None = None
    last_on: date | None = None
    installed_on: date | None = None
    removed_on: date | None = None
    contract_closed: bool = False
    large: bool = False
    uses: tuple[Use, ...] = ()
    band: tuple[int, int] = (30, 250)


@dataclass(slots=True)
class Judgement:
    """The verdict, and the findings that lead to it; `use` since the last index, where known."""

    checks: list[dict[str, Any]] = field(default_factory=list)
    use: int | None = None
    days: int | None = None
    per_day: float | None = None  # what is usual

    @property
    def verdict(self) -> str:
        """The weightiest finding decides."""
        return verdict_of(self.checks)

    def find(self, code: str, **numbers: Any) -> None:
        """Note a finding."""
        self.checks.append({"code": code, **numbers})


def verdict_of(checks: Iterable[Mapping[str, Any]]) -> str:
    """Return what the findings together make of a reading."""
    levels = (LEVELS.get(str(check["code"]), PLAUSIBLE) for check in checks)
    return max(levels, key=_WEIGHT.__getitem__, default=PLAUSIBLE)


def judge(facts: Facts, *, index: int, read_on: date) -> Judgement:
    """Compare an index with what is known of its meter."""
    found = Judgement()
    if index >= 10**facts.digits:
        found.find("digits", digits=facts.digits)
        return found
    _judge_meter(found, facts, read_on)
    if facts.last_index is None or facts.last_on is None:
        found.find("no_last")
        return found
    if read_on < facts.last_on:
        found.find("before_last_day", last_on=facts.last_on.isoformat())
        return found
    _judge_use(found, facts, index=index, read_on=read_on, last=facts.last_index)
    return found


def _judge_meter(found: Judgement, facts: Facts, read_on: date) -> None:
    if facts.removed_on and read_on > facts.removed_on:
        found.find("replaced", removed_on=facts.removed_on.isoformat())
    if facts.installed_on and read_on < facts.installed_on:
        found.find("not_installed", installed_on=facts.installed_on.isoformat())
    if facts.contract_closed:
        found.find("contract_closed")


def _judge_use(found: Judgement, facts: Facts, *, index: int, read_on: date, last: int) -> None:
    last_on = facts.last_on or read_on
    found.days = (read_on - last_on).days
    found.per_day, basis = usual_per_day(facts.uses, last_on, read_on)
    most = _most(facts, found.per_day, max(found.days, 1))
    if index < last:
        turned = 10**facts.digits - last + index
        if turned > FAR * most:
            found.find("below_last", last=last, last_on=last_on.isoformat())
            return
        found.find("rollover", last=last, use=turned)
        found.use = turned
    else:
        found.use = index - last
    numbers = {"use": found.use, "days": found.days, "last": last, "last_on": last_on.isoformat()}
    if found.use == 0:
        found.find("equal", **numbers)
        return
    if found.per_day is None:
        found.find("above_ceiling" if found.use > most else "no_history", most=most, **numbers)
        return
    expected = round(found.per_day * max(found.days, 1))
    numbers |= {"expected": expected, "basis": basis, "most": most}
    least = max(0, expected * facts.band[0] // 100 - SLACK)
    if found.use > FAR * most:
        found.find("far_too_high", **numbers)
    elif found.use > most:
        found.find("high", **numbers)
    elif found.use < least:
        found.find("low", least=least, **numbers)
    else:
        found.find("as_usual", **numbers)


def _most(facts: Facts, per_day: float | None, days: int) -> int:
    """Return the use above which a reading is doubtful."""
    if per_day is None:
        ceiling = CEILINGS.get(facts.service, max(CEILINGS.values()))
        return ceiling * days * (_LARGE if facts.large else 1)
    return round(per_day * days * facts.band[1] / 100) + SLACK


def usual_per_day(uses: Iterable[Use], since: date, until: date) -> tuple[float | None, str]:
    """Return what is usual a day, and by what: the same days of last year, else the last year."""
    known = tuple(uses)
    until = max(until, since + timedelta(days=1))
    last_year = per_day(known, since - YEAR, until - YEAR)
    if last_year is not None:
        return last_year, "last_year"
    mean = per_day(known, since - YEAR, since, share=0.05)
    return mean, "mean" if mean is not None else ""


def per_day(
    uses: Iterable[Use], since: date, until: date, *, share: float = _LEAST_SHARE
) -> float | None:
    """Return the use a day in a span; None where too little of it is known.

    A span known from several sources counts as often in use and days.
    """
    amount, days = 0.0, 0
    covered: set[date] = set()
    for use in uses:
        first, last = max(use.from_on, since), min(use.to_on, until)
        shared = (last - first).days
        if use.days > 0 and shared > 0:
            amount += use.amount * shared / use.days
            days += shared
            covered.update(first + timedelta(days=n) for n in range(shared))
    wanted = (until - since).days
    if not days or len(covered) < share * wanted:
        return None
    return amount / days

"""Evaluation of the office's rules: which match, why, and their effect. Pure functions.

Deciding is total: a rule whose conditions cannot be read, or that fails on a letter, is left out
of the decision and reported; the others decide as if it were not there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from routing.models.rules import RoutingRule
from routing.rules.facts import Facts
from routing.rules.fields import FIELDS, BadValueError
from routing.rules.words import fits_address, fits_pattern

MOST_CONDITIONS: Final = 20
_SHOWN: Final = 120  # characters of what fitted that a reason quotes


class BadConditionError(ValueError):
    """A condition that cannot be read: of an unknown sort, or with an unusable value."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule, parsed: `value` is what its sort makes of the written value."""

    field: str
    value: Any
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Failure:
    """A rule that failed: where ("" for all of it) and why, by the error's name."""

    rule: RoutingRule
    field: str
    error: str


@dataclass(frozen=True, slots=True)
class Fit:
    """A rule that matches, the reasons as `condition:what matched`, the department named ("")."""

    rule: RoutingRule
    reasons: tuple[str, ...]
    department: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """The result of the rules for one letter: the matches in order, up to the one that stops."""

    fits: tuple[Fit, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def giving(self) -> Fit | None:
        """The match that names the department: the first automatic one, else the first at all."""
        naming = [fit for fit in self.fits if fit.department]
        automatic = (fit for fit in naming if fit.rule.automatic)
        return next(automatic, next(iter(naming), None))

    @property
    def department(self) -> str:
        """Its code, "" where no rule names one."""
        return self.giving.department if self.giving else ""

    @property
    def automatic(self) -> bool:
        """Whether the letter is assigned without a person."""
        return self.giving is not None and self.giving.rule.automatic

    @property
    def copies(self) -> dict[str, Fit]:
        """Departments that get a copy, each with the first rule that says so."""
        found: dict[str, Fit] = {}
        for fit in self.fits:
            for code in fit.rule.copies if fit.rule.automatic else ():
                found.setdefault(code, fit)
        return found

    @property
    def kind(self) -> Fit | None:
        """The match that names a kind: the first automatic one, else the first at all."""
        naming = [fit for fit in self.fits if fit.rule.gives_kind_id]
        return next((fit for fit in naming if fit.rule.automatic), next(iter(naming), None))

    @property
    def confidentiality(self) -> int:
        """The minimum confidentiality level of the letter."""
        return max((f.rule.confidentiality for f in self.fits if f.rule.automatic), default=0)

    def effect(self) -> tuple[Any, ...]:
        """Return all effects, to compare two rulings."""
        kind = self.kind
        given = (kind.rule.gives_kind_id, kind.rule.automatic) if kind else None
        person = self.giving.rule.person_id if self.giving else None
        return (
            *(self.department, self.automatic, person),
            *(frozenset(self.copies), given, self.confidentiality),
        )


@dataclass(frozen=True, slots=True)
class Ready:
    """A rule with its conditions parsed, or with what is wrong with them."""

    rule: RoutingRule
    conditions: tuple[Condition, ...] = ()
    failure: Failure | None = None


def make_ready(rules: Iterable[RoutingRule]) -> list[Ready]:
    """Parse the conditions of each rule once, in the order given."""
    return [_ready(rule) for rule in rules]


def _ready(rule: RoutingRule) -> Ready:
    field = ""
    try:
        if len(rule.conditions) > MOST_CONDITIONS:
            raise BadConditionError
        read = []
        for raw in rule.conditions:
            field = str(raw["field"])[:20]
            read.append(read_condition(raw))
    except Exception as error:
        return Ready(rule, failure=Failure(rule, field, type(error).__name__))
    return Ready(rule, tuple(read))


def read_condition(raw: Any) -> Condition:
    """Parse a stored condition; raise BadConditionError and the errors of its sort."""
    if not isinstance(raw, dict) or raw.get("field") not in FIELDS:
        raise BadConditionError
    value = raw.get("value", "")
    if not isinstance(value, str):
        raise BadConditionError
    field = FIELDS[raw["field"]]
    if not value.strip() and not field.optional:
        raise BadValueError
    return Condition(field.name, field.read(value), bool(raw.get("negated")))


def decide(rules: Sequence[Ready], facts: Facts) -> Ruling:
    """Evaluate the rules in order until a match says stop; never raise for a bad rule."""
    fits: list[Fit] = []
    failures: list[Failure] = []
    for ready in rules:
        if ready.failure:
            failures.append(ready.failure)
            continue
        fit = _match_of(ready, facts, failures)
        if fit is None:
            continue
        fits.append(fit)
        if ready.rule.gives_kind and ready.rule.automatic and not facts.kind:
            facts = facts.of_kind(ready.rule.gives_kind.code)
        if not ready.rule.go_on:
            break
    return Ruling(tuple(fits), tuple(failures))


def _match_of(ready: Ready, facts: Facts, failures: list[Failure]) -> Fit | None:
    """Return the match of one rule; None where it doesn't match or has no effect, or failed."""
    rule, field = ready.rule, ""
    try:
        if not ready.conditions or not _in_force(rule, facts):
            return None
        reasons = []
        for condition in ready.conditions:
            field = condition.field
            reason = _reason(condition, facts, rule)
            if not reason:
                return None
            reasons.append(reason)
        code = _department(rule, facts)
        if code or rule.copies or rule.gives_kind_id or rule.confidentiality:
            return Fit(rule, tuple(reasons), code)
    except Exception as error:
        failures.append(Failure(rule, field, type(error).__name__))
    return None


def _in_force(rule: RoutingRule, facts: Facts) -> bool:
    day = facts.received
    early = rule.valid_from and day and day < rule.valid_from
    return not (early or (rule.valid_until and day and day > rule.valid_until))


def _department(rule: RoutingRule, facts: Facts) -> str:
    if rule.same_department and facts.quoted_departments:
        return facts.quoted_departments[0]
    return rule.department.code if rule.department else ""


def _reason(condition: Condition, facts: Facts, rule: RoutingRule) -> str:
    """Return `condition:what matched`, or "" where it does not hold."""
    found = _HOLDS[condition.field](condition.value, facts, rule)
    if condition.negated:
        return "" if found else f"without:{condition.field}"
    return f"{condition.field}:{found[:_SHOWN]}" if found else ""


Holds = Callable[[Any, Facts, RoutingRule], str]


def _words_in(place: str) -> Holds:
    def holds(lines: Any, facts: Facts, _rule: RoutingRule) -> str:
        return facts.words_of(place).first_of(lines)

    return holds


def _one_of(what: Callable[[Facts], str]) -> Holds:
    def holds(codes: Any, facts: Facts, _rule: RoutingRule) -> str:
        return what(facts) if what(facts) in codes else ""

    return holds


def _pattern_on(name: str) -> Holds:
    def holds(patterns: Any, facts: Facts, _rule: RoutingRule) -> str:
        values = facts.values_of(name)
        if not patterns:
            return next(iter(values), "")
        return next((v for v in values if any(fits_pattern(p, v) for p in patterns)), "")

    return holds


def _address(wanted: Any, facts: Facts, _rule: RoutingRule) -> str:
    return facts.email if any(fits_address(one, facts.email) for one in wanted) else ""


def _amount(least: float, facts: Facts, _rule: RoutingRule) -> str:
    return next((text for amount, text in facts.amounts() if amount >= least), "")


def _deadline(most: int, facts: Facts, _rule: RoutingRule) -> str:
    days = facts.days_to_answer()
    return str(max(days, 0)) if days is not None and days <= most else ""


def _quoted_department(codes: Any, facts: Facts, _rule: RoutingRule) -> str:
    return next((code for code in facts.quoted_departments if code in codes), "")


def _score(least: float, facts: Facts, rule: RoutingRule) -> str:
    score = facts.scores.get(rule.department.code, 0.0) if rule.department else 0.0
    return f"{score:.2f}" if score and score >= least else ""


_HOLDS: Final[dict[str, Holds]] = {
    "words": _words_in("text"),
    "subject": _words_in("subject"),
    "sender": _words_in("sender"),
    "recipient": _words_in("recipient"),
    "enclosure": _words_in("enclosure"),
    "sender_email": _address,
    "kind": _one_of(lambda facts: facts.kind),
    "language": _one_of(lambda facts: facts.language),
    "channel": _one_of(lambda facts: facts.channel),
    "register": _one_of(lambda facts: facts.register),
    "customer_number": _pattern_on("customer_number"),
    "external_reference": _pattern_on("external_reference"),
    "amount": _amount,
    "deadline": _deadline,
    "urgent": lambda _value, facts, _rule: next(iter(facts.values_of("urgency")), ""),
    "confidentiality": lambda least, facts, _rule: (
        str(facts.confidentiality) if facts.confidentiality >= least else ""
    ),
    "quoted_number": lambda _value, facts, _rule: next(iter(facts.values_of("quoted_number")), ""),
    "quoted_department": _quoted_department,
    "score": _score,
    "kind_score": lambda least, facts, _rule: (
        f"{facts.kind_score:.2f}" if facts.kind_score and facts.kind_score >= least else ""
    ),
}

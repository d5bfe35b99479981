"""A rule in words: its conditions, its effects, and its failures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from language.bidi import isolate
from org.models import Level
from org.signs import colon, listed
from routing.models.rules import RoutingRule
from routing.rules.fields import FIELDS
from routing.rules.format import Lists
from routing.rules.reading import Counters

SHOWN: Final = 90  # letters of a value in a list

_ERRORS: Final[dict[str, Any]] = {
    "TooMuchError": gettext_lazy("it asks for more than a rule may cost"),
    "NoWordsError": gettext_lazy("it holds no word to look for"),
    "BadValueError": gettext_lazy("its value cannot be used"),
    "ValueError": gettext_lazy("a value cannot be used"),
    "BadConditionError": gettext_lazy("it is of no known sort"),
}


@dataclass(frozen=True, slots=True)
class SaidCondition:
    """A condition: its name, its value in words ("" for none), whether it is negated."""

    label: str
    value: str
    negated: bool


@dataclass(frozen=True, slots=True)
class SaidRule:
    """A rule as the list shows it."""

    rule: RoutingRule
    conditions: list[SaidCondition]
    gives: list[str]
    failure: str
    counters: Counters


def rule_in_words(rule: RoutingRule, *, lists: Lists, counters: Counters) -> SaidRule:
    """Return the rule in the current language."""
    return SaidRule(
        rule=rule,
        conditions=conditions_in_words(rule.conditions, lists=lists),
        gives=list(effects_in_words(rule, lists=lists)),
        failure=failure_in_words(rule.last_failure) if rule.failures else "",
        counters=counters,
    )


def conditions_in_words(conditions: Any, *, lists: Lists) -> list[SaidCondition]:
    """Return the conditions in words; those of an unreadable rule as they stand."""
    kept = conditions if isinstance(conditions, list) else []
    return [
        _condition_in_words(one if isinstance(one, Mapping) else {}, lists) for one in kept[:20]
    ]


def _condition_in_words(raw: Mapping[str, Any], lists: Lists) -> SaidCondition:
    name, value = str(raw.get("field", "?")), str(raw.get("value", ""))[:2000]
    field = FIELDS.get(name)
    label = str(field.label) if field else name
    parts = [part.strip() for part in value.splitlines() if part.strip()]
    if field and field.codes:
        names = lists.names(field.codes)
        parts = [names.get(code, code) for code in value.replace(",", " ").split()]
    between = _("or")
    words = f" {between} ".join(isolate(part) for part in parts[:4])
    if len(parts) > 4 or len(words) > 4 * SHOWN:
        words = f"{words[: 4 * SHOWN]} …"
    return SaidCondition(label, words, bool(raw.get("negated")))


def effects_in_words(rule: RoutingRule, *, lists: Lists) -> Iterator[str]:
    """Yield the effects of the rule, one by one."""
    if rule.same_department:
        yield _("To the department of the letter that it quotes")
    if rule.department:
        yield f"{rule.department.code} · {rule.department.name}"
    if rule.person:
        yield _("In charge: %(name)s") % {"name": isolate(rule.person.shown_name)}
    if rule.copies:
        names = lists.names("department")
        copies = listed(names.get(str(code), str(code)) for code in rule.copies)
        yield _("Copy: %(departments)s") % {"departments": copies}
    if rule.gives_kind:
        yield _("Kind: %(kind)s") % {"kind": rule.gives_kind.name}
    if rule.confidentiality:
        level = dict(Level.choices).get(rule.confidentiality, "")
        yield _("At least: %(level)s") % {"level": level}


def failure_in_words(failure: str) -> str:
    """Return where and why a rule could not be applied; never with words of a letter."""
    name, _colon, error = failure.partition(":")
    words = _ERRORS.get(error) or _("it failed (%(code)s)") % {"code": error}
    field = FIELDS.get(name)
    where = str(field.label) if field else name or _("conditions")
    return f"{where}{colon()} {words}"

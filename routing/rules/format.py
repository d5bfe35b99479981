"""A rule as plain values: what forms, programs, files and its history write of it, checked.

    {"title", "active", "conditions": [{"field", "value", "negated"}], "department", "copies",
     "same_department", "gives_kind", "confidentiality", "person", "automatic", "go_on",
     "valid_from", "valid_until"}

Instead of "conditions" the short keys kind, language, channel, words, sender and least_score may
stand, one condition each. Departments and kinds are codes, a person is a user name, days are ISO.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from language.lines import one_line
from org.models import Department, LetterKind, Level, Membership, User
from registry.models.letters import Channel
from registry.models.registers import Register
from routing.acting.situations import ROUTED
from routing.models.rules import RoutingRule
from routing.rules.fields import FIELDS
from routing.rules.fitting import MOST_CONDITIONS, read_condition

MOST_COPIES: Final = 10
_SHORT: Final = {
    "kind": "kind",
    "language": "language",
    "channel": "channel",
    "words": "words",
    "sender": "sender",
    "least_score": "score",
}
KEYS: Final = (
    *("title", "active", "conditions", "department", "same_department", "copies", "gives_kind"),
    *("confidentiality", "person", "automatic", "go_on", "valid_from", "valid_until"),
)


class BadRuleError(ValueError):
    """Values that make no rule: field → what is wrong with it, in the user's language."""

    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        """Keep `fields`: names of KEYS, with conditions as conditions.0, conditions.1 and so on."""
        super().__init__("; ".join(f"{name}: {' '.join(said)}" for name, said in fields.items()))
        self.fields = dict(fields)


@dataclass(frozen=True, slots=True)
class Lists:
    """The codes that rules may name, each with its row or name; read once for many rules."""

    departments: Mapping[str, Department]
    kinds: Mapping[str, LetterKind]
    registers: Mapping[str, str]
    people: Mapping[str, User]
    members: frozenset[tuple[int, int]]

    @classmethod
    def load(cls) -> Lists:
        """Load the codes of all lists in four queries."""
        registers = Register.objects.filter(direction__in=ROUTED)
        members = Membership.objects.filter(user__is_active=True).select_related("user")
        return cls(
            departments={row.code: row for row in Department.objects.filter(active=True)},
            kinds={row.code: row for row in LetterKind.objects.all()},
            registers={row.code: row.name for row in registers},
            people={row.user.username: row.user for row in members},
            members=frozenset((row.user_id, row.department_id) for row in members),
        )

    def names(self, what: str) -> dict[str, str]:
        """Return code → name in the active language, of a list that `Field.codes` names."""
        lists: dict[str, dict[str, str]] = {
            "kind": {code: row.name for code, row in self.kinds.items()},
            "department": {code: row.name for code, row in self.departments.items()},
            "register": dict(self.registers),
            "channel": {str(value): str(label) for value, label in Channel.choices},
            "language": {"ar": "العربية", "fr": "Français", "en": "English"},
            "level": {str(value): str(label) for value, label in Level.choices if value},
        }
        return lists.get(what, {})


def plain_rule(rule: RoutingRule) -> dict[str, Any]:
    """Return the rule as plain JSON, by KEYS."""
    return {
        "title": rule.title,
        "active": rule.active,
        "conditions": rule.conditions,
        "department": rule.department.code if rule.department else "",
        "same_department": rule.same_department,
        "copies": rule.copies,
        "gives_kind": rule.gives_kind.code if rule.gives_kind else "",
        "confidentiality": int(rule.confidentiality),
        "person": rule.person.username if rule.person else "",
        "automatic": rule.automatic,
        "go_on": rule.go_on,
        "valid_from": rule.valid_from.isoformat() if rule.valid_from else "",
        "valid_until": rule.valid_until.isoformat() if rule.valid_until else "",
    }


def columns_of(given: Mapping[str, Any], *, lists: Lists) -> dict[str, Any]:
    """Return the columns of RoutingRule for these plain values; raise BadRuleError.

    A key that is not given has its empty value; `active` is true and `automatic` false.
    """
    wrong: dict[str, list[str]] = {}
    columns = {
        "title": _title(given, wrong),
        "active": bool(given.get("active", True)),
        "conditions": _conditions(given, lists, wrong),
        "department": _coded(given, "department", lists.departments, wrong),
        "same_department": bool(given.get("same_department")),
        "copies": _copies(given, lists, wrong),
        "gives_kind": _coded(given, "gives_kind", lists.kinds, wrong),
        "confidentiality": _level(given, wrong),
        "person": _coded(given, "person", lists.people, wrong),
        "automatic": bool(given.get("automatic")),
        "go_on": bool(given.get("go_on")),
        "valid_from": _day(given, "valid_from", wrong),
        "valid_until": _day(given, "valid_until", wrong),
    }
    for name, words in _contradictions(columns, lists):
        wrong.setdefault(name, []).append(str(words))
    if wrong:
        raise BadRuleError(wrong)
    return columns


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    return "" if value is None else str(value).strip()


def _title(given: Mapping[str, Any], wrong: dict[str, list[str]]) -> str:
    title = one_line(_text(given, "title"))
    if not title or len(title) > 120:
        wrong["title"] = [str(_("Give a title of at most 120 letters."))]
    return title[:120]


def _coded(
    given: Mapping[str, Any], name: str, rows: Mapping[str, Any], wrong: dict[str, list[str]]
) -> Any:
    code = _text(given, name)
    if code and code not in rows:
        wrong[name] = [str(_("There is no such code: %(code)s") % {"code": code[:40]})]
    return rows.get(code)


def _copies(given: Mapping[str, Any], lists: Lists, wrong: dict[str, list[str]]) -> list[str]:
    raw = given.get("copies") or []
    codes = [str(code) for code in raw] if isinstance(raw, list) else str(raw).split()
    unknown = [code for code in codes if code not in lists.departments]
    if unknown or len(codes) > MOST_COPIES:
        code = (unknown or codes)[0][:40]
        wrong["copies"] = [str(_("There is no such code: %(code)s") % {"code": code})]
    return list(dict.fromkeys(codes))


def _level(given: Mapping[str, Any], wrong: dict[str, list[str]]) -> int:
    value = _text(given, "confidentiality") or "0"
    if value not in {"0", "1", "2"}:
        wrong["confidentiality"] = [str(_("From 0 to 2."))]
        return 0
    return int(value)


def _day(given: Mapping[str, Any], name: str, wrong: dict[str, list[str]]) -> date | None:
    value = _text(given, name)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        wrong[name] = [str(_("Not a day."))]
        return None


def _conditions(
    given: Mapping[str, Any], lists: Lists, wrong: dict[str, list[str]]
) -> list[dict[str, Any]]:
    raw = given.get("conditions")
    if raw is None:
        raw = [
            {"field": field, "value": str(given[name])}
            for name, field in _SHORT.items()
            if given.get(name) not in (None, "")
        ]
    if not isinstance(raw, list) or not raw:
        wrong["conditions"] = [str(_("Give at least one condition."))]
        return []
    if len(raw) > MOST_CONDITIONS:
        wrong["conditions"] = [str(_("These are too many conditions."))]
        return []
    return [_condition(one, lists, f"conditions.{number}", wrong) for number, one in enumerate(raw)]


def _condition(raw: Any, lists: Lists, name: str, wrong: dict[str, list[str]]) -> dict[str, Any]:
    try:
        read = read_condition(raw)
    except Exception:
        wrong[name] = [str(_("This value cannot be used here."))]
        return {}
    codes = FIELDS[read.field].codes
    if codes and codes != "level":
        unknown = sorted(set(read.value) - set(lists.names(codes)))
        if unknown:
            words = _("There is no such code: %(code)s") % {"code": unknown[0][:40]}
            wrong[name] = [str(words)]
    kept = {"field": read.field, "value": "\n".join(str(raw.get("value", "")).split("\r\n"))}
    return kept | {"value": kept["value"].strip(), "negated": read.negated}


def _contradictions(columns: Mapping[str, Any], lists: Lists) -> Iterator[tuple[str, Any]]:
    department, person = columns["department"], columns["person"]
    secret = columns["copies"] or columns["confidentiality"]
    gives = (department, columns["same_department"], columns["gives_kind"], secret)
    if not any(gives):
        yield "department", _("Say what the rule gives: a department, a copy, a kind, a level.")
    if secret and not columns["automatic"]:
        yield "automatic", _("Copies and confidentiality are given at once, never proposed.")
    if person and (not department or (person.pk, department.pk) not in lists.members):
        yield "person", _("This person does not belong to the department.")
    first, last = columns["valid_from"], columns["valid_until"]
    if first and last and last < first:
        yield "valid_until", _("It ends before it begins.")
    asks = {one.get("field") for one in columns["conditions"]}
    if "score" in asks and not department:
        yield "department", _("The machine's belief needs a department to believe in.")


def title_of_copy(title: str, taken: frozenset[str]) -> str:
    """Return a title for a copy, not taken yet."""
    number = 2
    while (candidate := f"{title[:110]} ({number})") in taken:
        number += 1
    return candidate

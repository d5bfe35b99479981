"""Routing rules as a table: one line a rule, its conditions as JSON in a cell."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from org.checking import yes_or_no
from org.errors import BadOrganisationError
from org.models import User
from org.tables import Table
from routing.acting.errors import NotAllowedError
from routing.rules.editing import import_one
from routing.rules.format import KEYS, BadRuleError, Lists, plain_rule
from routing.rules.reading import listed_rules

_FLAGS: Final = ("active", "same_department", "automatic", "go_on")
SAID: Final = {"created": "new", "changed": "changed", "same": "same"}


def _save(row: dict[str, str], actor: User | None) -> str:
    """Save a line; a rule of a known title is written anew, with what the table has."""
    given: dict[str, Any] = dict(row)
    for name in (name for name in _FLAGS if name in row):
        given[name] = yes_or_no(row[name], name, empty=name == "active")
    try:
        given["conditions"] = json.loads(row.get("conditions") or "[]")
    except ValueError:
        raise BadOrganisationError({"conditions": _("This is no JSON.")}) from None
    try:
        return SAID[import_one(given, lists=Lists.load(), actor=actor)]
    except BadRuleError as error:
        told = {name: " ".join(map(str, said)) for name, said in error.fields.items()}
        raise BadOrganisationError(dict(told)) from error
    except NotAllowedError as error:
        raise BadOrganisationError({"": str(error)}) from error


def _rows() -> Iterator[Sequence[str]]:
    for rule in listed_rules():
        plain = plain_rule(rule)
        yield [_cell(name, plain[name]) for name in KEYS]


def _cell(name: str, value: Any) -> str:
    if name == "conditions":
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(value) if isinstance(value, list) else str(value)


RULES = Table(
    name="rules",
    columns=KEYS,
    needed=("title", "conditions"),
    save=_save,
    rows=_rows,
)

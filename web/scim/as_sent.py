"""What directories send in other words than the standard has: made plain before it is read.

Entra ID names members with a `$ref` of null, and writes paths as names of a value; Okta names the
members that it adds; both send what only follows from the rest (`primary`, `formatted`, `display`).
"""

import re
from collections.abc import Iterator
from typing import Any, Final

# What follows from the rest, by the attribute in which it stands ("": the resource itself).
_FOLLOWS: Final = {
    "": frozenset({"schemas", "meta", "groups"}),
    "name": frozenset({"formatted"}),
    "emails": frozenset({"primary"}),
    "members": frozenset({"display", "$ref"}),
}
_DERIVED: Final = re.compile(
    r"(name\.formatted|emails(\[.*\])?\.primary|members(\[.*\])?\.display)", re.IGNORECASE
)
_PRIMARY: Final = re.compile(r"emails\[\s*primary\s+eq\s+\"?true\"?\s*\]", re.IGNORECASE)
_WORK: Final = 'emails[type eq "work"]'


def plain_patch(body: dict[str, Any]) -> dict[str, Any] | None:
    """Return the body of a PATCH in the standard's words; None where nothing is left to change."""
    name = next((name for name in body if name.lower() == "operations"), "")
    rows = body.get(name)
    if not isinstance(rows, list) or not rows:
        return body
    plain = [one for row in rows for one in _operations(row)]
    return {**body, name: plain} if plain else None


def main_email(rows: list[Any]) -> list[Any]:
    """Return of several addresses the one that the office keeps: the main one, else that at work.

    As a list of one; of none where there is none.
    """
    told = [row for row in rows if isinstance(row, dict)]
    main = next((row for row in told if _is_true(row.get("primary"))), None)
    main = main or next((row for row in told if _is_at_work(row)), None)
    return [main] if main else rows[:1]


def _is_true(value: Any) -> bool:
    return value is True or str(value).lower() == "true"


def _is_at_work(row: dict[str, Any]) -> bool:
    return str(row.get("type", "")).lower() == "work"


def _operations(row: Any) -> Iterator[Any]:
    """Return the operations that one is: those of the paths that it names in its value apart."""
    if not isinstance(row, dict):
        yield row
        return
    small = {name.lower(): name for name in row}
    path, value = row.get(small.get("path", "")), row.get(small.get("value", ""))
    if isinstance(path, str) and path:
        if not _DERIVED.fullmatch(path):
            plain = _PRIMARY.sub(_WORK, path)
            attribute = re.split(r"[\[.]", plain)[0].lower()
            told = {} if value is None else {small["value"]: _plain_value(attribute, value)}
            yield {**row, small["path"]: plain, **told}
        return
    if not isinstance(value, dict):
        yield row
        return
    whole = {}
    for name, inner in value.items():
        if _is_path(name):
            rest = {key: row[key] for key in row if key.lower() == "op"}
            yield from _operations({**rest, "path": name, "value": inner})
        elif name.lower() not in _FOLLOWS[""]:
            whole[name] = _plain_value(name.lower(), inner)
    if whole or not value:
        yield {**row, small["value"]: whole}


def _is_path(name: str) -> bool:
    return not name.lower().startswith("urn:") and ("." in name or "[" in name)


def _plain_value(attribute: str, value: Any) -> Any:
    """Return a value of an attribute without what follows from the rest."""
    if attribute == "emails" and isinstance(value, list):
        value = main_email(value)
    drop = _FOLLOWS.get(attribute, frozenset())
    if isinstance(value, list):
        return [_without(row, drop) for row in value]
    return _without(value, drop)


def _without(row: Any, drop: frozenset[str]) -> Any:
    if not isinstance(row, dict):
        return row
    kept = {name: value for name, value in row.items() if name.lower() not in drop}
    return kept or row

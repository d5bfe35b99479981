"""Triggers: whether those that make tables append-only stand as they were made."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from ledger.problems import Problem

_NAME: Final = re.compile(r"\b(?:TRIGGER|FUNCTION)\s+(?:IF NOT EXISTS\s+)?(\w+)")
_STANDING: Final = (
    "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger"
    " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
)


def check_triggers(connection: Any, statements: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each trigger, or function of one, that is missing, off or another."""
    standing = _standing(connection)
    for statement in statements:
        name = _name(statement)
        if name not in standing:
            yield Problem("trigger_missing", f"trigger/{name}")
        elif standing[name] != _plain(statement):
            yield Problem("trigger_edited", f"trigger/{name}")


def still_to_make(connection: Any, statements: Iterable[str]) -> Iterator[str]:
    """Yield those of the statements whose trigger or function does not stand as they make it.

    One that stands otherwise is dropped first on SQLite, which cannot replace it.
    """
    standing = _standing(connection)
    for statement in statements:
        name = _name(statement)
        if standing.get(name) == _plain(statement):
            continue
        if name in standing and connection.vendor == "sqlite":
            yield f"DROP TRIGGER {name}"
        yield statement


def _standing(connection: Any) -> dict[str, str]:
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            return {name: _plain(sql) for name, sql in cursor.fetchall()}
        cursor.execute(_STANDING)
        found = {name: _plain(definition) for name, definition in cursor.fetchall()}
        cursor.execute(
            "SELECT proname, prosrc FROM pg_proc"
            " WHERE pronamespace = current_schema()::regnamespace"
        )
        return found | {name: _plain(body) for name, body in cursor.fetchall()}


def _name(statement: str) -> str:
    found = _NAME.search(statement)
    if found is None:
        raise ValueError(statement)
    return found[1]


def _plain(statement: str) -> str:
    """Return a definition as both the database and we can write it; of a function, its body."""
    if "$$" in statement:
        statement = statement.split("$$")[1]
    plain = re.sub(r"\bOR REPLACE |\bIF NOT EXISTS |\bpublic\.", "", " ".join(statement.split()))
    return plain.strip()

"""Triggers by which the record of security events takes new rows and nothing else."""

from typing import Any, Final

TABLE: Final = "identity_securityevent"
_FUNCTION: Final = f"""
CREATE OR REPLACE FUNCTION identity_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '{TABLE} is append-only'; END $$ LANGUAGE plpgsql
"""


def install(connection: Any) -> None:
    """Create the triggers; harmless to repeat."""
    _run(connection, statements(connection))


def statements(connection: Any) -> list[str]:
    """Return the statements by which the triggers are made."""
    return _postgres() if connection.vendor == "postgresql" else _sqlite()


def remove(connection: Any) -> None:
    """Drop the triggers: for moving to a new database."""
    on = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    names = [f"{TABLE}_no_{verb}" for verb in ("update", "delete", "truncate")]
    _run(connection, [f"DROP TRIGGER IF EXISTS {name}{on}" for name in names])


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {TABLE}_no_{verb} BEFORE {verb.upper()} ON {TABLE} "
        f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
        for verb in ("update", "delete")
    ]


def _postgres() -> list[str]:
    each = {"update": "ROW", "delete": "ROW", "truncate": "STATEMENT"}
    return [
        _FUNCTION,
        *(
            f"CREATE OR REPLACE TRIGGER {TABLE}_no_{verb} BEFORE {verb.upper()} ON {TABLE} "
            f"FOR EACH {what} EXECUTE FUNCTION identity_append_only()"
            for verb, what in each.items()
        ),
    ]


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

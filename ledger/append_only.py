"""Triggers by which the ledger takes new entries, fills their place once, and nothing else."""

from typing import Any, Final

ENTRIES: Final = "ledger_ledgerentry"
CHECKPOINTS: Final = "ledger_ledgercheckpoint"
_KEPT: Final = ("id", "at", "label", "act", "key", "lines", "nonce", "mac")
_FUNCTION: Final = f"""
CREATE OR REPLACE FUNCTION ledger_append_only() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = '{ENTRIES}' THEN
        IF OLD.place IS NULL AND to_jsonb(OLD) - 'place' = to_jsonb(NEW) - 'place' THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$ LANGUAGE plpgsql
"""


def install(connection: Any) -> None:
    """Create the triggers; harmless to repeat."""
    with connection.cursor() as cursor:
        for statement in statements(connection):
            cursor.execute(statement)


def remove(connection: Any) -> None:
    """Drop the triggers: for tests that forge, and for moving to a new database."""
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for table, verb in _guarded(connection):
            on = f" ON {table}" if postgres else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}")


def statements(connection: Any) -> list[str]:
    """Return the statements by which the triggers are made."""
    if connection.vendor == "postgresql":
        return [_FUNCTION, *(_postgres(*which) for which in _guarded(connection))]
    return [_sqlite(*which) for which in _guarded(connection)]


def _guarded(connection: Any) -> list[tuple[str, str]]:
    truncate = ("truncate",) if connection.vendor == "postgresql" else ()
    verbs = ("update", "delete", *truncate)
    return [(table, verb) for table in (ENTRIES, CHECKPOINTS) for verb in verbs]


def _postgres(table: str, verb: str) -> str:
    each = "STATEMENT" if verb == "truncate" else "ROW"
    return (
        f"CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION ledger_append_only()"
    )


def _sqlite(table: str, verb: str) -> str:
    changed = ""
    if table == ENTRIES and verb == "update":
        kept = " OR ".join(f'OLD."{column}" IS NOT NEW."{column}"' for column in _KEPT)
        changed = f"WHEN OLD.place IS NOT NULL OR {kept} "
    return (
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"{changed}BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )

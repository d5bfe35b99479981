"""Triggers that make tables append-only, on both databases.

A table may allow late fills: columns that start empty and are set once each (a receipt's PDFs).
ERASABLE tables let go of what a disposal list takes: pages are deleted and the data of events are
emptied while, and only while, a row of `registry_erasing` names their document or letter; and
such a row is taken only for the letter of an entry that waits on a list being executed.
"""

from typing import Any, Final

from ledger.guards import still_to_make
from org.brief_locks import run_briefly

TABLES: dict[str, tuple[str, ...]] = {
    "registry_letterevent": (),
    "registry_storedfile": (),
    "registry_receipt": ("file_id", "office_file_id"),
    "registry_dailyclosing": ("page_id",),
    "registry_readingpage": (),
    "registry_act": (),
    "org_institution": (),
    "org_orgchange": (),
    "payments_journalentry": (),
    "payments_payment": ("receipt_file_id",),
    "bills_allocation": ("handed_over_id",),
}
ERASING: Final = "registry_erasing"
_EXECUTING: Final = (
    "SELECT 1 FROM registry_disposalentry entry "
    "JOIN registry_disposallist list ON list.id = entry.disposal_id "
    "WHERE entry.id = NEW.entry_id AND entry.state = 'waiting' AND list.state = 'executing' "
    'AND (entry.letter_id = NEW."row" OR EXISTS (SELECT 1 FROM registry_document document '
    'WHERE document.id = NEW."row" AND document.letter_id = entry.letter_id))'
)
# table -> the verb that a disposal may use, and the column that names the document or letter
ERASABLE: Final = {
    "registry_letterevent": ("update", "letter_id"),
    "registry_readingpage": ("delete", "document_id"),
}
EMPTIED: Final = "data"  # the one column of an event that a disposal may change, to {}
NO_DELETE = ("registry_letter", "registry_party", "registry_document", "registry_voidrequest")


def install(connection: Any) -> None:
    """Create the triggers of the tables that exist already; harmless to repeat.

    Only those that do not stand as they should, each as soon as nobody holds its table: whoever
    installs outside a transaction never holds two tables at once.
    """
    for statement in list(still_to_make(connection, statements(connection))):
        run_briefly(connection, [statement])


def statements(connection: Any) -> list[str]:
    """Return the statements by which the triggers of the tables that exist are made."""
    present = set(connection.introspection.table_names())
    tables = {table: late for table, late in TABLES.items() if table in present}
    make = _postgres if connection.vendor == "postgresql" else _sqlite
    made = make(connection, tables)
    if ERASING not in present:  # an office on the way to today's tables
        return made
    lets_go = _postgres_erasable if connection.vendor == "postgresql" else _sqlite_erasable
    erasable = [f"{table}_no_{verb} " for table, (verb, _of) in ERASABLE.items()]
    kept = [one for one in made if not any(f"TRIGGER {name}" in _flat(one) for name in erasable)]
    return kept + lets_go(connection)


def _flat(statement: str) -> str:
    return statement.replace("IF NOT EXISTS ", "")


def _sqlite_erasable(connection: Any) -> list[str]:
    made = []
    for table, (verb, of) in ERASABLE.items():
        named = f'SELECT 1 FROM {ERASING} WHERE "row" = OLD."{of}"'  # noqa: S608 (our own names)
        condition = f"NOT EXISTS ({named})"
        if verb == "update":
            others = " OR ".join(
                f'OLD."{column}" IS NOT NEW."{column}"'
                for column in _columns(connection, table)
                if column != EMPTIED
            )
            condition += f" OR NEW.\"{EMPTIED}\" <> '{{}}' OR {others}"
        made.append(
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"WHEN {condition} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    refused = f"BEGIN SELECT RAISE(ABORT, '{ERASING} is of a list being executed'); END"
    new = f"CREATE TRIGGER IF NOT EXISTS {ERASING}_no_insert BEFORE INSERT ON {ERASING} "
    made.append(f"{new}WHEN NOT EXISTS ({_EXECUTING}) {refused}")
    old = f"CREATE TRIGGER IF NOT EXISTS {ERASING}_no_update BEFORE UPDATE ON {ERASING} "
    return [*made, f"{old}{refused}"]


def _postgres_erasable(_connection: Any) -> list[str]:
    function = """
        CREATE OR REPLACE FUNCTION registry_erasable() RETURNS trigger AS $$
        BEGIN
            IF EXISTS (SELECT 1 FROM registry_erasing
                       WHERE "row" = (to_jsonb(OLD) ->> TG_ARGV[0])::uuid) THEN
                IF TG_OP = 'DELETE' THEN
                    RETURN OLD;
                END IF;
                IF to_jsonb(OLD) - 'data' = to_jsonb(NEW) - 'data'
                   AND to_jsonb(NEW) -> 'data' = '{}'::jsonb THEN
                    RETURN NEW;
                END IF;
            END IF;
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
        END $$ LANGUAGE plpgsql
        """
    triggers = [
        f"CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION registry_erasable('{of}')"
        for table, (verb, of) in ERASABLE.items()
    ]
    executing = f"""
        CREATE OR REPLACE FUNCTION registry_executing() RETURNS trigger AS $$
        BEGIN
            IF TG_OP = 'INSERT' AND EXISTS ({_EXECUTING}) THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION '% is of a list being executed', TG_TABLE_NAME;
        END $$ LANGUAGE plpgsql
        """
    triggers += [
        f"CREATE OR REPLACE TRIGGER {ERASING}_no_{verb} BEFORE {verb.upper()} ON {ERASING} "
        f"FOR EACH ROW EXECUTE FUNCTION registry_executing()"
        for verb in ("insert", "update")
    ]
    return [function, executing, *triggers]


def remove(connection: Any) -> None:
    """Drop the triggers: for tests that empty tables, and for moving to a new database."""
    with connection.cursor() as cursor:
        for table in (*TABLES, *NO_DELETE, ERASING):
            for verb in ("insert", "update", "delete", "truncate"):
                name = f"{table}_no_{verb}"
                if connection.vendor == "postgresql":
                    cursor.execute(f'DROP TRIGGER IF EXISTS {name} ON "{table}"')
                else:
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def _columns(connection: Any, table: str) -> list[str]:
    with connection.cursor() as cursor:
        return [
            column.name for column in connection.introspection.get_table_description(cursor, table)
        ]


def _sqlite(connection: Any, tables: dict[str, tuple[str, ...]]) -> list[str]:
    made = []
    for table, late in tables.items():
        condition = f"WHEN {_changed(connection, table, late)}" if late else ""
        made.append(
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
    made += [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in (*tables, *NO_DELETE)
    ]
    return made


def _changed(connection: Any, table: str, late: tuple[str, ...]) -> str:
    """Return the condition that a row changes otherwise than by filling an empty late column."""
    return " OR ".join(
        f'(OLD."{column}" IS NOT NEW."{column}"'
        + (f' AND OLD."{column}" IS NOT NULL)' if column in late else ")")
        for column in _columns(connection, table)
    )


def _postgres(_connection: Any, tables: dict[str, tuple[str, ...]]) -> list[str]:
    made = [
        """
        CREATE OR REPLACE FUNCTION registry_append_only() RETURNS trigger AS $$
        DECLARE late text[] := string_to_array(TG_ARGV[0], ',');
        BEGIN
            IF TG_OP = 'UPDATE' AND TG_ARGV[0] <> '' THEN
                -- Late columns that are empty may be filled; every other column stays.
                IF (SELECT to_jsonb(OLD) - coalesce(array_agg(empty), '{}') =
                           to_jsonb(NEW) - coalesce(array_agg(empty), '{}')
                    FROM unnest(late) AS empty WHERE to_jsonb(OLD) ->> empty IS NULL) THEN
                    RETURN NEW;
                END IF;
            END IF;
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
        END $$ LANGUAGE plpgsql
        """
    ]
    for table in (*tables, *NO_DELETE):
        late = ",".join(tables.get(table, ()))
        verbs = ("update", "delete") if table in tables else ("delete",)
        made += [
            f"CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION registry_append_only('{late}')"
            for verb in verbs
        ]
        made.append(
            f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION registry_append_only('')"
        )
    return made

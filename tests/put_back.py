"""Puts a PostgreSQL database back as it was copied, in place of copying it again.

A row carries the number of the transaction that wrote it (xmin): a table with as many rows as at
the start, none of them younger, holds the rows of the start. Any other is emptied and filled with
the rows that were kept, past its triggers.
"""

from typing import Any

from django.db import connection, transaction

# Nothing here comes from outside: names are quoted by the server.
# ruff: noqa: S608
SCHEMAS = "nspname !~ '^pg_' AND nspname <> 'information_schema'"
RELATIONS = f"""
SELECT quote_ident(nspname) || '.' || quote_ident(relname)
FROM pg_class JOIN pg_namespace ON relnamespace = pg_namespace.oid
WHERE relkind = %s AND {SCHEMAS} ORDER BY 1
"""
# Whatever changes a definition writes its row in one of these anew.
CATALOGS = (
    *(
        "attrdef",
        "attribute",
        "cast",
        "collation",
        "constraint",
        "default_acl",
        "enum",
        "extension",
    ),
    *("event_trigger", "index", "inherits", "language", "largeobject_metadata", "namespace"),
    *(
        "opclass",
        "operator",
        "policy",
        "proc",
        "publication",
        "rewrite",
        "sequence",
        "statistic_ext",
    ),
    *("trigger", "ts_config", "ts_config_map", "ts_dict", "type"),
)
# Rows of pg_class are written anew for less (a table that is emptied).
CLASSES = """
SELECT 'class', count(*), sum(hashtext(concat_ws(
    ' ', oid, relname, relnamespace, relowner, relkind, relpersistence, relacl, reloptions,
    relrowsecurity, relforcerowsecurity, relreplident
))) FROM pg_class WHERE relpersistence <> 't'
"""
CATALOG = "SELECT '{0}', count(*), sum(xmin::text::bigint) FROM pg_{0}"
ROWS = "SELECT '{0}', count(*), count(*) FILTER (WHERE xmin::text::bigint > %(youngest)s) FROM {0}"
SEQUENCE = "SELECT '{0}', last_value, is_called FROM {0}"
END_OTHERS = """
SELECT bool_and(pg_terminate_backend(pid, 20000)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class Copy:
    """What the database held when it was copied: definitions, rows and sequences."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('is_superuser') = 'on'")
            self.may_pass_triggers: bool = cursor.fetchone()[0]
            self.definitions = _definitions(cursor)
            self._count = _of_each(ROWS, _relations(cursor, "r"))
            self._look = _of_each(SEQUENCE, _relations(cursor, "S"))
            self.youngest = _transaction(cursor)
            self.counts = {name: many for name, many, _young in self._counted(cursor)}
            self.rows = {name: _read(cursor, name) for name, many in self.counts.items() if many}
            self.sequences = self._sequences(cursor)

    def put_back(self) -> bool:
        """Put rows and sequences back; return False where only a new copy would be the same.

        Whoever is connected is thrown out, with the locks that they hold.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(END_OTHERS)
            ended = cursor.fetchone()[0] is not False
            if not (ended and self.may_pass_triggers and _definitions(cursor) == self.definitions):
                return False
            cursor.execute("SET LOCAL session_replication_role = replica")
            for name, many, young in self._counted(cursor):
                if young or many != self.counts[name]:
                    cursor.execute(f"DELETE FROM {name}")
                    _write(cursor, name, self.rows.get(name))
            for name, value in self._sequences(cursor).items():
                if value != self.sequences[name]:
                    cursor.execute("SELECT setval(%s, %s, %s)", [name, *self.sequences[name]])
            self.youngest = _transaction(cursor)
        return True

    def _counted(self, cursor: Any) -> list[tuple[str, int, int]]:
        """Return of each table how many rows it has, and how many were written since."""
        cursor.execute(self._count, {"youngest": self.youngest})
        counted: list[tuple[str, int, int]] = cursor.fetchall()
        return counted

    def _sequences(self, cursor: Any) -> dict[str, tuple[int, bool]]:
        cursor.execute(self._look)
        return {name: (last, called) for name, last, called in cursor.fetchall()}


def _relations(cursor: Any, kind: str) -> list[str]:
    cursor.execute(RELATIONS, [kind])
    return [name for (name,) in cursor.fetchall()]


def _of_each(query: str, names: list[str]) -> str:
    return " UNION ALL ".join(query.format(name) for name in names)


def _definitions(cursor: Any) -> list[tuple[str, int, int]]:
    """Return what differs as soon as a table, a trigger or anything else is defined otherwise."""
    cursor.execute(f"{_of_each(CATALOG, list(CATALOGS))} UNION ALL {CLASSES}")
    return sorted(cursor.fetchall())


def _transaction(cursor: Any) -> int:
    """Return the number that the rows carry that this transaction writes."""
    cursor.execute("SELECT pg_current_xact_id()::xid::text::bigint")
    number: int = cursor.fetchone()[0]
    return number


def _read(cursor: Any, table: str) -> bytes:
    with cursor.copy(f"COPY {table} TO STDOUT") as rows:
        return b"".join(rows)


def _write(cursor: Any, table: str, rows: bytes | None) -> None:
    if rows:
        with cursor.copy(f"COPY {table} FROM STDIN") as into:
            into.write(rows)

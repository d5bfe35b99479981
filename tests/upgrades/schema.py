"""The schema of the office's own tables as text: columns, constraints, indexes, triggers.

A line for each, in an order of its own, so that two schemas are compared as text. Tables of Django
and of libraries are left out: they change with their versions.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

APPS: Final = (
    *("web", "notices", "figures", "correspondence", "routing", "search", "channels", "ocr"),
    *("understanding", "registry", "identity", "org", "jobs"),
    *("catalogue", "people", "requests", "relations", "privacy"),
    *("contracts", "readings", "bills", "payments", "bank", "agency"),
)
_SQLITE: Final = """
    SELECT type, tbl_name, name, sql FROM sqlite_master WHERE sql IS NOT NULL
"""
_POSTGRES: Final = """
    SELECT 'column', c.relname, to_char(a.attnum, 'FM000') || ' ' || a.attname,
           format_type(a.atttypid, a.atttypmod)
           || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
           || CASE a.attidentity WHEN '' THEN '' ELSE ' IDENTITY ' || a.attidentity::text END
           || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind = 'r'
       AND c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
      FROM pg_constraint WHERE conrelid <> 0 AND connamespace = 'public'::regnamespace
       AND contype <> 'n'
    UNION ALL
    SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL
    SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
      FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT 'function', split_part(proname, '_', 1) || '_', proname, pg_get_functiondef(oid)
      FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prolang =
           (SELECT oid FROM pg_language WHERE lanname = 'plpgsql')
"""


def schema_of(connection: Any) -> str:
    """The schema of this database, a line for each part."""
    return "".join(f"{line}\n" for line in sorted(_lines(connection)))


def _lines(connection: Any) -> Iterator[str]:
    ours = tuple(f"{app}_" for app in APPS)
    with connection.cursor() as cursor:
        cursor.execute(_SQLITE if connection.vendor == "sqlite" else _POSTGRES)
        for sort, table, name, words in cursor.fetchall():
            if not table.strip('"').startswith(ours):
                continue
            place = f"{table} {sort} {name}: "
            if sort == "table":  # as it was created: a line for each column and constraint
                inside = words.partition("(")[2].rpartition(")")[0]
                yield from (f"{place}{part}" for part in _parts(_plain(inside)))
            else:
                yield place + _plain(words)


def _plain(words: str) -> str:
    return re.sub(r"\s+", " ", words).strip()


def _parts(inside: str) -> Iterator[str]:
    """The parts between commas that stand in no bracket and in no quotes, numbered."""
    depth, quoted, begun, number = 0, "", 0, 0
    for at, char in enumerate(f"{inside},"):
        if quoted:
            quoted = "" if char == quoted else quoted
        elif char in "'\"":
            quoted = char
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif char == "," and not depth:
            yield f"{number:03} {inside[begun:at].strip()}"
            begun, number = at + 1, number + 1

"""Whether tables are empty: asked by steps of migrations that change rows and nothing else.

To give such a step its models Django renders all of them, a quarter of a second of a processor;
a new office, which has no rows yet, would pay it for every step.
"""

from typing import Any


def are_empty(editor: Any, *tables: str) -> bool:
    """Return whether none of these tables has a row."""
    with editor.connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT 1 FROM {editor.quote_name(table)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                return False
    return True

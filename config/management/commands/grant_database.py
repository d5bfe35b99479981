"""`manage grant_database ROLE`: let a role of PostgreSQL do the office's work, and no more."""

import re
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection, transaction

_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_GRANTS: Final = (
    "GRANT USAGE ON SCHEMA {schema} TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
    "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} "
    "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} "
    "GRANT USAGE, SELECT, UPDATE ON SEQUENCES TO {role}",
)


class Command(BaseCommand):
    help = (
        "Run as the owner of the tables, after each upgrade: the role may read and write rows, but "
        "neither drop triggers nor change or empty tables. Then let DATABASE_URL name it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the role, which must exist (CREATE ROLE … LOGIN PASSWORD …)."""
        parser.add_argument("role")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Grant it. Exit 2 for a role that owns tables or may do anything."""
        role = options["role"]
        if connection.vendor != "postgresql":
            raise CommandError("Roles are of PostgreSQL; SQLite has none.", returncode=2)
        if not _NAME.fullmatch(role):
            raise CommandError("A role's name is small letters, digits and _.", returncode=2)
        self._refuse_the_mighty(role)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                for words in _GRANTS:
                    cursor.execute(words.format(role=f'"{role}"', schema='"public"'))
        except DatabaseError as error:
            raise CommandError(f"It was not granted: {error}", returncode=1) from error
        self.stdout.write(f"{role} reads and writes rows; tables and triggers are their owner's.")

    def _refuse_the_mighty(self, role: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper OR EXISTS (SELECT FROM pg_tables WHERE tableowner = rolname"
                " AND schemaname = 'public') FROM pg_roles WHERE rolname = %s",
                [role],
            )
            found = cursor.fetchone()
        if found is None:
            raise CommandError(f"There is no role {role}.", returncode=2)
        if found[0]:
            raise CommandError(f"{role} owns tables or is a superuser.", returncode=2)

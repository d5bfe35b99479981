"""`manage grant_database ROLE|--url-file FILE`: let a role do the office's work, and no more."""

import re
from pathlib import Path
from typing import Any, Final

import dj_database_url
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from psycopg import sql

from org.file_errors import file_error

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
        "neither drop triggers nor change or empty tables. Then let DATABASE_URL name it. With "
        "--url-file the role is made too."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the role, by its name or by the address that the office is given."""
        named = parser.add_mutually_exclusive_group(required=True)
        named.add_argument("role", nargs="?", help="a role that is there already")
        named.add_argument(
            "--url-file",
            type=Path,
            help="a file with the office's DATABASE_URL; its role is made, or gets its password",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Grant it. Exit 2 for a role that owns tables or may do anything."""
        if connection.vendor != "postgresql":
            raise CommandError(_("Roles are of PostgreSQL; SQLite has none."), returncode=2)
        role, password = options["role"], ""
        if options["url_file"]:
            role, password = _account(options["url_file"])
        if not _NAME.fullmatch(role):
            raise CommandError(_("A role’s name is small letters, digits and _."), returncode=2)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                if password:
                    _make(cursor, role, password)
                _refuse_the_mighty(cursor, role)
                for words in _GRANTS:
                    cursor.execute(words.format(role=f'"{role}"', schema='"public"'))
        except DatabaseError as error:
            words = _("It was not granted: %(why)s") % {"why": str(error).strip()}
            raise CommandError(words, returncode=1) from error
        words = _("%(role)s reads and writes rows; tables and triggers are their owner’s.")
        self.stdout.write(words % {"role": role})


def _account(file: Path) -> tuple[str, str]:
    """Return the name and the password in a file's DATABASE_URL."""
    try:
        url = dj_database_url.parse(file.read_text(encoding="utf-8").strip())
    except OSError as error:
        words = _("%(file)s cannot be read: %(reason)s.")
        told = {"file": file, "reason": file_error(error)}
        raise CommandError(words % told, returncode=2) from error
    except (ValueError, KeyError) as error:  # no text, or no address
        words = _("%(file)s holds no DATABASE_URL.") % {"file": file}
        raise CommandError(words, returncode=2) from error
    name, password = str(url.get("USER") or ""), str(url.get("PASSWORD") or "")
    if not name or not password:
        words = _("The address in %(file)s names no role with a password.") % {"file": file}
        raise CommandError(words, returncode=2)
    return name, password


def _make(cursor: CursorWrapper, role: str, password: str) -> None:
    """Make the role, or give it the password, unless it is one that may do anything.

    The server gets a SCRAM verifier: a log of its statements holds no password. Where the owner may
    make no roles, one that somebody else has made stays as it is.
    """
    cursor.execute("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    makes_roles = cursor.fetchone()[0]
    cursor.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", [role])
    found = cursor.fetchone()
    if found:
        _refuse_the_mighty(cursor, role)
        if found[0] and not makes_roles:
            return
    words = f"{'ALTER' if found else 'CREATE'} ROLE {{}} LOGIN PASSWORD {{}}"
    known = connection.connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    )
    cursor.execute(sql.SQL(words).format(sql.Identifier(role), sql.Literal(known.decode())))


def _refuse_the_mighty(cursor: CursorWrapper, role: str) -> None:
    cursor.execute(
        "SELECT rolsuper OR EXISTS (SELECT FROM pg_tables WHERE tableowner = rolname"
        " AND schemaname = 'public') FROM pg_roles WHERE rolname = %s",
        [role],
    )
    found = cursor.fetchone()
    if found is None:
        raise CommandError(_("There is no role %(role)s.") % {"role": role}, returncode=2)
    if found[0]:
        words = _("%(role)s owns tables or is a superuser.") % {"role": role}
        raise CommandError(words, returncode=2)

"""The check of a backup: restored beside the office, its register verified, then deleted."""

import json
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from config import env
from config.backup.making import working_folder, working_root
from config.backup.restoring import RestoreError
from config.backup.words import last_words

_MAY_NOT = "42501"  # PostgreSQL's insufficient_privilege
_TRIAL: Final = "sijill_trial_"
_NAME: Final = re.compile(rf"{_TRIAL}[0-9a-f]{{12}}")


def check_backup(url: str, *, identity: str = "", at: str = "") -> dict[str, Any]:
    """Restore a snapshot aside and verify it; return what came back and the register's problems.

    Raise RestoreError where it cannot be restored, or where no database can be made for it.
    """
    with working_folder() as folder, _database_beside(folder) as address:
        aside = {
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": address,
            "VAULT_URL": (folder / "vault").as_uri(),
            "SEARCH_URL": "tantivy",
            "BROKER_URL": "",
            "JOB_DELIVERY": "none",
            "PRODUCTION": "no",
            "SIGNER_DATA": str(folder / "signer"),  # the office's own knows of later entries
            "SIGNER_SOCKET": str(folder / "signer" / "none"),
            "BACKUP_URL": url,  # not in the command line: it may hold a password
        }
        files = {f"{name}_FILE" for name in aside}  # which would count for more
        given = {name: text for name, text in os.environ.items() if name not in files} | aside
        more = ["--identity", str(Path(identity).absolute())] if identity else []
        more += ["--at", at] if at else []
        told = _manage(given, "restore", "--json", *more)
        verified = _manage(given, "verify_register", "--json")
        return told | {"verified": verified["ok"], "problems": verified["problems"][:100]}


def why_no_database(error: DatabaseError) -> str:
    """Return why no database could be made to try a backup in, and what to do."""
    if getattr(error.__cause__, "sqlstate", None) == _MAY_NOT:
        return _(
            "the office's database user may not make a database to try the backup in: run it with "
            "the DATABASE_URL of one that may (CREATEDB), such as the owner of the tables"
        )
    words = _("no database can be made to try the backup in: %(why)s")
    return (words % {"why": error}).strip()


def _manage(given: dict[str, str], *line: str) -> dict[str, Any]:
    command = [sys.executable, str(Path(settings.ROOT) / "manage.py"), *line]
    done = subprocess.run(command, env=given, capture_output=True, text=True, check=False)
    try:
        answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError) as error:
        raise RestoreError(last_words(done.stderr, line[0])) from error
    return answer


@contextmanager
def _database_beside(folder: Path) -> Iterator[str]:
    """Give the address of an empty database of the office's kind; it is dropped afterwards."""
    if connection.vendor == "sqlite":
        yield ""
        return
    name = f"{_TRIAL}{uuid.uuid4().hex[:12]}"
    parts = urlsplit(env.text("DATABASE_URL"))
    noted = working_root() / "trial"  # the database that a killed trial could not drop
    try:
        with connection.cursor() as cursor:
            if noted.exists():
                _drop_noted(cursor, noted.read_text())
            noted.write_text(name)
            cursor.execute(f'CREATE DATABASE "{name}"')
    except DatabaseError as error:
        raise RestoreError(why_no_database(error)) from error
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with connection.cursor() as cursor:
            _drop(cursor, name)
        noted.unlink()


def _drop_noted(cursor: CursorWrapper, name: str) -> None:
    """Drop what a killed trial left. Raise RestoreError where it is another role's."""
    try:
        _drop(cursor, name)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) != _MAY_NOT:
            raise
        words = _(
            "the database %(name)s, which a trial that was cut off left behind, belongs to another "
            "role: run this with the DATABASE_URL of that role, which drops it"
        )
        raise RestoreError(words % {"name": name}) from error


def _drop(cursor: CursorWrapper, name: str) -> None:
    if _NAME.fullmatch(name):
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

"""Copies of the database, consistent while people work: SQLite's backup, PostgreSQL's dump."""

import gzip
import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _


class DumpError(Exception):
    """The database could not be copied, or a copy not be taken over."""


def dump(path: Path) -> None:
    """Write one moment of the database into the file; writers are not held up."""
    if connection.vendor == "sqlite":
        plain = path.with_suffix(".sqlite3")
        try:
            _copy_pages(str(connection.settings_dict["NAME"]), str(plain))
            with plain.open("rb") as data, gzip.open(path, "wb", compresslevel=1) as copy:
                shutil.copyfileobj(data, copy, 1 << 20)
        except (sqlite3.Error, OSError) as error:
            raise DumpError(str(error)) from error
        finally:
            plain.unlink(missing_ok=True)
        return
    _run("pg_dump", "--format=custom", "--no-owner", "--no-acl", f"--file={path}")


def load(path: Path) -> None:
    """Put a copy in place of the database of this office, in one transaction."""
    if connection.vendor == "sqlite":
        connection.close()
        plain = path.with_suffix(".sqlite3")
        try:
            with gzip.open(path, "rb") as data, plain.open("wb") as copy:
                shutil.copyfileobj(data, copy, 1 << 20)
            _copy_pages(str(plain), str(connection.settings_dict["NAME"]))
        except (sqlite3.Error, OSError, EOFError) as error:
            raise DumpError(str(error)) from error
        finally:
            plain.unlink(missing_ok=True)
        return
    try:
        with connection.cursor() as cursor:  # tables of another version would stand in its way
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    except DatabaseError as error:
        words = _("this role of the database may not replace its tables: restore as their owner")
        raise DumpError(words) from error
    connection.close()
    _run("pg_restore", *_TAKEN_OVER, f"--dbname={connection.settings_dict['NAME']}", str(path))


def _copy_pages(source: str, target: str) -> None:
    """Copy one moment of a SQLite file into another, page by page."""
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)


_TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")
_TAKEN_OVER = ("--no-owner", "--no-acl", "--exit-on-error", "--single-transaction")


def _run(name: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on the office's database; its password is in no command line."""
    given: dict[str, Any] = connection.settings_dict
    known = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    said = {name: str(given[key]) for name, key in known.items() if given.get(key)}
    options = given.get("OPTIONS") or {}
    said |= {f"PG{name.upper()}": str(options[name]) for name in _TLS if options.get(name)}
    said |= {"PGDATABASE": str(given["NAME"]), "PATH": os.environ.get("PATH", "")}
    line = [_program(name), *arguments]
    done = subprocess.run(line, env=said, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DumpError(f"{name}: {done.stderr.strip()[-500:]}")


def _program(name: str) -> str:
    """Return the newest of PostgreSQL's programs of this name: those of Debian, else on PATH."""
    folders = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    found = sorted(folders, key=lambda path: int(re.sub(r"\D", "", path.parts[4]) or 0))
    path = str(found[-1]) if found else shutil.which(name)
    if not path:
        words = _("%(program)s is missing: install PostgreSQL's client programs")
        raise DumpError(words % {"program": name})
    return path

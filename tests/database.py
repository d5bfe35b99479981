"""The test database: migrated once for a state of the code, then copied by every test process.

The copy that is kept is named by everything that it was made from (`made_from`), so an old one
is never met again. A transactional test puts the copy back at its end.
"""

import contextlib
import datetime
import fcntl
import hashlib
import os
import platform
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import django
from django.conf import settings
from django.db import connection, connections

from config.organisation import load_organisation
from eservices.catalogue.loading import load_shipped
from tests.imports import ROOT, name_of, reached_from
from tests.put_back import Copy

NOT_THE_OFFICE = frozenset({"tests", "benches", "tools", "samples"})
LOADED = ("config.organisation", "config.settings", "eservices.catalogue.loading")
# The services that ship are published since long: a test may go back in time.
LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
# What a migration or the organisation may read; translations, pages and pictures are not.
DATA = {".json", ".jsonl", ".csv", ".toml", ".txt", ".sql"}
PATIENCE = 20.0  # seconds that another connection may hold the database at the end of a test
TEMPLATE = "sijill_template_"


class Database(Protocol):
    """A database of this process's own, with the demo organisation in it."""

    def restore(self) -> None:
        """Put it back as it was at the start: rows, sequences and triggers."""

    def drop(self) -> None:
        """Take it away at the end of the session."""


def open_database(cache: Path) -> Database:
    """Return this process's database, copied from the one that is kept, or made and kept now."""
    kept = f"{datetime.date.today():%Y%m%d}_{made_from()}"  # noqa: DTZ011 - a day, no instant
    if connection.vendor == "postgresql":
        return PostgresDatabase(TEMPLATE + kept)
    return SqliteDatabase(cache, f"{TEMPLATE}{kept}.sqlite3")


def made_from() -> str:
    """Return a name of the code, the data and the versions that a test database is made from.

    SIJILL_TEST_DATABASE names it in place of that, for a caller who changes nothing that a database
    is made from, though its text (tools/mutations.py).
    """
    if named := os.environ.get("SIJILL_TEST_DATABASE"):
        return named
    told = hashlib.sha256(repr(_versions()).encode())
    for name, source in sorted(reached_from(_makers(), outside=NOT_THE_OFFICE)):
        told.update(f"{name}\0{source}\0".encode())
    data = [path for path in _files() if path.suffix in DATA]
    for path in [ROOT / "requirements.txt", Path(__file__), *data]:
        told.update(f"{path.relative_to(ROOT)}\0".encode())
        told.update(hashlib.sha256(path.read_bytes()).digest())
    return told.hexdigest()[:16]


def _versions() -> list[Any]:
    environment = [os.environ.get(name) for name in ("LANGUAGE_CODE", "TIME_ZONE")]
    versions = [django.VERSION, platform.python_version(), sqlite3.sqlite_version]
    return [*versions, *environment, *settings.PASSWORD_HASHERS, *settings.INSTALLED_APPS]


def _makers() -> list[str]:
    """Migrations, models, what apps do when all are there, and the organisation."""
    files = (p for p in _files() if p.stem in {"models", "apps"} or p.parent.name == "migrations")
    return [*(name_of(p) for p in files if p.suffix == ".py"), *LOADED]


def _files() -> list[Path]:
    packages = sorted(path.parent for path in ROOT.glob("*/__init__.py"))
    inside = [package for package in packages if package.name not in NOT_THE_OFFICE]
    return sorted(path for package in inside for path in package.rglob("*") if path.is_file())


def _migrate() -> None:
    """Make the database that the settings name for tests, with the organisation in it."""
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    load_organisation()
    load_shipped(at=LONG_AGO)


def _name_database(name: str) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = name


class SqliteDatabase:
    """A file beside the process's other things; the kept one lies in pytest's cache."""

    def __init__(self, cache: Path, name: str) -> None:
        self.path = Path(connection.settings_dict["TEST"]["NAME"])
        self.template = self.path.with_name("template.sqlite3")
        with _alone(cache / "lock"):
            kept = cache / name
            if not kept.exists():
                self._make(kept)
            shutil.copyfile(kept, self.template)
        self._forget()
        shutil.copyfile(self.template, self.path)
        _name_database(str(self.path))

    def _make(self, kept: Path) -> None:
        for older in kept.parent.glob(f"{TEMPLATE}*"):
            older.unlink()
        _migrate()
        unfinished = kept.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(unfinished)])
        connections.close_all()
        unfinished.replace(kept)

    def restore(self) -> None:
        """Write the template's pages over the database's, for all its connections."""
        connection.ensure_connection()
        until = time.monotonic() + PATIENCE

        def told(_status: int, _remaining: int, _total: int) -> None:
            if time.monotonic() > until:
                raise TimeoutError("a connection still holds the test database")

        source = sqlite3.connect(self.template)
        with contextlib.closing(source):
            source.backup(connection.connection, progress=told, sleep=0.01)

    def drop(self) -> None:
        """Remove the file and what SQLite keeps beside it."""
        connections.close_all()
        self._forget()

    def _forget(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)


class PostgresDatabase:
    """A database of the server's, made from a template database there."""

    def __init__(self, template: str) -> None:
        self.template = template
        test: dict[str, Any] = connection.settings_dict["TEST"]
        self.name: str = test["NAME"] or f"test_{connection.settings_dict['NAME']}"
        with self._server() as server:
            # Held until the session of this cursor ends.
            server.execute("SELECT pg_advisory_lock(hashtext(%s))", [TEMPLATE])
            if template not in _templates(server):
                self._make(server, test)
        self._copy()

    def _make(self, server: Any, test: dict[str, Any]) -> None:
        """Migrate under another name: what was cut short is not taken for a template."""
        for older in _templates(server):
            if older.removeprefix(TEMPLATE) < self.template.removeprefix(TEMPLATE)[:8]:
                server.execute(f'DROP DATABASE IF EXISTS "{older}"')
        unfinished, named = f"{self.name}_unfinished", test["NAME"]
        test["NAME"] = unfinished
        try:
            server.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
            _migrate()
        finally:
            test["NAME"] = named
            connections.close_all()
        server.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{self.template}"')

    def restore(self) -> None:
        """Put it back, or copy it again; whoever is still connected is thrown out."""
        connections.close_all()
        if not self.kept.put_back():
            self._copy()
        connections.close_all()

    def _copy(self) -> None:
        self.drop()
        with self._server() as server:
            server.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')
        _name_database(self.name)
        self.kept = Copy()
        connections.close_all()

    def drop(self) -> None:
        """Drop it, whoever is connected."""
        connections.close_all()
        with self._server() as server:
            server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    @contextlib.contextmanager
    def _server(self) -> Iterator[Any]:
        """Give a cursor of the server's own database."""
        with connection._nodb_cursor() as cursor:
            yield cursor


def _templates(server: Any) -> list[str]:
    server.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [TEMPLATE])
    return [name for (name,) in server.fetchall()]


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process of this checkout at a time."""
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield

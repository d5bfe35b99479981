"""A PostgreSQL cluster of its own: made by initdb, gone at the end."""

import re
import secrets
import shutil
import signal
from pathlib import Path

import psycopg

from tests.services.process import (
    Child,
    ServiceMissingError,
    free_port,
    give_to_service,
    make_folder,
    run_once,
    start,
)

# Tests may lose their database in a power cut; benches must pay for every fsync.
FORGETFUL = (
    *("fsync=off", "synchronous_commit=off", "full_page_writes=off"),
    *("wal_level=minimal", "max_wal_senders=0"),  # nobody copies what is written
    "jit=off",  # compiling a query costs more than the rows of a test
)
SETTINGS = ("max_connections=200", "shared_buffers=256MB", "logging_collector=off")


def program(name: str) -> str:
    """Return the path of a PostgreSQL program: Debian's newest version, else the one on PATH."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"),
        key=lambda path: [int(part) for part in re.findall(r"\d+", path.parts[4])],
    )
    path = str(found[-1]) if found else shutil.which(name)
    if not path:
        raise ServiceMissingError(f"PostgreSQL: no {name} here (Debian's package: postgresql)")
    return path


def start_postgres(*, durable: bool) -> tuple[Child, dict[str, str]]:
    """Start PostgreSQL and make the database; return it with DATABASE_URL and its test name.

    `durable` keeps the production settings of the write-ahead log (for benches). Raise
    `ServiceMissingError`.
    """
    initdb, server = program("initdb"), program("postgres")
    folder, port, password = make_folder("postgres"), free_port(), secrets.token_urlsafe(12)
    (folder / "password").write_text(password)
    give_to_service(folder)
    run_once("initdb", _initdb(initdb, folder), folder=folder)
    settings = SETTINGS if durable else SETTINGS + FORGETFUL
    child = start(
        "PostgreSQL",
        [server, "-D", str(folder / "data"), "-h", "127.0.0.1", "-p", str(port), "-k", str(folder)]
        + [word for setting in settings for word in ("-c", setting)],
        folder=folder,
        stop_signal=signal.SIGINT,  # "fast": ends sessions and shuts down
    )
    address = f"postgres://sijill:{password}@127.0.0.1:{port}"
    child.wait_until(lambda: _make_database(address), seconds=60)
    url = f"{address}/sijill"
    return child, {"DATABASE_URL": url, "TEST_POSTGRES_URL": url}


def _initdb(initdb: str, folder: Path) -> list[str]:
    return [
        initdb,
        f"--pgdata={folder / 'data'}",
        "--username=sijill",
        f"--pwfile={folder / 'password'}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]


def _make_database(address: str) -> bool:
    try:
        with psycopg.connect(f"{address}/postgres", autocommit=True, connect_timeout=2) as session:
            session.execute("CREATE DATABASE sijill")
    except psycopg.OperationalError:
        return False
    return True

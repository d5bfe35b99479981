"""The parts that an office depends on, each checked for an answer, without further details.

`NEEDED` ones take letters: without one the office is not ready. Without the others it works on, and
their work waits.
"""

import shutil
import threading
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration

from jobs.message_sender import broker_answers
from jobs.runner import worker_is_alive
from registry.files.vault import get_vault
from search.services import index_state
from signer.client import Client

LEAST_FREE: Final = 256 * 1024**2  # bytes for what is being received
KEPT_SECONDS: Final = 5.0  # of an answer to anybody
_SECONDS: Final = 2.0
_NOWHERE: Final = "0" * 64


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return True


def migrations_to_do() -> list[Migration]:
    """Return the changes of tables that this version has and the database has not."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [migration for migration, _backwards in plan]


def _tables() -> bool:
    return not migrations_to_do()


def _vault() -> bool:
    get_vault().has(_NOWHERE)
    return True


def _disk() -> bool:
    return shutil.disk_usage(settings.DATA_DIR).free >= LEAST_FREE


def _search() -> bool:
    return index_state() in ("ready", "aged")


def _broker() -> bool:
    return not settings.BROKER_URL or broker_answers()


def _signer() -> bool:
    Client(settings.SIGNER_SOCKET, seconds=_SECONDS).status()
    return True


NEEDED: Final[dict[str, Callable[[], bool]]] = {
    "database": _database,
    "tables": _tables,
    "vault": _vault,
    "disk": _disk,
}
OTHERS: Final[dict[str, Callable[[], bool]]] = {
    "search": _search,
    "broker": _broker,
    "worker": worker_is_alive,
    "signer": _signer,
}


def answers(name: str) -> bool:
    """Return whether one part answers."""
    try:
        return (NEEDED | OTHERS)[name]()
    except Exception:  # every client has errors of its own, and each means the same
        return False


_lately: tuple[float, dict[str, bool]] = (0.0, {})
_checking = threading.Lock()


def check_parts() -> dict[str, bool]:
    """Return whether each part answers. After an unavailable database nothing more is checked."""
    found: dict[str, bool] = {}
    for name in NEEDED | OTHERS:
        found[name] = answers(name)
        if name == "database" and not found[name]:
            break
    return found


def checked_lately() -> dict[str, bool]:
    """Return the results of `check_parts`, at most KEPT_SECONDS old, for callers from anywhere.

    One caller checks at a time; those who ask meanwhile get the results of before, where there are
    any, so that no crowd waits for a part that is away.
    """
    global _lately
    at, found = _lately
    if found and time.monotonic() - at < KEPT_SECONDS:
        return found
    if not _checking.acquire(blocking=not found):
        return found
    try:
        if _lately[0] == at:  # nobody checked while this caller waited
            found = check_parts()
            _lately = (time.monotonic(), found)
        return _lately[1]
    finally:
        _checking.release()


def forget() -> None:
    """Forget the results, so that all is checked afresh."""
    global _lately
    _lately = (0.0, {})


def is_ready(found: dict[str, bool]) -> bool:
    """Return whether letters are taken: every needed part answers."""
    return all(found.get(name, False) for name in NEEDED)

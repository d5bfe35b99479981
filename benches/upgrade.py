"""An office of the first release with very many letters is upgraded while people read and write.

Its letters are copies of one that the release kept, with their events, documents, readings and
assignments. While `manage upgrade_office` runs, sessions look a letter up, change one and add an
event to one, each as often as it can; told is how long the longest of them waited. One that is
refused for a column of the new release, which today's code would fill, has waited as well.

A million letters need 16 GB for the database, a few for its backup and one for the index. Both take
most of the time and lock nothing that people use: --without-backup and --without-index leave them
out (the engine is then away, which an upgrade reports and goes on).
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg

from benches._office import ROOT, BenchOffice
from tests.services import running

BATCH: Final = 20_000
NO_ENGINE: Final = "http://127.0.0.1:9/?timeout=1"
# Letters come first, since the others name them; a document has the id of its letter.
TABLES: Final = (
    *("registry_letter", "registry_letterevent", "registry_document", "registry_party"),
    *("registry_documentreading", "routing_assignment", "routing_suggestion"),
)
QUESTIONS: Final = {
    "a letter is looked up": "SELECT subject FROM registry_letter WHERE number = %(number)s",
    "a letter is changed": "UPDATE registry_letter SET version = version + 1 WHERE id = %(id)s",
    "an event is added": (
        "INSERT INTO registry_letterevent (letter_id, seq, at, kind, visibility, data, seals,"
        " previous_hash, hash, register_hash) VALUES (%(id)s, %(seq)s, now(), 'read', 'office',"
        " '{}', '{}', '', '', '')"
    ),
    "work is asked for": (
        "INSERT INTO jobs_job (kind, subject, queue, priority, state, attempts, excused, run_after,"
        " holder, done_steps, total_steps, error_code, last_error, created_at) VALUES"
        " ('letter.index', %(subject)s, 'fast', 5, 'done', 0, 0, now(), '', 0, 0, '', '', now())"
    ),
}


@dataclass
class Asked:
    """How long each answer took, seconds; how many were refused; why no more were asked for."""

    times: list[float] = field(default_factory=list)
    refused: int = 0
    ended: str = ""


BLOCKED: Final = (
    "SELECT extract(epoch FROM clock_timestamp() - waiting.query_start), blocking.query"
    " FROM pg_stat_activity waiting"
    " JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS found(pid) ON true"
    " JOIN pg_stat_activity blocking ON blocking.pid = found.pid"
)


def main(arguments: Sequence[str]) -> int:
    """Make the office, upgrade it, print the waits; 1 where one is too long, or asking ended."""
    parser = argparse.ArgumentParser(prog="sijill bench upgrade", description=__doc__)
    parser.add_argument("--letters", type=int, default=1_000_000)
    parser.add_argument("--longest", type=float, default=2.0, help="seconds that one may wait")
    parser.add_argument("--without-backup", action="store_true")
    parser.add_argument("--without-index", action="store_true")
    asked = parser.parse_args(arguments)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sijill-upgrade-")))
        services = stack.enter_context(running({"postgres"}, durable=True))
        url = services.environment["DATABASE_URL"]
        away = {"SEARCH_URL": NO_ENGINE} if asked.without_index else {}
        settings = {"JOB_DELIVERY": "none", "DATABASE_URL": url, "MEANING": "no", **away}
        office = BenchOffice(LOG_LEVEL="ERROR", **settings)
        stack.callback(office.close)
        _first_release(url, asked.letters)
        session = psycopg.connect(url, autocommit=True)
        stack.callback(session.close)
        blocking: dict[str, float] = {}
        backup = ["--without-backup"] if asked.without_backup else ["--backup-to", str(folder)]
        waits = _upgrade(url, backup, blocking)
        _tell(session, waits)
        for statement, seconds in sorted(blocking.items(), key=lambda row: -row[1])[:8]:
            print(f"held up for {seconds:.1f} s: {statement[:160]}")
    longest = max(max(one.times, default=0.0) for one in waits.values())
    ended = any(one.ended for one in waits.values())
    return 1 if ended or longest > asked.longest else 0


def _first_release(url: str, letters: int) -> None:
    """Make the database of the first release, and copy a letter so many times."""
    import django

    django.setup()
    from django.db import connections

    from tests.upgrades.dump import load_office, migrate_to, releases

    began = time.monotonic()
    release = releases()[0]
    migrate_to(release)
    load_office(release)
    connections.close_all()
    with psycopg.connect(url) as session:
        letter = _richest(session)
        for first in range(0, letters, BATCH):
            _copy(session, letter, first, min(first + BATCH, letters))
            session.commit()
            if first % (10 * BATCH) == 0:
                print(f"  made {first} / {letters}", flush=True)
    with psycopg.connect(url, autocommit=True) as session:
        session.execute("ANALYZE")
        size = session.execute("SELECT pg_database_size(current_database()) / 1000000").fetchone()
    print(f"{letters:,} letters of {release.folder.name} made in {time.monotonic() - began:.0f} s")
    print(f"database: {size[0] if size else 0} MB", flush=True)


def _richest(session: psycopg.Connection[Any]) -> uuid.UUID:
    """Return a letter with one document that was read, and an assignment."""
    row = session.execute(
        "SELECT letter_id FROM registry_document JOIN registry_documentreading r"
        " ON r.document_id = registry_document.id AND r.current"
        " WHERE letter_id IN (SELECT letter_id FROM routing_assignment)"
        " GROUP BY letter_id HAVING count(*) = 1 ORDER BY letter_id LIMIT 1"
    ).fetchone()
    assert row is not None, "the release has no letter to copy"
    found: uuid.UUID = row[0]
    return found


def _copy(session: psycopg.Connection[Any], letter: uuid.UUID, first: int, end: int) -> None:
    session.execute("DROP TABLE IF EXISTS copies")
    session.execute(
        "CREATE TEMP TABLE copies AS SELECT n, gen_random_uuid() AS id"
        " FROM generate_series(%s::int, %s::int) n",
        [first, end - 1],
    )
    for table in TABLES:
        columns = session.execute(
            "SELECT column_name, data_type, is_identity FROM information_schema.columns"
            " WHERE table_name = %s ORDER BY ordinal_position",
            [table],
        ).fetchall()
        pairs = {
            name: _value(table, name, kind) for name, kind, identity in columns if identity == "NO"
        }
        key = {"registry_letter": "t.id", "registry_documentreading": "d.letter_id"}
        joined = (
            "JOIN registry_document d ON d.id = t.document_id"
            if table == "registry_documentreading"
            else ""
        )
        names = ", ".join(f'"{name}"' for name in pairs)
        session.execute(
            f'INSERT INTO "{table}" ({names}) SELECT {", ".join(pairs.values())}'  # noqa: S608
            f' FROM "{table}" t {joined} CROSS JOIN copies'
            f" WHERE {key.get(table, 't.letter_id')} = %s".encode(),
            [letter],
        )


def _value(table: str, name: str, kind: str) -> str:
    """Return the expression of a copied row's column."""
    if name == "id" and kind == "uuid":
        same = table in {"registry_letter", "registry_document"}
        return "copies.id" if same else "gen_random_uuid()"
    special = {
        "letter_id": "copies.id",
        "document_id": "CASE WHEN t.document_id IS NULL THEN NULL ELSE copies.id END",
        "serial": "1000000 + copies.n",
        "number": "'COPY/' || copies.n",
        "deposit_key": "NULL",
        "tracking_hash": "md5(copies.id::text)",
    }
    return special.get(name, f't."{name}"')


def _upgrade(url: str, backup: Sequence[str], blocking: dict[str, float]) -> dict[str, Asked]:
    """Upgrade while sessions ask; return what became of each question."""
    done = threading.Event()
    waits = {question: Asked() for question in QUESTIONS}
    people = [
        threading.Thread(target=_ask, args=(url, question, waits[question], done))
        for question in QUESTIONS
    ]
    people.append(threading.Thread(target=_watch, args=(url, blocking, done)))
    for person in people:
        person.start()
    began = time.monotonic()
    try:
        subprocess.run(
            [sys.executable, "manage.py", "upgrade_office", *backup],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": url},
            check=True,
        )
    finally:
        done.set()
        for person in people:
            person.join()
    print(f"upgraded in {time.monotonic() - began:.0f} s", flush=True)
    return waits


def _ask(url: str, question: str, asked: Asked, done: threading.Event) -> None:
    try:
        _ask_on(url, question, asked, done)
    except psycopg.Error as error:
        asked.ended = type(error).__name__


def _ask_on(url: str, question: str, asked: Asked, done: threading.Event) -> None:
    with psycopg.connect(url, autocommit=True) as session:
        rows = session.execute("SELECT id, number FROM registry_letter LIMIT 500").fetchall()
        for at, (letter, number) in enumerate(_round_and_round(rows)):
            if done.is_set():
                return
            values = {"id": letter, "number": number, "seq": 1000 + at, "subject": str(letter)}
            began = time.monotonic()
            try:
                session.execute(QUESTIONS[question].encode(), values)
            except psycopg.errors.NotNullViolation:
                asked.refused += 1  # a column of the new release: today's code would fill it
            asked.times.append(time.monotonic() - began)
            time.sleep(0.05)


def _watch(url: str, blocking: dict[str, float], done: threading.Event) -> None:
    """Note the last statement of whoever holds others up, and for how long."""
    with psycopg.connect(url, autocommit=True) as session:
        while not done.wait(0.1):
            for seconds, statement in session.execute(BLOCKED.encode()).fetchall():
                blocking[statement] = max(blocking.get(statement, 0.0), float(seconds))


def _round_and_round(rows: list[Any]) -> Iterator[Any]:
    while True:
        yield from rows


def _tell(session: psycopg.Connection[Any], waits: dict[str, Asked]) -> None:
    counted = session.execute("SELECT count(*) FROM registry_letter").fetchone()
    print(f"letters afterwards: {counted[0] if counted else 0:,}")
    print(f"{'':<26}{'asked':>8}{'p50 ms':>9}{'p95 ms':>9}{'longest ms':>12}{'refused':>9}")
    for question, one in waits.items():
        kept = sorted(one.times) or [0.0]
        shown = (kept[len(kept) // 2], kept[int(len(kept) * 0.95)], kept[-1])
        words = "".join(
            f"{value * 1000:>{w}.0f}" for value, w in zip(shown, (9, 9, 12), strict=True)
        )
        ended = f"  ended early: {one.ended}" if one.ended else ""
        print(f"{question:<26}{len(one.times):>8}{words}{one.refused:>9}{ended}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

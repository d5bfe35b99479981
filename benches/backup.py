"""Backup under load and restore to an empty machine: how long, how much is lost, what is equal.

Letters are deposited over HTTP all the while. The backup is sealed; a second one shows what an
increment costs. Then an empty office of its own folder and database takes it over: every letter
whose deposit was answered before the backup began must be there, and its register be whole. RPO is
the age of the snapshot when the machine is lost, just after the backup; RTO ends when the restored
office is verified.
"""

import argparse
import contextlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benches._office import ROOT, BenchOffice, Client
from benches._services import required


@dataclass(slots=True)
class Depositor:
    """Deposits one letter after the other; `answered`: number by the moment of its answer."""

    port: int
    token: str
    size: int
    stop: threading.Event = field(default_factory=threading.Event)
    answered: list[tuple[float, str]] = field(default_factory=list)

    def run(self) -> None:
        """Deposit until told to stop."""
        client = Client(self.port, self.token)
        while not self.stop.is_set():
            text = f"Objet: fuite d'eau {uuid.uuid4()}\n".encode().ljust(self.size, b".")
            status, answer = client.deposit(text, name="lettre.txt", key=str(uuid.uuid4()))
            if status in (200, 201):
                self.answered.append((time.time(), str(answer["number"])))


def manage(*line: str, **settings: str) -> dict[str, Any]:
    """Run a command and return its JSON, with the seconds that it took."""
    began = time.monotonic()
    command = [sys.executable, str(ROOT / "manage.py"), *line, "--json"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False
    )
    try:
        told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        raise RuntimeError(f"{line[0]}: {done.stderr[-2000:]}") from None
    return told | {"took": time.monotonic() - began}


@contextlib.contextmanager
def another_machine(folder: Path) -> Iterator[dict[str, str]]:
    """Give the settings of an empty office that shares nothing with the first."""
    settings = {
        "DATA_DIR": str(folder),
        "VAULT_URL": "",
        "SEARCH_URL": "",
        "BROKER_URL": "",
        "DATABASE_URL": "",
    }
    address = os.environ.get("DATABASE_URL", "")
    if not address:
        yield settings
        return
    name = f"restored_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield settings | {"DATABASE_URL": urlunsplit(urlsplit(address)._replace(path=f"/{name}"))}
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def measure(office: BenchOffice, *, letters: int, size: int) -> bool:
    """Deposit, back up twice, restore, and print what came of it."""
    web = office.start("up", JOB_DELIVERY="none")
    office.wait_for_web()
    from config.organisation import DEMO_PASSWORD

    depositor = Depositor(office.port, Client(office.port).log_in("amina", DEMO_PASSWORD), size)
    thread = threading.Thread(target=depositor.run, daemon=True)
    thread.start()
    while len(depositor.answered) < letters:
        time.sleep(0.2)
    with tempfile.TemporaryDirectory(prefix="sijill-away-") as away:
        key = str(Path(away) / "identity")
        line = [sys.executable, str(ROOT / "manage.py"), "backup", "--make-identity", key]
        recipient = subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()
        place = str(Path(away) / "backup")
        before = len(depositor.answered)
        first = manage("backup", place, "--recipient", recipient)
        during = len(depositor.answered) - before
        second = manage("backup", place, "--recipient", recipient)
        lost_at = time.time()
        depositor.stop.set()
        thread.join(60)
        office.stop(web)
        return _restored(place, key, away, [first, second], depositor, during, lost_at)


def _restored(
    place: str,
    key: str,
    away: str,
    made: list[dict[str, Any]],
    depositor: Depositor,
    during: int,
    lost_at: float,
) -> bool:
    with another_machine(Path(away) / "machine") as settings:
        back = manage("restore", place, "--identity", key, **settings)
        verified = manage("verify_register", **settings)
        show = "from registry.models.letters import Letter as L; import json;"
        show += "print(json.dumps(list(L.objects.values_list('number', flat=True))))"
        line = [sys.executable, str(ROOT / "manage.py"), "shell", "-v", "0", "-c", show]
        told = subprocess.run(
            line, env=os.environ | settings, check=True, capture_output=True, text=True, cwd=ROOT
        )
    there = set(json.loads(told.stdout.strip().splitlines()[-1]))
    began = datetime.fromisoformat(back["began_at"]).astimezone(UTC).timestamp()
    missing = [number for at, number in depositor.answered if at <= began and number not in there]
    first, second = made
    print(f"first backup:  {first['took']:6.1f} s, {first['originals']} originals,", end=" ")
    print(f"{first['original_bytes'] / 1e6:.0f} MB, all new; {during} letters came meanwhile")
    print(f"second backup: {second['took']:6.1f} s, {second['copied']} originals new")
    print(f"restored:      {back['took']:6.1f} s, {back['letters']} letters", end=" ")
    print(f"and {back['originals']} originals; lost {len(back['lost'])}")
    print(f"verified:      {verified['took']:6.1f} s, {len(verified['problems'])} problems")
    print(f"RPO {lost_at - began:.1f} s, RTO {back['took'] + verified['took']:.1f} s;", end=" ")
    print(f"answered before the snapshot and missing: {len(missing)}")
    return not (missing or back["lost"] or verified["problems"])


def main() -> int:
    """Run the bench; 1 where something was lost or the register is not whole."""
    parser = argparse.ArgumentParser(prog="./sijill bench backup", description=__doc__)
    parser.add_argument("--letters", type=int, default=2000)
    parser.add_argument("--kilobytes", type=int, default=100, help="of a letter")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own")
    asked = parser.parse_args()
    with required({"postgres"} if asked.postgres else set(), durable=True) as services:
        given = {k: v for k, v in services.environment.items() if k == "DATABASE_URL"}
        office = BenchOffice(**given)
        try:
            office.set_up()
            whole = measure(office, letters=asked.letters, size=asked.kilobytes * 1000)
        finally:
            office.close()
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())

"""What search survives: kill -9, a full disk, a dying server, a rebuild under load.

Kill -9 comes in mid-rebuild and mid-indexing; the rebuild runs under a load of searches. Exit 1
where a letter was lost or a search failed.
"""

import argparse
import http.client
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from benches._office import BenchOffice, Client, kill_group
from benches._server import server_of
from benches._services import required
from registry.kinds import RegistryJob
from routing.kinds import RoutingJob

PATIENCE = 600.0
FULL_MB = 3
PATH = (
    *(
        RegistryJob.LETTER_READ,
        RegistryJob.LETTER_UNDERSTAND,
        RoutingJob.LETTER_ROUTE,
        RoutingJob.LETTER_CONTACT,
        RegistryJob.LETTER_COMPARE,
    ),
    RegistryJob.LETTER_INDEX,
)


def main(arguments: Sequence[str]) -> int:
    """Print one line a trial."""
    parser = argparse.ArgumentParser(prog="sijill bench search_life", description=__doc__)
    parser.add_argument("--letters", type=int, default=8_000)
    parser.add_argument("--engine", choices=("tantivy", "elasticsearch"), default="tantivy")
    asked = parser.parse_args(arguments)
    names = {"elasticsearch"} if asked.engine == "elasticsearch" else set()
    with ExitStack() as stack:
        services = stack.enter_context(required(names))
        settings = {"JOB_DELIVERY": "none"}
        if names:
            server = services.environment["TEST_ELASTICSEARCH_URL"]
            settings["SEARCH_URL"] = f"{server}/?index=bench-life&timeout=10&tls=no&sign_in=no"
        office = BenchOffice(**settings)
        stack.callback(office.close)
        office.set_up()
        from benches._archive import fill

        fill(asked.letters)
        trials: list[Callable[[BenchOffice], list[str]]] = [
            kill_the_rebuild,
            search_during_a_rebuild,
            kill_the_worker,
        ]
        trials += [deafen_the_server, kill_the_server] if names else [fill_the_disk]
        wrong = [
            f"{trial.__name__}: {fault}" for trial in trials for fault in _tried(trial, office)
        ]
        _close_database()
    return 1 if wrong else 0


def _tried(trial: Callable[[BenchOffice], list[str]], office: BenchOffice) -> list[str]:
    print(f"{trial.__name__.replace('_', ' ')}…", flush=True)
    began = time.monotonic()
    faults = trial(office)
    verdict = "; ".join(faults) or "nothing lost, no search failed"
    print(f"  {verdict} ({time.monotonic() - began:.0f} s)", flush=True)
    return faults


def kill_the_rebuild(office: BenchOffice) -> list[str]:
    """Kill -9 at about 60 % of the letters; the next call continues from there."""
    log = office.data_dir / "rebuild_index.log"
    process = _rebuild(office, "--anew")
    _until(lambda: _share(log) >= 0.5 or process.poll() is not None, "the rebuild began")
    kill_group(process)
    killed_at = _share(log)
    log.unlink()
    if _is_elasticsearch():
        time.sleep(_lease() + 1)  # a server cannot see that whoever filled the index is dead
    process = _rebuild(office)
    process.wait(PATIENCE)
    began_at = _steps(log)[0]
    print(f"  killed at {killed_at:.0%}, went on from {began_at:.0%}")
    faults = [] if began_at >= 0.3 else [f"killed at {killed_at:.0%}, went on from {began_at:.0%}"]
    return faults + _differences()


def search_during_a_rebuild(office: BenchOffice) -> list[str]:
    """Search and register letters during the whole rebuild."""
    web = office.start("up", JOB_DELIVERY="thread")
    office.wait_for_web()
    load = _Load(office)
    load.start()
    for _ in range(2):
        _rebuild(office, "--anew").wait(PATIENCE)
    asked, failed, registered = load.stop()
    # Each letter that was read and understood is indexed again.
    _until(lambda: not any(map(_waiting, PATH)), "the new letters went their way")
    print(f"  {asked} searches, {failed} failed; {registered} letters registered meanwhile")
    faults = [f"{failed} of {asked} searches failed"] if failed else []
    faults += [] if asked and registered else ["there was no load"]
    office.stop(web)
    return faults + _differences()


def kill_the_worker(office: BenchOffice) -> list[str]:
    """Kill -9 five times while the worker writes a backlog of changes."""
    changed = _change_letters(1_500)
    for _ in range(5):
        worker = office.start("work")
        before = _waiting(RegistryJob.LETTER_INDEX)
        _until(
            lambda before=before: _waiting(RegistryJob.LETTER_INDEX) < before,  # type: ignore[misc]
            "a batch was written",
        )
        time.sleep(0.3)
        kill_group(worker)
    worker = office.start("work")
    _until(lambda: not _waiting(RegistryJob.LETTER_INDEX), "the backlog was written")
    office.stop(worker)
    print(f"  {changed} changes, the worker killed 5 times")
    return _differences()


def fill_the_disk(office: BenchOffice) -> list[str]:
    """Put the index on a disk of a few megabytes (tmpfs); jobs wait until there is room."""
    folder = office.data_dir / "search"
    aside = folder.rename(office.data_dir / "search-aside")
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={FULL_MB}m", "tmpfs", str(folder)]
    if subprocess.run(command, check=False).returncode:
        folder.rmdir()
        aside.rename(folder)
        print("  SKIPPED: this machine allows no small disk to be mounted")
        return []
    try:
        worker = office.start("work")
        _change_letters(3_000)
        _until(lambda: _waits_for("search_unavailable"), "the disk was full")
        registered = _register_one()
        found = _find(registered)
        subprocess.run(["mount", "-o", "remount,size=500m", str(folder)], check=True)
        _until(lambda: not _waiting(RegistryJob.LETTER_INDEX), "the jobs went on")
        office.stop(worker)
        faults = _differences(allow_missing=True)
        return faults + ([] if found else ["a number was not found while the disk was full"])
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()
        aside.rename(folder)


def deafen_the_server(office: BenchOffice) -> list[str]:
    """Stop Elasticsearch by SIGSTOP, so that it hangs as a dead machine does; then continue it."""
    pid = server_of(_url()).pid
    worker = office.start("work")
    os.kill(pid, signal.SIGSTOP)
    try:
        changed = _change_letters(100)
        registered = _register_one()
        began = time.monotonic()
        found = _find(registered)
        print(f"  {changed} changes wait; a number found in {time.monotonic() - began:.1f} s")
        _until(lambda: _waits_for("search_unavailable"), "the jobs wait")
    finally:
        os.kill(pid, signal.SIGCONT)
    _until(lambda: not _waiting(RegistryJob.LETTER_INDEX), "the jobs went on")
    office.stop(worker)
    return _differences() + ([] if found else ["a number was not found while it was away"])


def kill_the_server(office: BenchOffice) -> list[str]:
    """Kill -9 while a backlog of changes is written to it; then start it again."""
    server = server_of(_url())
    changed = _change_letters(1_500)
    worker = office.start("work")
    _until(lambda: _waiting(RegistryJob.LETTER_INDEX) < changed, "a batch was written")
    os.kill(server.pid, signal.SIGKILL)
    registered = _register_one()
    found = _find(registered)
    _until(lambda: _waits_for("search_unavailable"), "the jobs wait")
    began = time.monotonic()
    again = server.start_again()
    try:
        _until(lambda: not _waiting(RegistryJob.LETTER_INDEX), "the backlog was written")
        took = time.monotonic() - began
        print(f"  {changed} changes, killed among them; written {took:.0f} s after its start")
        office.stop(worker)
        faults = _differences()
    finally:
        again.stop()
    return faults + ([] if found else ["a number was not found while it was away"])


class _Load:
    """Searches in two threads and a letter registered each second, over HTTP."""

    def __init__(self, office: BenchOffice) -> None:
        from config.organisation import DEMO_PASSWORD

        self.port = office.port
        self.token = Client(office.port).log_in("amina", DEMO_PASSWORD)
        self.asked = self.failed = self.registered = 0
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=work, daemon=True)
            for work in (self._search, self._search, self._register)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> tuple[int, int, int]:
        self._stop.set()
        for thread in self._threads:
            thread.join(30)
        return self.asked, self.failed, self.registered

    def _search(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Authorization": f"Token {self.token}"}
        for words in itertools.cycle(("directeur", "eau", "%D8%A7%D9%84%D9%85%D8%AF%D9%8A%D8%B1")):
            if self._stop.is_set():
                return
            connection.request("GET", f"/api/v1/search?q={words}", headers=headers)
            response = connection.getresponse()
            body = response.read()
            self.asked += 1
            fine = response.status == 200
            answer = json.loads(body) if fine else {}
            if not fine or answer["engine_down"] or not answer["total"]:
                self.failed += 1

    def _register(self) -> None:
        client = Client(self.port, self.token)
        while not self._stop.wait(1.0):
            text = f"Lettre {time.time_ns()}".encode()
            if client.deposit(text, name="lettre.txt")[0] == 201:
                self.registered += 1


def _rebuild(office: BenchOffice, *options: str) -> subprocess.Popen[bytes]:
    return office.start("rebuild_index", "--processes", "1", "--verbosity", "2", *options)


def _steps(log: Path) -> list[float]:
    """Return the shares that the progress lines of a rebuild name."""
    lines = log.read_text(errors="replace").split("\n")[:-1] if log.exists() else []
    steps = [line.split(" / ") for line in lines if " / " in line]
    return [int(done) / int(total) for done, total in steps]


def _share(log: Path) -> float:
    return (_steps(log) or [0.0])[-1]


def _until(fine: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not fine():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not after {PATIENCE:.0f} s: {what}")
        time.sleep(0.1)


def _differences(*, allow_missing: bool = False) -> list[str]:
    """Return the differences between the index and the database."""
    from search.services import repair_index

    counts = repair_index(only_look=True).as_json()
    names = ("too_old", "orphaned", "ahead", *(() if allow_missing else ("missing",)))
    return [f"{counts[name]} letters {name}" for name in names if counts[name]]


def _change_letters(count: int) -> int:
    """Change so many letters, each with its job; return how many."""
    from django.db import models, transaction

    from jobs.outbox import enqueue_all
    from registry.models.letters import Letter

    keys = list(Letter.objects.order_by("-serial").values_list("pk", flat=True)[:count])
    for start in range(0, len(keys), 500):
        some = keys[start : start + 500]
        with transaction.atomic():
            Letter.objects.filter(pk__in=some).update(version=models.F("version") + 1)
            enqueue_all([(RegistryJob.LETTER_INDEX, key) for key in some])
    return len(keys)


def _register_one() -> str:
    """Register a letter the ordinary way, print how long that took, and return its number."""
    from org.models import User
    from registry.intake import LetterData, receive_letter

    began = time.monotonic()
    clerk = User.objects.get(username="amina")
    data = LetterData(channel="counter", subject="Mesure")
    letter = receive_letter(data, actor=clerk, files=[], message="Mesure").letter
    print(f"  a letter registered in {time.monotonic() - began:.2f} s")
    return letter.number


def _find(number: str) -> bool:
    from org.models import User
    from search.services import find_letters

    found = find_letters(viewer=User.objects.get(username="amina"), words=number)
    return [hit.number for hit in found.hits] == [number]


def _waiting(kind: str) -> int:
    from jobs.models import Job

    return Job.objects.filter(kind=kind, state__in=["ready", "running"]).count()


def _waits_for(code: str) -> bool:
    from jobs.models import Job

    return Job.objects.filter(
        kind=RegistryJob.LETTER_INDEX, state="ready", error_code=code
    ).exists()


def _is_elasticsearch() -> bool:
    return bool(_url())


def _url() -> str:
    from django.conf import settings

    return str(settings.SEARCH_URL)


def _lease() -> float:
    from search.backends.elasticsearch.indexes import LEASE_SECONDS

    return LEASE_SECONDS


def _close_database() -> None:
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

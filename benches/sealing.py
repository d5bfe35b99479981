"""What the register's proof costs: a registration with and without entries and signer, a batch.

Registrations are timed in this process (the signer is another one, which they never wait for);
then the entries are given to a real signer in batches of 1,000. Processor time, so that other work
on the machine counts little.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from benches._office import ROOT, quiet_office


def main(arguments: Sequence[str]) -> None:
    """Print milliseconds of each."""
    parser = argparse.ArgumentParser(prog="sijill bench sealing", description=__doc__)
    parser.add_argument("--letters", type=int, default=200)
    parser.add_argument("--entries", type=int, default=5000)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL, not SQLite")
    asked = parser.parse_args(arguments)
    with quiet_office(postgres=asked.postgres):
        _registrations(asked.letters)
        _sealing(asked.entries)


def _registrations(count: int) -> None:
    """Register letters in turn: with the signer away and running, and without any entries."""
    from ledger import recording
    from tests.factories import deposit

    def plain() -> None:
        deposit(subject="Fuite")

    def bare() -> None:
        with recording.paused():
            deposit(subject="Fuite")

    times: dict[str, list[float]] = {"no entries": [], "entries, no signer": [], "signer": []}
    plain()
    signer: subprocess.Popen[bytes] | None = None
    for name, register in (("no entries", bare), ("entries, no signer", plain), ("signer", plain)):
        if name == "signer":
            signer = _start_signer()
        times[name] = [_timed(register) for _ in range(count)]
    if signer:
        signer.kill()
        signer.communicate()
    for name, found in times.items():
        print(f"registration, {name:<20}{statistics.median(found) * 1000:8.2f} ms of processor")


def _sealing(count: int) -> None:
    """Give the log entries, in batches of 1,000."""
    from django.db import connection, transaction

    from ledger.coverage import covered_models
    from ledger.models import LedgerEntry
    from ledger.recording import record
    from ledger.sequencing import seal_pending

    shape = next(iter(covered_models().values()))
    with transaction.atomic():
        for number in range(count):
            record(connection, shape, LedgerEntry.Act.WRITE, [(str(number), "0" * 32)])
    waits = LedgerEntry.objects.filter(place=None).count()
    signer = _start_signer()
    began, wall = time.process_time(), time.perf_counter()
    sealed = seal_pending()
    here, took = time.process_time() - began, time.perf_counter() - wall
    signer.terminate()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    signer.communicate()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    there = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    batches = sealed / 1000
    print(f"{sealed} of {waits} entries sealed in {took:.2f} s of the clock")
    print(f"a batch of 1,000: {here / batches * 1000:.1f} ms of processor in the office")
    print(f"and {there / batches * 1000:.1f} ms in the signer, its start included")


def _start_signer() -> "subprocess.Popen[bytes]":
    from django.conf import settings

    from config.signer_process import signer_environment
    from signer.client import Client, Unavailable

    command = [sys.executable, "-m", "signer", "serve", "--with-parent"]
    signer = subprocess.Popen(
        command, cwd=ROOT, env=signer_environment(), stdin=subprocess.PIPE, stderr=sys.stderr
    )
    while signer.poll() is None:
        try:
            Client(settings.SIGNER_SOCKET).status()
        except Unavailable:
            time.sleep(0.05)
        else:
            return signer
    raise SystemExit("the signer did not start")


def _timed(do: Callable[[], None]) -> float:
    began = time.process_time()
    do()
    return time.process_time() - began


if __name__ == "__main__":
    main(sys.argv[1:])

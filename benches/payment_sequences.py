"""Random sequences of money: fetch, pay, repeat, reverse, call-back, counter, bank line, refund.

Runs the state machine of the tests (`tests/eservices/payments/sequences.py`) as often as asked, in
a database of its own, several processes at once, each with seeds of its own. What must hold is
checked after each step; a sequence that breaks it is shrunk and told, and the exit code is 1.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

STEPS = 12
CHUNK = 250  # sequences of one seed


def main(arguments: Sequence[str]) -> None:
    """Share the sequences out among processes and tell how it went."""
    parser = argparse.ArgumentParser(prog="sijill bench payment_sequences", description=__doc__)
    parser.add_argument("--sequences", type=int, default=10_000)
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL, not SQLite")
    parser.add_argument("--database", default="", help=argparse.SUPPRESS)
    parser.add_argument("--part", type=int, default=None, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.part is not None:
        where = asked.database
        walk(asked.part, sequences=asked.sequences, steps=asked.steps, database=where)
        return
    began = time.monotonic()
    each = -(-asked.sequences // asked.processes)
    command = [sys.executable, "-m", "benches.payment_sequences", "--sequences", str(each)]
    command += ["--steps", str(asked.steps)]
    with ExitStack() as stack:
        parts = []
        for part in range(asked.processes):
            where = ["--database", _server(stack)] if asked.postgres else []
            seed = str(asked.seed + 1000 * CHUNK * part)
            parts.append(subprocess.Popen([*command, *where, "--part", seed]))
        codes = [part.wait() for part in parts]
    seconds = time.monotonic() - began
    done = each * asked.processes
    print(f"{done} sequences of up to {asked.steps} steps in {seconds:.0f} s", flush=True)
    print("every rule held" if not any(codes) else "A RULE WAS BROKEN, see above", flush=True)
    sys.exit(1 if any(codes) else 0)


def _server(stack: ExitStack) -> str:
    """Return the address of a PostgreSQL of its own."""
    from tests.services.postgres import start_postgres

    child, found = start_postgres(durable=False)
    stack.callback(child.stop)
    return found["DATABASE_URL"]


def walk(seed: int, *, sequences: int, steps: int, database: str = "") -> None:
    """Walk so many sequences in a fresh office, on SQLite where no database is named."""
    with TemporaryDirectory(prefix="sijill-sequences-") as folder:
        _set_up(Path(folder), database)
        done = 0
        while done < sequences:
            some = min(CHUNK, sequences - done)
            _walk_some(seed + done, some, steps)
            done += some
            print(f"seed {seed}: {done} of {sequences}", flush=True)


def _set_up(folder: Path, database: str) -> None:
    os.environ |= {
        "DATA_DIR": str(folder),
        "DATABASE_URL": database,
        "JOB_DELIVERY": "none",
        "LOG_LEVEL": "ERROR",
        "MEANING": "no",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    import django
    from django.conf import settings

    django.setup()
    from tests.eservices.payments.sequences import ADDRESS

    settings.PAYMENT_URL = ADDRESS
    if not database:
        settings.DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _walk_some(seed: int, sequences: int, steps: int) -> None:
    from hypothesis import HealthCheck, settings
    from hypothesis import seed as seeded
    from hypothesis.stateful import run_state_machine_as_test

    from tests.eservices.payments.sequences import Money

    run_state_machine_as_test(
        seeded(seed)(Money),
        settings=settings(
            max_examples=sequences,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


if __name__ == "__main__":
    main(sys.argv[1:])

"""The memory that a process gives back: few heaps for many threads, nothing kept that is free."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import transaction

from jobs import memory, runner
from jobs.outbox import enqueue
from tests.architecture.test_house import ROOT
from tests.jobs.table import TriedJob

COUNT = """
import ctypes, os, tempfile, threading
held, together = [], threading.Barrier(12)
def hold():
    together.wait()
    held.append([bytes(5000) for _time in range(100)])
    together.wait()
threads = [threading.Thread(target=hold) for _one in range(12)]
[one.start() for one in threads]
[one.join() for one in threads]
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
name = os.path.join(tempfile.mkdtemp(), "heaps")
file = ctypes.c_void_p(libc.fopen(name.encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
print("heaps", open(name).read().count("<heap nr="))
"""
FREED = """
from jobs.memory import release_free_memory
def held():
    line = next(one for one in open("/proc/self/status") if one.startswith("VmRSS"))
    return int(line.split()[1]) // 1024
pieces = [bytes(5000) for _time in range(20_000)]
pieces = pieces[-1:]  # what lies above all the rest keeps the heap from shrinking by itself
before = held()
print(release_free_memory(), release_free_memory(), before - held())
"""


def said(tmp_path: Path, *command: str) -> list[str]:
    """What a process of its own prints."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    own = {"DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(tmp_path)}
    own["TMPDIR"] = str(tmp_path)
    done = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT, env=kept | own, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize(
    "command",
    [("manage.py", "shell", "-v", "0", "-c", COUNT), ("-c", f"import config.celery\n{COUNT}")],
    ids=["manage", "celery"],
)
def test_the_threads_of_an_office_s_process_share_few_heaps(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    *_before, word, count = said(tmp_path, *command)
    assert word == "heaps"
    assert int(count) <= 2


def test_what_is_free_is_given_back_now_and_then(tmp_path: Path) -> None:
    first, at_once_again, megabytes = said(tmp_path, "-c", FREED)
    assert (first, at_once_again) == ("True", "False")
    assert int(megabytes) > 50


@pytest.mark.django_db
def test_a_job_that_is_done_gives_back_what_it_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        job = enqueue(TriedJob.GOOD, "1")
    monkeypatch.setattr(memory, "_released_at", float("-inf"))
    assert runner.run_job(job)
    assert not memory.release_free_memory()

"""What is loaded before processes are forked: what each would else load by itself."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.test_house import ROOT
from tests.architecture.test_web_process import HEAVY

WORKER = """
import gc, sys
import django
django.setup()
from config.preloading import preload_worker
preload_worker(set(sys.argv[1].split()))
from language.vectors import _encoder
from understanding.learning.first_model import first_model
print(_encoder.cache_info().currsize, first_model.cache_info().currsize,
      *(int(name in sys.modules) for name in ("weasyprint", "pyhanko.sign.signers")),
      int(gc.get_freeze_count() > 10_000))
"""
WEB = """
import sys
import django
django.setup()
from config.server import OfficeServer
from config.preloading import preload_web
OfficeServer().wsgi()
preload_web()
print(int("web.desk.urls" in sys.modules), int("web.portal.deposit" in sys.modules),
      *sorted(set(sys.argv[1:]) & set(sys.modules)))
"""


def said(program: str, folder: Path, *words: str, **settings: str) -> list[str]:
    """What a process of its own says that loads beforehand."""
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    environment = {**kept, "DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=ROOT, env=environment | settings, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.mark.parametrize("queues", ["fast", "fast slow", ""])
def test_a_worker_that_understands_has_all_for_it_before_it_forks(
    queues: str, tmp_path: Path
) -> None:
    assert said(WORKER, tmp_path, queues) == ["1"] * 5


def test_a_worker_that_only_reads_loads_no_model_of_letters(tmp_path: Path) -> None:
    assert said(WORKER, tmp_path, "slow") == ["0", "0", "0", "0", "1"]


def test_a_database_that_is_away_keeps_no_worker_from_starting(tmp_path: Path) -> None:
    away = {"DATABASE_URL": "postgres://office@127.0.0.1:9/office?connect_timeout=2"}
    assert said(WORKER, tmp_path, "fast", **away) == ["1"] * 5


def test_the_web_server_has_its_pages_and_nothing_that_reads_or_learns(tmp_path: Path) -> None:
    assert said(WEB, tmp_path, *HEAVY) == ["1", "1"]

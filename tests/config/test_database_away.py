"""A database that is away, or has no tables: a line in the office's language, and no traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.imports import ROOT
from tests.services.process import free_port


def _manage(folder: Path, *words: str, database: str = "") -> "subprocess.CompletedProcess[str]":
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {"DATA_DIR": str(folder), "PORT": str(free_port()), "DATABASE_URL": database}
    command = [sys.executable, str(ROOT / "manage.py"), *words]
    return subprocess.run(
        command, env=kept | given, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.parametrize("words", [("demo", "--once"), ("up",)])
def test_a_database_that_is_away_is_a_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = _manage(tmp_path, *words, database=f"postgres://a:b@127.0.0.1:{free_port()}/office")
    assert done.returncode == 69
    assert "La base de données ne répond pas." in done.stderr
    assert "DATABASE_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_whoever_asks_for_it_sees_where_it_failed(tmp_path: Path) -> None:
    address = f"postgres://a:b@127.0.0.1:{free_port()}/office"
    done = _manage(tmp_path, "people", "--export", "--traceback", database=address)
    assert "Traceback" in done.stderr


def test_an_office_without_tables_is_told_to_set_up(tmp_path: Path) -> None:
    started = _manage(tmp_path, "up")
    assert started.returncode == 78
    listed = _manage(tmp_path, "people", "--export")
    assert listed.returncode == 69
    looked = _manage(tmp_path, "doctor")
    assert looked.returncode == 1
    for said in (started.stderr, listed.stderr, looked.stdout):
        assert "./sijill setup" in said
        assert "upgrade" not in said
        assert "Traceback" not in said

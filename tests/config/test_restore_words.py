"""`manage restore` and `verify_register --against` say in words what is missing."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from config.backup.checking import why_no_database
from registry.proof.points import PointError, read_point


def failed(words: str, sqlstate: str | None) -> DatabaseError:
    """Return an error of Django's as it comes from psycopg, whose errors have a state."""
    cause: Any = type("Cause", (Exception,), {"sqlstate": sqlstate})
    error = DatabaseError(words)
    error.__cause__ = cause(words)
    return error


@pytest.mark.django_db
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_place_without_a_backup_is_told(tmp_path: Path, more: list[str]) -> None:
    with pytest.raises(CommandError, match="no backup") as raised:
        call_command("restore", str(tmp_path / "typo"), "--list", *more, stdout=StringIO())
    assert raised.value.returncode == 1


def test_a_user_who_may_make_no_database_is_told_who_may() -> None:
    assert "CREATEDB" in why_no_database(failed("permission denied", "42501"))


def test_a_database_that_is_away_is_not_taken_for_a_missing_right() -> None:
    words = why_no_database(failed("connection refused", None))
    assert "connection refused" in words
    assert "may not" not in words


def test_a_proof_whose_file_is_not_there_is_told_so() -> None:
    with pytest.raises(PointError, match="no such file"):
        read_point("/nowhere/receipt.pdf", [])

"""`manage restore` and `verify_register --against` say in words what is missing."""

import uuid
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.utils.translation import override

from config.backup.checking import _drop_noted, why_no_database
from config.backup.making import working_root
from config.backup.restoring import RestoreError
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
    with pytest.raises(CommandError, match="aucune sauvegarde") as raised:
        call_command("restore", str(tmp_path / "typo"), "--list", *more, stdout=StringIO())
    assert raised.value.returncode == 1


def test_a_user_who_may_make_no_database_is_told_who_may() -> None:
    assert "CREATEDB" in why_no_database(failed("permission denied", "42501"))


def test_a_database_that_is_away_is_not_taken_for_a_missing_right() -> None:
    words = why_no_database(failed("connection refused", None))
    assert "connection refused" in words
    assert "CREATEDB" not in words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "La restauration n’a pas été faite\u00a0: il n’y a pas de sauvegarde ici"),
        ("ar", "لم تتمّ الاستعادة: لا توجد نسخة احتياطية هنا"),
        ("en", "It was not restored: there is no backup here"),
    ],
)
def test_a_restore_speaks_the_offices_language(tmp_path: Path, language: str, words: str) -> None:
    with override(language), pytest.raises(CommandError) as raised:
        call_command("restore", str(tmp_path))
    assert str(raised.value) == words


@pytest.mark.django_db
@pytest.mark.parametrize("kept", [b"", b"# recipient: age1\n", b"\xff\xfe\x00"])
def test_a_file_without_an_identity_is_told(tmp_path: Path, kept: bytes) -> None:
    (tmp_path / "key").write_bytes(kept)
    with pytest.raises(CommandError, match="ne contient aucune identité") as raised:
        call_command("restore", str(tmp_path), "--identity", str(tmp_path / "key"))
    assert raised.value.returncode == 1


@pytest.mark.django_db(transaction=True)  # no database is made within a transaction
def test_a_trial_of_a_place_without_a_backup_says_so_once(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as raised:
        call_command("restore", str(tmp_path), "--verify")
    words = "La restauration n’a pas été faite\u00a0: il n’y a pas de sauvegarde ici"
    assert str(raised.value) == words


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite's trial is a file")
def test_the_next_trial_drops_the_database_that_a_killed_one_left(tmp_path: Path) -> None:
    name = f"sijill_trial_{uuid.uuid4().hex[:12]}"
    (working_root() / "trial").write_text(name)
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    with pytest.raises(CommandError):
        call_command("restore", str(tmp_path), "--verify")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name])
        assert cursor.fetchone() == (0,)
    assert not (working_root() / "trial").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite's trial is a file")
def test_a_trial_database_of_another_role_is_named(tmp_path: Path) -> None:
    name, role = f"sijill_trial_{uuid.uuid4().hex[:12]}", f"trial_{uuid.uuid4().hex[:8]}"
    noted = working_root() / "trial"
    noted.write_text(name)
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
        cursor.execute(f'CREATE ROLE "{role}" CREATEDB')
        cursor.execute(f'SET ROLE "{role}"')
        try:
            with pytest.raises(RestoreError, match="appartient à un autre rôle") as raised:
                _drop_noted(cursor, name)
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute(f'DROP DATABASE "{name}"')
            cursor.execute(f'DROP ROLE "{role}"')
            noted.unlink()
    assert name in str(raised.value)


def test_a_proof_whose_file_is_not_there_is_told_so() -> None:
    with pytest.raises(PointError, match="no such file"):
        read_point("/nowhere/receipt.pdf", [])

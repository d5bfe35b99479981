"""Values that cannot be read are told together, in words, and what is not heeded is told too."""

import sys
from pathlib import Path

import pytest

from config.start_problems import problems
from config.starting import UNFIT
from tests.config.test_start_problems import COMMANDS, FIT, SECRET, TRACKING, ended, start, told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u:p@host/name"),
        ("DATABASE_URL", "sijill:secret@db/name"),
        ("DATABASE_URL", "postgres://u:se#cret@db/name"),
        ("PUBLIC_URL", "courrier.example.ma"),
        ("CLAMD_URL", "clamav:3310"),
        ("CLAMD_URL", "unix://"),
        ("EMAIL_URL", "mail.example:25"),
        ("BROKER_URL", "redis://broker:many/0"),
        ("BACKUP_URL", "ftp://host/folder"),
        ("SMS_URL", "gateway.example"),
        ("MAILBOX_URL", "imaps://u:pass/word@host/INBOX"),
        ("TIMESTAMP_URL", "tsa.example"),
    ],
)
def test_an_address_that_cannot_be_read_is_told_once_in_any_office(name: str, value: str) -> None:
    assert [problem.setting for problem in problems({name: value})].count(name) == 1
    assert told(**{name: value}).count(name) == 1


def test_a_password_with_a_sign_of_addresses_is_told_how_it_is_written() -> None:
    (problem,) = problems({"DATABASE_URL": "postgres://u:se#cret@db/name"})
    assert "%23" in problem.words
    assert "se#cret" not in problem.words


def test_no_process_starts_with_values_that_cannot_be_read_and_all_are_told(tmp_path: Path) -> None:
    broken = {
        "PORT": "99999",
        "TIME_ZONE": "Casablanca",
        "LANGUAGE_CODE": "arabe",
        "LOG_LEVEL": "verbose",
        "DATABASE_URL": "mysql://u:p@host/name",
        "READING_BAND_LOW": "400",
        "BANK_ACCOUNT": "12",
        "SESSION_HOURS": "ten",
    }
    code, said = ended(start(tmp_path, *COMMANDS["up"], **broken))
    assert code == UNFIT, said
    assert "Traceback" not in said
    assert [name for name in broken if said.count(f"  {name}: ") != 1] == []
    assert f"(docs/settings.md): {len(broken)}\n" in said


def test_an_option_of_an_address_that_is_unknown_is_told_in_a_sentence(tmp_path: Path) -> None:
    given = {"MAILBOX_URL": "imaps://u:secret@host/INBOX?tsl=no"}
    code, said = ended(start(tmp_path, *COMMANDS["wsgi"], **given))
    assert code == UNFIT, said
    assert "  MAILBOX_URL: It has an unknown option: “tsl”." in said
    assert "secret" not in said


def test_a_command_that_serves_nobody_tells_what_it_cannot_read(tmp_path: Path) -> None:
    command = [sys.executable, "manage.py", "doctor"]
    code, said = ended(start(tmp_path, *command, TIME_ZONE="Casablanca", SECRET_KEY_FILE="/bin/sh"))
    assert code == UNFIT, said
    assert "Traceback" not in said
    assert "  TIME_ZONE: " in said
    assert "  SECRET_KEY: It cannot be read from SECRET_KEY_FILE" in said


def test_a_command_that_serves_nobody_works_in_a_half_configured_production(tmp_path: Path) -> None:
    given = FIT | {"EMAIL_FROM": "", "DATABASE_URL": ""}
    code, said = ended(start(tmp_path, sys.executable, "manage.py", "help", **given))
    assert code == 0, said


def test_a_value_and_a_file_that_contradict_each_other_are_told(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(SECRET, encoding="utf-8")
    both = {"SMS_KEY": TRACKING, "SMS_KEY_FILE": str(tmp_path / "key")}
    code, said = ended(start(tmp_path, *COMMANDS["wsgi"], **both))
    assert code == 0, said
    assert "SMS_KEY is not heeded, since SMS_KEY_FILE says something else" in said
    code, said = ended(start(tmp_path, *COMMANDS["wsgi"], **both | {"SMS_KEY": SECRET}))
    assert "SMS_KEY" not in said


def test_a_misspelt_variable_is_told(tmp_path: Path) -> None:
    given = {"WATCH_FOLDERS": "/srv/in", "BACKUP_RECIPIENT": "age1", "DEBUGS": "yes"}
    code, said = ended(start(tmp_path, *COMMANDS["wsgi"], **given))
    assert code == 0, said
    assert "WATCH_FOLDERS is no setting, and is not read: was WATCH_FOLDER meant?" in said
    assert "was BACKUP_RECIPIENTS meant?" in said
    assert "DEBUGS" not in said


@pytest.mark.parametrize("command", ["up", "doctor", "setup_office"])
def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path, command: str) -> None:
    file = tmp_path / "file"
    file.touch()
    code, said = ended(
        start(tmp_path, sys.executable, "manage.py", command, DATA_DIR=str(file / "office"))
    )
    assert code == UNFIT, said
    assert "Traceback" not in said
    assert "  DATA_DIR: It cannot be written to" in said

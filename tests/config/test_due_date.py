"""`manage due_date` tells administrators by when a term ends, and why."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import ManagementUtility, call_command

from org.models import Holiday

ROOT = Path(__file__).resolve().parents[2]


def asked(capsys: pytest.CaptureFixture[str], *given: str) -> dict[str, Any]:
    call_command("due_date", *given, "--json")
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def program(*given: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "due_date", *given],
        cwd=folder,
        env={**environment, "DATA_DIR": str(folder / "data")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_answers_from_an_empty_folder_without_a_database(tmp_path: Path) -> None:
    done = program(
        *("--start", "2025-03-20T09:30", "--days", "10", "--unit", "working", "--json"),
        *("--holiday", "2025-03-31", "--holiday", "2025-04-01", "--language", "en"),
        folder=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert set(answer) == {"due_on", "explanation", "steps"}
    assert answer["due_on"] == "2025-04-07"
    assert {tuple(step) for step in answer["steps"]} == {("from", "to", "counted", "reason")}
    assert sum(step["counted"] for step in answer["steps"]) == 10
    assert "31/03/2025; 01/04/2025" in answer["explanation"]


@pytest.mark.parametrize(
    "rubbish",
    [
        ("--days", "0"),
        ("--days", "-3"),
        ("--days", "١٠"),
        ("--days", "99999999999"),
        ("--start", "2026-02-30"),
        ("--start", "20260101"),
        ("--start", "yesterday"),
        ("--unit", "weeks"),
        ("--stop", "2026-02-06..2026-02-02"),
        ("--stop", "2026-02-06"),
        ("--holiday", "30/07/2026"),
        ("--extend", "-1"),
        ("--weekdays", "54321"),
        ("--weekdays", ""),
        ("--language", "de"),
        ("--start", "9999-12-30"),
        ("--stop", "2026-01-02..2199-01-01"),
    ],
)
def test_rubbish_is_refused_with_a_reason(
    rubbish: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    name, value = rubbish
    asked = {"--start": "2026-01-01", "--days": "10", "--unit": "working"} | {name: value}
    words = [f"{key}={value}" for key, value in asked.items()]
    with pytest.raises(SystemExit) as end:
        ManagementUtility(["manage.py", "due_date", *words]).execute()
    told = capsys.readouterr()
    assert (end.value.code, told.out) == (2, "")
    assert told.err.strip()
    assert "Traceback" not in told.err


def test_the_program_refuses_rubbish_with_its_exit_status(tmp_path: Path) -> None:
    done = program("--start=2026-01-01", "--days=0", "--unit=working", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_a_moment_with_a_time_zone_is_a_day_of_the_office(
    capsys: pytest.CaptureFixture[str],
) -> None:
    late = ("--start", "2026-11-02T23:30:00Z", "--days", "1", "--unit", "working")
    assert asked(capsys, *late)["due_on"] == "2026-11-04"  # the 3rd in Casablanca


def test_stops_extensions_and_settings_are_taken(capsys: pytest.CaptureFixture[str]) -> None:
    base = ("--start", "2025-06-10", "--days", "60", "--unit", "calendar")
    pause = ("--stop", "2025-06-20..2025-06-29")
    assert asked(capsys, *base, *pause)["due_on"] == "2025-08-19"
    assert asked(capsys, *base, *pause, "--extend", "30")["due_on"] == "2025-09-18"
    assert asked(capsys, *base, "--count-start")["due_on"] == "2025-08-08"
    saturday = ("--start", "2026-11-24", "--days", "60", "--unit", "calendar")
    assert asked(capsys, *saturday)["due_on"] == "2027-01-25"
    assert asked(capsys, *saturday, "--stay")["due_on"] == "2027-01-23"
    assert asked(capsys, *saturday, "--weekdays", "123456")["due_on"] == "2027-01-23"


@pytest.mark.parametrize(("language", "word"), [("ar", "أيام"), ("fr", "jours"), ("en", "days")])
def test_it_explains_in_three_languages(
    language: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--start", "2026-11-02", "--days", "3", "--unit", "working", "--language", language)
    answer = asked(capsys, *given)
    assert word in answer["explanation"]
    if language == "ar":
        assert all(not step["reason"].isascii() for step in answer["steps"])


def test_only_a_calendar_that_is_named_counts(capsys: pytest.CaptureFixture[str]) -> None:
    throne_day = ("--start", "2026-07-29", "--days", "1", "--unit", "working")
    assert asked(capsys, *throne_day)["due_on"] == "2026-07-30"
    assert asked(capsys, *throne_day, "--with", "morocco")["due_on"] == "2026-07-31"


@pytest.mark.parametrize(
    ("start", "days", "unit", "due"),
    [
        ("2026-12-30", "3289", "calendar", "2036-01-02"),
        ("2026-01-01", "2500", "working", "2036-01-25"),
        ("2026-01-01", "3660", "working", "2040-09-26"),
    ],
)
def test_the_library_is_asked_for_as_many_years_as_a_term_takes(
    start: str, days: str, unit: str, due: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--start", start, "--days", days, "--unit", unit, "--with", "morocco")
    assert asked(capsys, *given)["due_on"] == due


def test_what_the_library_only_reckons_is_called_provisional(
    capsys: pytest.CaptureFixture[str],
) -> None:
    eid = ("--start", "2026-03-17", "--days", "5", "--unit", "working", "--with", "morocco")
    explanation = asked(capsys, *eid, "--language", "en")["explanation"]
    assert "Eid al-Fitr, provisional (20/03/2026)" in explanation
    throne_day = ("--start", "2026-07-29", "--days", "1", "--unit", "working", "--with", "morocco")
    assert "provisional" not in asked(capsys, *throne_day, "--language", "en")["explanation"]


@pytest.mark.django_db
def test_the_calendar_of_the_office_counts_where_it_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = ("--start", "2026-07-29", "--days", "1", "--unit", "working", "--with", "office")
    names = {"name_ar": "عطلة", "name_fr": "Congé exceptionnel", "name_en": "Day off"}
    Holiday.objects.create(day="2026-07-30", confirmed=True, **names)
    answer = asked(capsys, *given, "--language", "fr")
    assert answer["due_on"] == "2026-07-31"
    assert "Congé exceptionnel" in answer["explanation"]


def test_an_office_that_is_not_there_is_told(tmp_path: Path) -> None:
    given = ("--start", "2026-07-29", "--days", "1", "--unit", "working", "--with", "office")
    done = program(*given, folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr

"""The register's commands speak JSON and exit codes that other programs rely on."""

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from registry.models.closings import DailyClosing
from registry.models.letters import Letter
from tests.factories import deposit

pytestmark = pytest.mark.django_db


def verify(*arguments: str) -> tuple[int, Any]:
    out = StringIO()
    try:
        call_command("verify_register", "--json", *arguments, stdout=out)
    except SystemExit as end:
        return int(end.code or 0), json.loads(out.getvalue())
    return 0, json.loads(out.getvalue())


def test_a_whole_register_is_said_to_be_whole() -> None:
    deposit()
    assert verify() == (0, {"ok": True, "problems": []})


def test_a_forged_letter_is_named_and_the_exit_code_is_1() -> None:
    letter = deposit().letter
    Letter.objects.filter(pk=letter.pk).update(subject="Autre chose")
    code, answer = verify("--no-files")
    assert (code, answer["ok"]) == (1, False)
    assert answer["problems"] == [
        {"code": "row_edited", "row": f"registry.letter/{letter.pk}", "detail": letter.number}
    ]


def test_a_letter_is_checked_alone_by_its_number() -> None:
    whole, forged = deposit().letter, deposit().letter
    Letter.objects.filter(pk=forged.pk).update(subject="Autre chose")
    assert verify("--letter", whole.number) == (0, {"ok": True, "problems": []})
    code, answer = verify("--letter", whole.number, "--letter", forged.number)
    assert (code, [problem["detail"] for problem in answer["problems"]]) == (1, [forged.number])


def test_a_letter_that_is_not_there_is_not_said_to_be_whole() -> None:
    with pytest.raises(CommandError, match="2026/IN/999999"):
        verify("--letter", deposit().letter.number, "--letter", "2026/IN/999999")


def test_closing_prints_a_line_for_each_register(monkeypatch: pytest.MonkeyPatch) -> None:
    deposit()
    deposit(register="OUT")
    out, today = StringIO(), timezone.localdate()
    morrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: morrow)
    call_command("close_day", "--day", str(today), "--json", stdout=out)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {(line["register"], line["first"], line["last"]) for line in lines} == {
        ("IN", 1, 1),
        ("OUT", 1, 1),
    }
    assert all(len(line["hash"]) == 64 and len(line["page"]) == 64 for line in lines)


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError):
        call_command("close_day", "--day", "hier")


@pytest.mark.parametrize("day", ["2099-01-01", "today"])
def test_a_day_that_has_not_ended_is_refused_with_a_word(day: str) -> None:
    deposit()
    named = str(timezone.localdate()) if day == "today" else day
    with pytest.raises(CommandError) as told:
        call_command("close_day", "--day", named)
    assert told.value.returncode == 2
    assert named in str(told.value)
    assert not DailyClosing.objects.exists()

"""The register's commands speak JSON and exit codes that other programs rely on."""

import json
import re
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from django.utils.translation import override

from org.written_days import date_format, written_day
from registry.models.closings import DailyClosing
from registry.models.letters import Letter
from registry.problem_words import WORDS
from tests.factories import deposit

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]


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


def test_closing_tells_a_person_the_day_as_people_write_it(monkeypatch: pytest.MonkeyPatch) -> None:
    deposit()
    morrow, today = timezone.now() + timedelta(days=1), timezone.localdate()
    monkeypatch.setattr(timezone, "now", lambda: morrow)
    told = said("close_day")
    assert told.startswith(f"IN {date_format(today)}: 1–1 ")
    assert today.isoformat() not in told


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
    assert written_day(named, "DATE_FORMAT") in str(told.value)
    assert not DailyClosing.objects.exists()


def said(name: str, *arguments: str) -> str:
    """Return what a command says to a person."""
    out = StringIO()
    with suppress(SystemExit):
        call_command(name, *arguments, stdout=out)
    return out.getvalue()


def test_a_verification_is_told_in_the_language_of_the_office() -> None:
    letter = deposit().letter
    with override("fr"):
        assert said("verify_register", "--no-files") == "Le registre est intègre.\n"
        assert (
            said("verify_register", "--letter", letter.number) == "Ces courriers sont intègres.\n"
        )
        Letter.objects.filter(pk=letter.pk).update(subject="Autre chose")
        told = said("verify_register", "--no-files")
        assert told.startswith("Une ligne a été modifiée sans passer par le registre. [row_edited")
        assert letter.number in told
        with pytest.raises(CommandError, match="Aucun courrier ne porte le numéro 2026/IN/999999"):
            call_command("verify_register", "--letter", "2026/IN/999999")


def test_every_problem_that_a_verification_names_has_words() -> None:
    sources = [file for name in ("ledger", "registry") for file in (ROOT / name).rglob("*.py")]
    found = {
        code for file in sources for code in re.findall(r'Problem\(\s*"(\w+)"', file.read_text())
    }
    assert len(found) > 30
    assert found == set(WORDS)


def test_a_hold_is_told_in_the_language_of_the_office_and_hides_what_is_not_theirs() -> None:
    letter = deposit().letter
    given = (letter.number, "--as", "archives")
    with override("fr"):
        assert said("legal_hold", *given, "--place", "Litige") == "Le courrier est retenu.\n"
        assert said("legal_hold", *given, "--lift", "Jugé") == "La retenue est levée.\n"
        with pytest.raises(CommandError, match="n’est pas retenu"):
            call_command("legal_hold", *given, "--lift", "Jugé")
        for number in ("2026/IN/999999", letter.number):
            words = f"Aucun courrier {number} que admin puisse lire"
            with pytest.raises(CommandError, match=words) as refused:
                call_command("legal_hold", number, "--place", "x", "--as", "admin")
            assert refused.value.returncode == 2


def test_an_empty_reason_and_an_unknown_person_are_told_in_words() -> None:
    letter = deposit().letter
    with override("fr"):
        call_command("legal_hold", letter.number, "--place", "Litige", "--as", "archives")
        with pytest.raises(CommandError, match="Indiquez un motif"):
            call_command("legal_hold", letter.number, "--lift", "", "--as", "archives")
        with pytest.raises(CommandError, match="Aucune personne active n’a l’identifiant"):
            call_command("legal_hold", letter.number, "--lift", "Jugé", "--as", "nobody")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["--propose", "destroy"], "Indiquez au nom de qui"),
        (["--propose", "destroy", "--as", "amina", "--department", "NO"], "pas de service NO"),
        (["--do", "burn", "2026/EL/0001", "--as", "archives"], "review, approve, refuse, order"),
        (["--do", "review", "2026/EL/0001", "--as", "archives"], "Aucune liste 2026/EL/0001 que"),
    ],
)
def test_disposal_by_command_is_refused_in_words(line: list[str], words: str) -> None:
    with override("fr"), pytest.raises(CommandError, match=words) as refused:
        call_command("disposal_lists", *line)
    assert refused.value.returncode == 2

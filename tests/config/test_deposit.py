"""`manage deposit`: every file that was named is registered, or said not to be."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from registry.models.letters import Letter

pytestmark = pytest.mark.django_db


def deposited(*arguments: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("deposit", "--json", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def two_files(folder: Path) -> list[str]:
    paths = [folder / "a.txt", folder / "b.txt"]
    for number, path in enumerate(paths):
        path.write_text(f"Madame, Monsieur, lettre {number}")
    return [str(path) for path in paths]


def test_several_files_are_one_letter(tmp_path: Path) -> None:
    (line,) = deposited(*two_files(tmp_path))
    assert line["files"] == ["a.txt", "b.txt"]
    assert Letter.objects.get().documents.count() == 2


def test_each_file_is_a_letter_in_the_order_of_the_files(tmp_path: Path) -> None:
    lines = deposited("--each", *two_files(tmp_path))
    assert [line["files"] for line in lines] == [["a.txt"], ["b.txt"]]
    assert Letter.objects.count() == 2


def test_a_key_makes_a_repeated_deposit_harmless_for_each_of_its_files(tmp_path: Path) -> None:
    files = two_files(tmp_path)
    first = deposited("--each", "--key", "batch-7", *files)
    again = deposited("--each", "--key", "batch-7", *files)
    assert len({line["number"] for line in first}) == 2
    assert [line["number"] for line in again] == [line["number"] for line in first]
    assert Letter.objects.count() == 2


def test_a_key_with_another_file_is_refused_and_names_the_letter(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = two_files(tmp_path)
    (first,) = deposited("--key", "k", one)
    with pytest.raises(SystemExit) as ended:
        call_command("deposit", "--json", "--key", "k", other)
    error = json.loads(capsys.readouterr().out)["error"]
    assert ended.value.code == 2
    assert error["code"] == "other_content"
    assert first["number"] in error["message"]
    assert Letter.objects.count() == 1

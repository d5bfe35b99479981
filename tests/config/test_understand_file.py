"""`understand_file` answers in one shape, whatever the letter says, and refuses plainly."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from config.same_letters import same_letters
from config.understood import describe
from ocr.reading import PageReading, Reading, Word
from registry.doubles.index import Seen, print_of, write_print
from registry.models.letters import Letter
from tests.factories import deposit, text_file
from understanding.letters.understanding import understand_text

TEXT = (
    "Azemmour, le 4 mars 2026\nObjet : rappel\nV/Réf. : 2025/IN/4127\nN/Réf. : GT/7\n"
    "Je réclame 300 DH, réponse sous 15 jours.\nPJ : deux factures, un plan"
)


def reading_of(*texts: str) -> Reading:
    pages = []
    for number, text in enumerate(texts, start=1):
        lines = text.split("\n")
        words = tuple(
            Word(word, (0.1 * place, 0.1 * line, 0.1 * place + 0.1, 0.1 * line + 0.05))
            for line, written in enumerate(lines)
            for place, word in enumerate(written.split())
        )
        pages.append(PageReading(number, "text", language="fr", text=text, words=words))
    return Reading.of_pages(pages, engine="none")


def test_a_letter_is_told_fact_by_fact() -> None:
    reading = reading_of("page de garde de la lettre", TEXT)
    understood = understand_text(reading.text, language="fr", model=None)
    answer = describe(understood, reading=reading, language="fr")
    assert answer["document_date"] | {"score": 0, "reasons": []} == {
        "gregorian": "2026-03-04",
        "hijri": "1447-09-15",
        "text": "4 mars 2026",
        "score": 0,
        "reasons": [],
    }
    assert answer["external_references"] == ["GT/7"]
    assert answer["our_references"] == ["2025/IN/4127"]
    assert (answer["deadline"]["days"], answer["deadline"]["date"]) == (15, None)
    assert answer["amounts"] == [{"value": 300.0, "currency": "MAD", "text": "300 DH"}]
    assert answer["enclosures"] == {"named": ["deux factures", "un plan"], "count": 3}
    place = next(fact for fact in answer["facts"] if fact["field"] == "place")
    assert (place["value"], place["source"]["page"]) == ("Azemmour", 2)
    assert place["source"]["box"] == pytest.approx([0.0, 0.0, 0.1, 0.05])


def test_a_letter_that_says_nothing_has_every_key_and_no_guess() -> None:
    reading = reading_of("")
    answer = describe(understand_text("", language="", model=None), reading=reading, language="")
    assert answer["department"] == {"value": None, "score": 0.0, "reasons": []}
    assert answer["automatic"] is False
    assert answer["document_date"] is answer["deadline"] is answer["sender"]["name"] is None
    assert answer["external_references"] == answer["same_as"] == answer["facts"] == []


def test_a_missing_file_is_refused_in_plain_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        call_command("understand_file", tmp_path / "none.pdf", "--json")
    assert stopped.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.strip()


def same_as(path: Path, text: str) -> list[dict[str, object]]:
    path.write_text(text, encoding="utf-8")
    understood = understand_text(text, language="fr", model=None)
    return same_letters(path, reading_of(text), understood)


@pytest.mark.django_db
def test_a_file_that_the_office_has_is_told_by_its_number(tmp_path: Path) -> None:
    letter = deposit(files=[text_file(TEXT)]).letter
    write_print(letter.documents.get(), print_of(Seen(TEXT)))
    versions = list(Letter.objects.values_list("pk", "version"))
    (same,) = same_as(tmp_path / "x.txt", TEXT)
    assert (same["number"], same["score"], same["reasons"]) == (letter.number, 1.0, ["same_file"])
    assert same_as(tmp_path / "y.txt", "Tout autre chose, et rien de plus.") == []
    (quoted,) = same_as(tmp_path / "z.txt", f"V/Réf. : {letter.number}\nMa lettre attend.")
    assert (quoted["number"], quoted["reasons"]) == (letter.number, ["quotes_number"])
    assert list(Letter.objects.values_list("pk", "version")) == versions


def test_without_a_database_nothing_is_the_same_and_none_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a server's database is not made by asking")
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "none.sqlite3"))
    assert same_as(tmp_path / "x.txt", TEXT) == []
    assert not (tmp_path / "none.sqlite3").exists()


@pytest.mark.django_db
def test_tables_that_are_not_there_yet_are_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    def missing(*_: object, **__: object) -> None:
        raise OperationalError("no such table")

    monkeypatch.setattr("config.same_letters.find_same", missing)
    assert same_as(tmp_path / "x.txt", TEXT) == []

"""Spellings of one name meet, in Arabic and Latin letters; names that only look alike do not."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.fold import fold
from language.names import SAME, name_keys, name_likeness, neighbour_keys, pair_keys

TABLES = Path(__file__).parent / "names"
LETTERS = "abcdefghijklmnopqrstuvwxyzéïأإآابتثجحخدذرزسشصضطظعغفقكلمنهويىةءئؤ .-'"
names = st.text(alphabet=LETTERS, max_size=40)


def _rows(name: str) -> Iterator[list[str]]:
    for line in (TABLES / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield [form.strip() for half in line.split("|") for form in half.split(",")]


def _same(table: str) -> list[tuple[str, str]]:
    return [pair for row in _rows(table) for pair in itertools.combinations(row, 2)]


def _different(table: str) -> list[tuple[str, str]]:
    return [(row[0], row[1]) for row in _rows(f"{table}_different")]


@pytest.mark.parametrize(("table", "recall"), [("in_use", 0.98), ("held_out", 0.95)])
def test_spellings_of_one_name_meet_and_others_do_not(table: str, recall: float) -> None:
    same, different = _same(table), _different(table)

    met = sum(name_likeness(*pair) >= SAME for pair in same)
    wrong = [pair for pair in different if name_likeness(*pair) >= SAME]

    assert met / len(same) >= recall
    assert len(wrong) <= 0.02 * len(different), wrong


@pytest.mark.parametrize("table", ["in_use", "held_out"])
def test_spellings_of_one_name_share_a_key(table: str) -> None:
    same = _same(table)

    assert sum(bool(name_keys(a) & name_keys(b)) for a, b in same) / len(same) >= 0.96


def test_there_are_names_enough_to_tell() -> None:
    assert len([*_rows("in_use"), *_rows("held_out")]) >= 150
    assert len([*_different("in_use"), *_different("held_out")]) >= 100


@given(names, names)
def test_likeness_has_no_direction(one: str, other: str) -> None:
    assert name_likeness(one, other) == name_likeness(other, one)
    assert 0.0 <= name_likeness(one, other) <= 1.0


@given(names)
def test_a_name_is_like_itself_however_it_is_written(name: str) -> None:
    assert name_likeness(name, name) == (1.0 if fold(name).strip() else 0.0)


@given(names, names)
def test_folding_changes_neither_likeness_nor_keys(one: str, other: str) -> None:
    assert name_likeness(fold(one), other) == name_likeness(one, other)
    assert name_keys(fold(one)) == name_keys(one)


@given(names)
def test_keys_are_short_plain_texts(name: str) -> None:
    for key in name_keys(name) | pair_keys(name) | neighbour_keys(name):
        assert key.isascii()
        assert " " not in key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("محمد أمين العلوي", "ALAOUI Mohamed"),
        ("M. Hassan BENNANI", "Bennani Hasan"),
        ("Hassam Bennani", "Hassan Bennani"),
        ("Abderrahin Tahiri", "عبد الرحيم الطاهري"),
    ],
)
def test_order_middle_names_titles_and_a_misread_letter_are_forgiven(one: str, other: str) -> None:
    assert name_likeness(one, other) >= 0.8


def test_a_family_name_alone_is_not_a_person() -> None:
    assert name_likeness("Alaoui", "Mohamed Alaoui") < SAME


def test_a_misread_word_still_shares_the_key_of_its_neighbour() -> None:
    assert neighbour_keys("Karim Tahiri") & neighbour_keys("Karin Tahiri")
    assert not pair_keys("Karim Tahiri") & pair_keys("Karin Tahiri")

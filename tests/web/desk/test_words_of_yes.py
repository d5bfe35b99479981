"""Yes and no in tables: three languages are understood, and no other word is guessed at."""

from typing import Any

import pytest

from org.checking import yes_or_no
from org.errors import BadOrganisationError
from org.tables import import_table
from tests.factories import department, kind
from web.desk.administration.tables import TABLES

NAMED = {"name_ar": "اسم", "name_fr": "Nom"}
# A line of each table that has a column of yes and no, and the columns.
LINES: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "people": ({"username": "salma"}, ("active",)),
    "departments": ({"code": "NEW", **NAMED}, ("head_office",)),
    "kinds": ({"code": "new", **NAMED}, ("active",)),
    "number_formats": ({"pattern": "ABC/{serial}", "desk": "Bureau"}, ("active",)),
    "rules": (
        {"title": "Règle", "conditions": "[]"},
        ("active", "same_department", "automatic", "go_on"),
    ),
    "circuits": ({**NAMED, "steps": "1:signature:head"}, ("active",)),
    "deadlines": (
        {"kind": "enquiry", "days": "5", "unit": "working"},
        ("first_day_counts", "moves", "stop_ends_count", "active"),
    ),
    "calendar": ({"day": "2027-03-01", **NAMED}, ("confirmed", "exceptional")),
    "distribution": ({"name": "Liste", "departments": "EAU:action"}, ("active",)),
    "templates": (
        {"name": "Lettre", "language": "fr", "format": "text", "content": "Bonjour"},
        ("active",),
    ),
    "retention": ({"kind": "enquiry", "text_ar": "نص", "text_fr": "Texte"}, ("active",)),
    "processing": (
        {"code": "new", "ground": "law", "purpose_ar": "غرض", "purpose_fr": "But"},
        ("by_schedule", "active"),
    ),
    "targets": ({"measure": "in_term", "value": "90"}, ("active",)),
    "teams": ({"code": "NEW", **NAMED, "department": "EAU"}, ("active",)),
}
CASES = [(name, column) for name, (_line, columns) in LINES.items() for column in columns]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "column"), CASES)
def test_a_word_that_is_neither_is_refused_by_name(name: str, column: str) -> None:
    kind("enquiry")
    department("EAU")
    line = {**LINES[name][0], column: "peut-être"}
    table = f"{';'.join(line)}\n" + ";".join(line.values()) + "\n"
    report = import_table(TABLES[name][0], table, actor=None)
    assert not report.kept
    assert [one.words for one in report.wrong] == [f"{column}: Indiquez oui ou non."]


def test_no_table_with_such_a_column_is_left_out() -> None:
    switches = {"active", "head_office", "confirmed", "exceptional", "by_schedule"}
    assert {name for name, (table, _t) in TABLES.items() if switches & set(table.columns)} == {
        *LINES
    }


@pytest.mark.parametrize("word", ["oui", "Yes", "نعم", "1", " TRUE "])
def test_yes_in_three_languages(word: str) -> None:
    assert yes_or_no(word, "active", empty=False)


@pytest.mark.parametrize("word", ["non", "No", "لا", "0", "FALSE"])
def test_no_in_three_languages(word: str) -> None:
    assert not yes_or_no(word, "active")


@pytest.mark.parametrize("empty", [True, False])
def test_an_empty_cell_is_what_the_table_says(empty: Any) -> None:
    assert yes_or_no("  ", "active", empty=empty) is empty


def test_another_word_names_its_column() -> None:
    with pytest.raises(BadOrganisationError) as told:
        yes_or_no("vielleicht", "moves")
    assert list(told.value.problems) == ["moves"]

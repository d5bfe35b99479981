"""Tables as CSV: what a line would change is said, and no cell of it is lost."""

import pytest

from identity.people_table import PEOPLE
from org.models import User
from org.tables import BadTableError, Line, import_table

pytestmark = pytest.mark.django_db


@pytest.fixture
def ali(db: None) -> User:
    return User.objects.create(
        username="ali", first_name="Ali", last_name="Alaoui", email="ali@regie.example"
    )


def _looked(text: str) -> list[Line]:
    return import_table(PEOPLE, text, actor=None, dry_run=True).lines


def test_a_changed_line_says_what_it_would_change(ali: User) -> None:
    [line] = _looked("username;last_name;email\nALI;Bennani;ali@regie.example\n")
    assert line.outcome == "changed"
    assert line.words == "last_name\u00a0: \u2068Alaoui\u2069 → \u2068Bennani\u2069"


def test_a_new_line_and_an_unchanged_one_say_nothing_more(ali: User) -> None:
    lines = _looked("username;first_name;last_name\nali;Ali;Alaoui\nsara;Sara;Idrissi\n")
    assert [(line.outcome, line.words) for line in lines] == [("same", ""), ("new", "")]


def test_a_value_that_goes_says_so(ali: User) -> None:
    [line] = _looked("username,email\nali,\n")
    assert "\u2068ali@regie.example\u2069 → —" in line.words


def test_a_line_with_more_cells_than_the_heading_is_wrong(ali: User) -> None:
    lines = _looked("username;departments\nali;EAU:head;FIN\n")
    assert [line.outcome for line in lines] == ["wrong"]
    assert "titre" in lines[0].words


def test_empty_cells_beyond_the_heading_are_nothing(ali: User) -> None:
    assert _looked("username;last_name\nali;Alaoui;;\n")[0].outcome == "same"


def test_a_line_that_breaks_off_keeps_what_it_does_not_name(ali: User) -> None:
    report = import_table(PEOPLE, "username;last_name;email\nali;Idrissi", actor=None)
    assert report.kept
    ali.refresh_from_db()
    assert (ali.last_name, ali.email) == ("Idrissi", "ali@regie.example")


def test_a_heading_with_a_column_twice_is_refused(ali: User) -> None:
    with pytest.raises(BadTableError, match="email"):
        _looked("username;email;email\nali;a@regie.example;b@regie.example\n")


def test_what_a_colleague_changed_since_the_look_is_shown_first(ali: User) -> None:
    text = "username;last_name\nali;Bennani\nsara;Idrissi\n"
    seen = import_table(PEOPLE, text, actor=None, dry_run=True).replaces
    User.objects.filter(pk=ali.pk).update(last_name="Tazi")

    again = import_table(PEOPLE, text, actor=None, seen=seen)

    assert (again.kept, again.stale) == (False, True)
    assert "Tazi" in again.lines[0].words
    ali.refresh_from_db()
    assert ali.last_name == "Tazi"
    assert not User.objects.filter(username="sara").exists()
    assert import_table(PEOPLE, text, actor=None, seen=again.replaces).kept


def test_what_stands_beside_the_table_is_no_change_of_its_rows(ali: User) -> None:
    text = "username;last_name\nali;Bennani\n"
    seen = import_table(PEOPLE, text, actor=None, dry_run=True).replaces
    User.objects.create(username="omar", first_name="Omar", last_name="Filali")
    assert import_table(PEOPLE, text, actor=None, seen=seen).kept

"""On whose behalf a command works, and what it reports of a table."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils.translation import override

from org.models import User
from org.table_command import actor_of

pytestmark = pytest.mark.django_db


def test_the_actor_of_a_command_is_an_active_person(amina: User, badr: User) -> None:
    User.objects.filter(pk=badr.pk).update(is_active=False)
    assert actor_of("") is None
    assert actor_of("amina") == amina
    for name in ("badr", "nobody", "am\udcffina"):  # an argument need not be text
        with pytest.raises(CommandError) as refused:
            actor_of(name)
        assert refused.value.returncode == 2
        assert str(refused.value).encode()  # can be told


@pytest.mark.parametrize(
    ("language", "outcome", "kept", "written_not"),
    [
        ("fr", "nouveau", "Toutes sont enregistrées.", "Rien n’a été enregistré."),
        ("ar", "جديد", "حُفظت كلّها.", "لم يُحفظ شيء."),
        ("en", "new", "All are kept.", "Nothing was written."),
    ],
)
def test_the_report_of_a_table_speaks_the_offices_language(
    tmp_path: Path, language: str, outcome: str, kept: str, written_not: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("username,first_name,last_name,duty\nsalma,Salma,Idrissi,clerk\n")
    with override(language):
        tried, taken = StringIO(), StringIO()
        call_command("people", "--import", str(file), "--dry-run", stdout=tried)
        call_command("people", "--import", str(file), stdout=taken)
        assert f"2\t{outcome}\tsalma\n" in taken.getvalue()
        assert tried.getvalue().endswith(f" {written_not}\n")
        assert taken.getvalue().endswith(f" {kept}\n")


def test_what_is_no_table_is_told_in_the_offices_language(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name\nsalma\n")
    with pytest.raises(CommandError, match="Ce n’est pas un tableau") as refused:
        call_command("people", "--import", str(file))
    assert refused.value.returncode == 2

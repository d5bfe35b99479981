"""Registers and their number patterns: what would repeat a number is refused."""

import pytest

from org.errors import BadOrganisationError
from org.models import OrgChange, User
from org.tables import export_table, import_table
from registry.book.registers import REGISTERS, preview, save_register
from registry.models.letters import Letter
from registry.models.registers import Register
from tests.factories import deposit

pytestmark = pytest.mark.django_db
NAMES = {"name_ar": "سجل الواردات", "name_fr": "Registre d'arrivée"}


def test_a_new_pattern_is_for_the_numbers_to_come(admin: User) -> None:
    before = deposit().letter
    row = Register.objects.get(code="IN")

    save_register({**NAMES, "pattern": "BO-{serial:04d}/{year}"}, actor=admin, register=row)
    after = deposit().letter

    assert after.number == f"BO-{after.serial:04d}/{after.year}"
    assert after.serial == before.serial + 1
    assert Letter.objects.get(pk=before.pk).number == before.number
    change = OrgChange.objects.get(key="IN")
    assert change.before["pattern"] == "{year}/{register}/{serial:06d}"


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "{year}",
        "{serial}",
        "{year}/{serial}/{serial}",
        "{year}/{serial",
        "{year}/{serial}/{secret}",
        "{year.real}/{serial}",
        "{year!r}/{serial}",
        "{year:>9999}/{serial}",
        "{year}/{serial:>9999}",
        "{year}/{serial:999999999}",
        "{year}/{serial:{year}}",
        "{0}/{year}/{serial}",
        "<b>{year}/{serial}</b>",
        "{year}/{serial}" + "x" * 55,
        "{year}/OUT/{serial:06d}",  # as the outgoing register writes them
    ],
)
def test_a_pattern_that_is_of_no_use_is_refused(pattern: str, admin: User) -> None:
    with pytest.raises(BadOrganisationError) as told:
        save_register(
            {**NAMES, "pattern": pattern}, actor=admin, register=Register.objects.get(code="IN")
        )
    assert "pattern" in told.value.problems


def test_a_number_that_a_letter_has_is_not_given_again(admin: User) -> None:
    row = Register.objects.get(code="IN")
    letter = deposit().letter
    Letter.objects.filter(pk=letter.pk).update(number=f"{letter.year}-{letter.serial + 1}")
    with pytest.raises(BadOrganisationError):
        save_register({**NAMES, "pattern": "{year}-{serial}"}, actor=admin, register=row)


def test_numbers_are_shown_before_they_are_given() -> None:
    (first, second) = preview("{register}/{year}/{serial:03d}", code="IN", serials=[1, 12])
    assert first.startswith("IN/")
    assert first.endswith("/001")
    assert second.endswith("/012")


def test_what_is_exported_comes_back_as_it_was() -> None:
    report = import_table(REGISTERS, export_table(REGISTERS), actor=None)
    assert report.kept
    assert report.count("same") == Register.objects.count()


def test_the_direction_of_a_register_stays() -> None:
    report = import_table(REGISTERS, "code,direction\nIN,out\n", actor=None)
    assert [line.outcome for line in report.lines] == ["wrong"]

"""Registers that are succeeded on a day: another name, other numbers; what was, stays."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from language.numerals import registry_number_key
from org.errors import BadOrganisationError
from org.models import OrgChange, User
from registry.book.closing import draw_page
from registry.book.registers import save_register
from registry.book.versions import face_on
from registry.following import incoming_letter
from registry.models.letters import Letter
from registry.models.registers import Register, RegisterVersion
from tests.factories import api_key, close_so_far, deposit
from tests.registry.papers import text_of_pdf

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
NEW = {"name_ar": "سجل الوارد الجهوي", "name_fr": "Registre de la Société régionale"}
NEW |= {"name_en": "Register of the regional company", "pattern": "SR/{year}/{serial:05d}"}


@pytest.fixture
def incoming(db: None) -> Register:
    return Register.objects.get(code="IN")


@pytest.fixture
def day() -> date:
    return timezone.localdate() + timedelta(days=40)


def at_noon_of(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = timezone.make_aware(datetime.combine(day, time(12)))
    monkeypatch.setattr(timezone, "now", lambda: moment)


def test_the_register_is_another_from_its_day_on(
    incoming: Register, day: date, admin: User, amina: User, client_as: Browser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    before = incoming.name_fr
    old = deposit(actor=amina, subject="Avant la succession").letter
    (closing,) = close_so_far()[-1:]
    save_register(NEW, actor=admin, register=incoming, valid_from=day)
    assert deposit(actor=amina, subject="Encore avant").letter.number.startswith(old.number[:5])

    at_noon_of(day - timedelta(days=1), monkeypatch)
    assert "SR/" not in deposit(actor=amina, subject="La veille").letter.number
    at_noon_of(day, monkeypatch)
    new = deposit(actor=amina, subject="Le jour même").letter
    assert new.number == f"SR/{day.year}/{new.serial:05d}"
    incoming.refresh_from_db()
    assert incoming.name_fr == NEW["name_fr"]
    assert face_on(incoming, day - timedelta(days=1)).name_fr != NEW["name_fr"]
    old.refresh_from_db()
    assert not old.number.startswith("SR/")
    call_command("verify_register", stdout=io.StringIO())
    found = client_as("amina").get("/search/", {"q": old.number})
    assert str(old.pk) in found.headers.get("Location", "") + found.content.decode()
    page = text_of_pdf(draw_page(closing), "-layout")  # of a day before, drawn anew after it
    assert before in page
    assert NEW["name_fr"] not in page


def test_pages_and_books_of_before_keep_their_name(
    incoming: Register, day: date, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = incoming.name_fr
    save_register(NEW, actor=admin, register=incoming)  # at once
    assert face_on(incoming, timezone.localdate() - timedelta(days=1)).name_fr == old
    assert face_on(incoming).name_fr == NEW["name_fr"]
    again = NEW | {"name_fr": "Troisième", "pattern": "T-{year}-{serial}"}
    save_register(again, actor=admin, register=incoming, valid_from=day)
    assert face_on(incoming).name_fr == NEW["name_fr"]
    at_noon_of(day + timedelta(days=3), monkeypatch)
    assert face_on(incoming).name_fr == "Troisième"
    assert face_on(incoming, day - timedelta(days=1)).name_fr == NEW["name_fr"]


def test_what_is_to_come_is_planned_seen_and_withdrawn_on_the_page(
    incoming: Register, day: date, client_as: Browser
) -> None:
    browser, address = client_as("admin"), f"/administration/registers/{incoming.pk}/"
    form = NEW | {"valid_from": day.isoformat()}
    seen = browser.post(address, form | {"preview": "1"}).content.decode()
    assert f"SR/{day.year}/" in seen
    assert not RegisterVersion.objects.exists()
    page = browser.post(address, form, follow=True).content.decode()
    assert "Changements à venir" in page
    assert OrgChange.objects.get(action="planned").after["valid_from"] == day.isoformat()
    assert NEW["name_fr"] in browser.get("/administration/registers/").content.decode()
    version = RegisterVersion.objects.get(valid_from=day)
    browser.post(f"{address}versions/{version.pk}/withdraw/")
    assert not RegisterVersion.objects.filter(valid_from=day).exists()
    assert OrgChange.objects.filter(action="withdrawn", key="IN").exists()


def test_what_has_begun_is_not_withdrawn(
    incoming: Register, admin: User, client_as: Browser
) -> None:
    save_register(NEW, actor=admin, register=incoming)
    version = RegisterVersion.objects.get(valid_from=timezone.localdate())
    client_as("admin").post(
        f"/administration/registers/{incoming.pk}/versions/{version.pk}/withdraw/"
    )
    assert RegisterVersion.objects.filter(pk=version.pk).exists()


def test_the_api_and_the_table_tell_what_is_to_come(
    incoming: Register, day: date, admin: User, tmp_path: Any
) -> None:
    save_register(NEW, actor=admin, register=incoming, valid_from=day)
    headers = {"authorization": f"Token {api_key('badr')}"}
    rows = Client().get("/api/v1/registers", headers=headers).json()["registers"]
    told = next(row for row in rows if row["code"] == "IN")
    assert told["upcoming"] == [NEW | {"valid_from": day.isoformat()}]
    assert told["pattern"] == incoming.pattern
    out = io.StringIO()
    call_command("registers", "--export", stdout=out)
    lines = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert [row["valid_from"] for row in lines if row["code"] == "IN"] == ["", day.isoformat()]
    later = day + timedelta(days=10)
    table = tmp_path / "registers.csv"
    table.write_text(f"code,name_fr,valid_from\nIN,Plus tard,{later.isoformat()}\n")
    call_command("registers", "--import", str(table), stdout=io.StringIO())
    assert face_on(incoming, later).name_fr == "Plus tard"
    assert face_on(incoming, later).pattern == NEW["pattern"]


@pytest.mark.parametrize(
    ("values", "days", "field"),
    [
        ({}, -1, "valid_from"),
        ({"pattern": "{serial}"}, 40, "pattern"),
        ({"pattern": "{year}/OUT/{serial:06d}"}, 40, "pattern"),
        ({"name_fr": ""}, 40, "name_fr"),
    ],
)
def test_what_cannot_be_is_refused(
    incoming: Register, admin: User, values: dict[str, str], days: int, field: str
) -> None:
    day = timezone.localdate() + timedelta(days=days)
    with pytest.raises(BadOrganisationError) as refused:
        save_register(NEW | values, actor=admin, register=incoming, valid_from=day)
    assert field in refused.value.problems
    assert not RegisterVersion.objects.exists()


def test_two_registers_never_come_to_write_the_same_numbers(
    incoming: Register, day: date, admin: User
) -> None:
    save_register(NEW, actor=admin, register=incoming, valid_from=day)
    other = Register.objects.get(code="OUT")
    with pytest.raises(BadOrganisationError):
        save_register(
            {**NEW, "name_fr": "Autre"}, actor=admin, register=other,
            valid_from=day + timedelta(days=5),
        )  # fmt: skip


def test_a_letter_is_found_by_the_word_that_its_pattern_writes(amina: User) -> None:
    Register.objects.filter(code="IN").update(pattern="BO/{year}/{serial:05d}")
    letter = deposit(actor=amina).letter
    year = letter.number.split("/")[1]
    assert letter.number == f"BO/{year}/00001"
    for written in (letter.number, f"bo {year} 1", f"{year}-BO-00001"):
        key = registry_number_key(written)
        assert key
        assert Letter.objects.numbered(key).get() == letter
    assert not Letter.objects.numbered(f"{year}/OUT/1").exists()
    assert Letter.objects.numbered(f"{year}/IN/1").get() == letter
    assert incoming_letter(letter.number) == letter

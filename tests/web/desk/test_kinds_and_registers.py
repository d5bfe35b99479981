"""Kinds and registers on their pages, as tables by command, and as codes over the API."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from org.errors import BadOrganisationError
from org.models import LetterKind, User
from registry.book.registers import save_register
from registry.models.letters import Letter
from registry.models.number_formats import KnownFormat
from registry.models.registers import Register
from tests.factories import api_key, deposit, person

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
HOME = "/administration/"
NAMES = {"name_ar": "شهادة", "name_fr": "Attestation"}


def test_a_kind_is_created_and_taken_out_of_use(browser: Browser) -> None:
    client = browser("admin")
    fields = {**NAMES, "code": "attestation", "position": "20", "active": "on"}
    assert client.post(f"{HOME}kinds/new/", fields).status_code == 303
    row = LetterKind.objects.get(code="attestation")

    assert client.post(f"{HOME}kinds/{row.pk}/", {**NAMES, "position": "20"}).status_code == 303

    assert not LetterKind.objects.get(code="attestation").active
    assert "Attestation" in client.get(f"{HOME}kinds/").content.decode()
    assert client.post(f"{HOME}kinds/new/", {**fields, "code": "A B"}).status_code == 422


def test_a_register_is_previewed_and_kept(browser: Browser) -> None:
    client, row = browser("admin"), Register.objects.get(code="IN")
    page = f"{HOME}registers/{row.pk}/"
    fields = {"name_ar": row.name_ar, "name_fr": row.name_fr, "pattern": "{year}-{serial:04d}"}

    seen = client.post(page, {**fields, "preview": "1"})
    assert "-0001" in seen.content.decode()
    assert Register.objects.get(code="IN").pattern != fields["pattern"]
    assert client.post(page, fields).status_code == 303
    assert Register.objects.get(code="IN").pattern == fields["pattern"]
    assert client.post(page, {**fields, "pattern": "{serial}"}).status_code == 422
    new = {**NAMES, "code": "MC", "direction": "in", "pattern": "{year}/{register}/{serial}"}
    assert client.post(f"{HOME}registers/new/", new).status_code == 303
    assert "MC" in client.get(f"{HOME}registers/").content.decode()


def test_a_register_goes_on_in_mid_year_with_its_next_number(browser: Browser) -> None:
    client, row = browser("admin"), Register.objects.get(code="IN")
    page = f"{HOME}registers/{row.pk}/"
    fields = {"name_ar": row.name_ar, "name_fr": row.name_fr, "pattern": row.pattern}

    seen = client.post(page, {**fields, "first": "4472", "preview": "1"}).content.decode()
    assert "004472" in seen
    assert "004473" in seen
    assert client.post(page, {**fields, "first": "4472"}).status_code == 303
    page_after = client.get(page).content.decode()
    assert 'value="4472"' in page_after
    assert "Premier numéro indiqué" in page_after
    number = deposit().letter.number

    assert number.endswith("/004472")
    assert 'name="first"' not in client.get(page).content.decode()
    late = client.post(page, {**fields, "first": "5000"})
    assert late.status_code == 422
    assert "déjà été attribués" in late.content.decode()
    book = browser("audit").get("/register/anomalies/").content.decode()
    assert "4472 – 4472" in book
    assert "incomplet" not in book


def test_the_first_number_is_said_by_command_too() -> None:
    told = io.StringIO()
    call_command("begin_register", "IN", "4472", stdout=told)
    assert "004472" in told.getvalue()
    deposit()
    for code, first in (("IN", "5000"), ("PV", "5"), ("XX", "5"), ("OUT", "0")):
        with pytest.raises(CommandError):
            call_command("begin_register", code, first)
    with pytest.raises(CommandError, match="Il n’y a pas de registre au code"):
        call_command("begin_register", "XX", "5")
    client = APIClient()
    client.force_authenticate(person("amina"))
    found = client.get("/api/v1/registers").json()["registers"]
    rows = {row["code"]: row["first_serial"] for row in found}
    assert (rows["IN"], rows["OUT"]) == (4472, 1)


def test_a_format_of_numbers_is_kept_tried_and_retired(browser: Browser) -> None:
    client, page = browser("admin"), f"{HOME}number_formats/"
    fields = {"pattern": "{serial}/م.ض/{year}", "desk": "مكتب الضبط", "active": "on"}
    assert client.post(f"{page}new/", fields).status_code == 303
    tried = client.get(page, {"number": "١٢٣٤/م.ض/٢٠٢٦"}).content.decode()
    assert "1234/م.ض/2026" in tried
    row = KnownFormat.objects.get()
    retired = {name: fields[name] for name in ("pattern", "desk")}
    assert client.post(f"{page}{row.pk}/", retired).status_code == 303
    assert "1234/م.ض/2026" not in client.get(page, {"number": "٢/م.ض/٢٠٢٦"}).content.decode()
    assert len(client.get(f"{page}{row.pk}/").context["changes"]) == 2
    assert client.post(f"{page}new/", fields).status_code == 422


TABLES = ["people", "departments", "kinds", "registers", "deadlines", "calendar", "distribution"]
TABLES += ["circuits", "templates", "retention", "number_formats"]


@pytest.mark.parametrize("name", TABLES)
def test_tables_go_out_and_in_by_command(name: str, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command(name, export=True, stdout=out)
    file = tmp_path / "table.csv"
    file.write_text(out.getvalue(), encoding="utf-8")

    told = io.StringIO()
    call_command(name, source=str(file), stdout=told)

    assert "nouvelles\u00a0: 0\u00a0; modifiées\u00a0: 0" in told.getvalue()
    with pytest.raises(CommandError) as refused:
        call_command(name, source=str(tmp_path / "none.csv"))
    assert refused.value.returncode == 2
    file.write_text("salary\n1\n", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command(name, source=str(file))
    file.write_text("code,username,name_fr\n" if name == "x" else "", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command(name, source=str(file))


def test_a_wrong_line_ends_the_command_with_one(tmp_path: Path) -> None:
    file, out = tmp_path / "kinds.csv", io.StringIO()
    file.write_text("code,name_fr\nx y,Rien\n", encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        call_command("kinds", source=str(file), stdout=out)
    assert ended.value.code == 1
    assert "2\terroné\tx y" in out.getvalue()
    assert "Rien n’a été enregistré" in out.getvalue()


def test_codes_are_read_over_the_api_without_addresses() -> None:
    client = APIClient()
    client.force_authenticate(person("badr"))

    units = client.get("/api/v1/departments", {"limit": "2"}).json()
    assert len(units["departments"]) == 2
    more = client.get("/api/v1/departments", {"cursor": units["next_cursor"]}).json()
    assert {"EAU", "SI"} <= {row["code"] for row in more["departments"]}
    people = client.get("/api/v1/people", {"q": "lahlou"})
    assert people.json()["people"][0]["departments"] == {"EAU": "member"}
    assert "sijill.example" not in people.content.decode()
    assert {"IN", "OUT"} <= {r["code"] for r in client.get("/api/v1/registers").json()["registers"]}
    assert client.get("/api/v1/kinds").json()["kinds"]
    assert client.get("/api/v1/circuits").json() == {"circuits": [], "next_cursor": ""}
    assert client.get("/api/v1/people", {"search": "rubbish"}).status_code == 400
    assert APIClient().get("/api/v1/people").status_code == 401


def test_a_new_register_takes_deposits_at_the_desk_and_over_the_api(
    browser: Browser, admin: User
) -> None:
    names = {"name_ar": "الشكايات", "name_fr": "Réclamations", "name_en": "Complaints"}
    given = {**names, "code": "REC", "direction": "in", "pattern": "{year}/{register}/{serial:05d}"}
    save_register(given, actor=admin)
    client = browser("amina")
    assert "Réclamations (REC)" in client.get("/deposit/").content.decode()
    fields = {"channel": "counter", "register": "REC", "message": "Fuite", "confidentiality": "0"}
    assert client.post("/deposit/", fields).status_code == 303
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Token {api_key('amina')}")
    made = api.post("/api/v1/letters", {"message": "Fuite", "register": "REC"})
    assert made.status_code == 201, made.content
    year = timezone.localdate().year
    numbers = Letter.objects.filter(register__code="REC").order_by("number")
    assert [row.number for row in numbers] == [f"{year}/REC/00001", f"{year}/REC/00002"]


@pytest.mark.parametrize("code", ["OUT", "NO", "", "x" * 40])
def test_nothing_is_deposited_into_another_register(db: None, code: str) -> None:
    api = APIClient()
    api.credentials(HTTP_AUTHORIZATION=f"Token {api_key('amina')}")
    answer = api.post("/api/v1/letters", {"message": "Fuite", "register": code}, format="json")
    assert answer.status_code == (201 if code == "" else 400), answer.content


@pytest.mark.parametrize("direction", ["out", "minutes"])
def test_a_second_register_that_nothing_goes_into_is_refused(admin: User, direction: str) -> None:
    names = {"name_ar": "سجل", "name_fr": "Registre"}
    given = {**names, "code": "X", "direction": direction, "pattern": "{year}-{register}-{serial}"}
    if not Register.objects.filter(direction=direction).exists():
        save_register({**given, "code": "Y"}, actor=admin)
    with pytest.raises(BadOrganisationError) as refused:
        save_register(given, actor=admin)
    assert list(refused.value.problems) == ["direction"]

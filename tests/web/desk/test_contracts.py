"""Contracts for staff: who sees them, how they are found, holders, imports by the page."""

import io
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from eservices.contracts import imports, meter_lines
from eservices.contracts.contract_lines import ContractRow
from eservices.contracts.models import Contract, Holder, ImportPart, ImportRun
from eservices.relations.models import CustomerView
from org.models import Membership, User
from tests.eservices.contracts.contracts import (
    CONTRACT_HEADER,
    a_contract,
    a_meter,
    a_person,
    held_by,
    imported,
    table,
)
from tests.eservices.contracts.test_imports import FATIMA, OMAR
from tests.eservices.relations.centre import agent
from tests.factories import department, drain, person
from web.desk.contracts.words import COLUMNS, change_words

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def cashier() -> Client:
    """Return the browser of somebody in finance."""
    user, _new = User.objects.get_or_create(username="ilham", defaults={"duty": "member"})
    Membership.objects.get_or_create(user=user, department=department("FIN"), role="member")
    return _of(user)


def _of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    "words",
    ["0010001", "10 001", "w-77", "+212 661 23 45 67", "F.Bennis@exemple.ma", "bennis FATIMA",
     "بنيس", "fatima"],
)  # fmt: skip
def test_a_contract_is_found_by_what_is_known(browser: Browser, words: str) -> None:
    facts = {"phone": "0661234567", "email": "f.bennis@exemple.ma"}
    a_meter(a_contract("0010001", **facts), "W-0077".replace("00", ""))
    a_contract("20002", customer_name="Omar Alaoui")
    page = browser("amina").get("/contracts/", {"q": words}).content.decode()
    assert "Fatima Bennis" in page
    assert "Omar" not in page
    assert "Fatima" not in browser("amina").get("/contracts/", {"q": "zzz"}).content.decode()


def test_a_name_is_found_as_the_last_import_has_it(browser: Browser, tmp_path: Path) -> None:
    imported("import_contracts", table(tmp_path, FATIMA, OMAR))
    imported("import_contracts", table(tmp_path, FATIMA.replace("Bennis", "Chraibi")))
    office = browser("amina")
    assert "0010001" in office.get("/contracts/?q=chraibi").content.decode()
    assert "0010001" not in office.get("/contracts/?q=bennis").content.decode()
    assert "10002" in office.get("/contracts/?q=alaoui").content.decode()


def test_the_page_of_a_contract_shows_all_and_who_looked(browser: Browser) -> None:
    contract = a_contract(status="suspended")
    a_meter(contract, last_index=4711)
    held_by(a_person(), contract)
    office = browser("amina")
    page = office.get("/contracts/1000001/").content.decode()
    for words in ("Fatima Bennis", "4711", "fatima@exemple.ma", "Settat"):
        assert words in page
    assert CustomerView.objects.get().customer == "contract:1000001"
    assert office.get("/contracts/999/").status_code == 404
    assert office.get("/contracts/?from=rubbish").status_code == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"values": {"status": ["active", "closed"]}, "columns": ["status"]}, "Actif → Résilié"),
        ({"values": {"closed_on": ["", "2026-12-01"]}}, "— → 01/12/2026"),
        ({"meter": "W-7", "columns": ["service", "digits"]}, "W-7 · Service, Nombre de chiffres"),
        ({"columns": ["city", "access_hash", "other"]}, "Ville, Code imprimé sur la facture"),
        ({}, ""),
    ],
)
def test_changes_are_told_in_words(data: dict[str, Any], words: str) -> None:
    with override("fr"):
        assert change_words(data) == words


def test_every_column_of_an_import_has_its_word() -> None:
    unsaid = {
        "number",
        "number_key",
        "email_key",
        "phone_key",
    }  # what never changes, and what finds it
    assert set(ContractRow.__slots__) - set(COLUMNS) <= unsaid
    assert set(meter_lines._FACTS) - set(COLUMNS) <= meter_lines._READ


def test_who_has_no_business_with_contracts_sees_none(browser: Browser) -> None:
    a_contract()
    run = imports.keep_for_import("contracts", io.BytesIO(b""), "x.csv", by=None)
    paths = ("/contracts/", "/contracts/1000001/", "/imports/", f"/imports/{run.pk}/",
             f"/imports/{run.pk}/refused.csv")  # fmt: skip
    for path in paths:
        assert browser("badr").get(path).status_code == 403, path
        assert Client().get(path).status_code == 302, path
    centre = _of(agent())
    assert centre.get("/contracts/1000001/").status_code == 200
    assert centre.get("/imports/").status_code == 403
    assert cashier().get("/imports/").status_code == 200
    assert browser("badr").post("/contracts/1000001/holders/", {}).status_code == 403
    assert cashier().post("/contracts/1000001/holders/", {}).status_code == 403


def test_an_archivist_reads_letters_and_no_customers(browser: Browser) -> None:
    a_contract()
    for path in ("/contracts/", "/contracts/1000001/", "/bills/", "/readings/"):
        assert browser("audit").get(path).status_code == 200, path
        assert browser("archives").get(path).status_code == 403, path
    said = browser("archives").get("/search/").content.decode()
    for path in ("/contracts/", "/bills/", "/readings/"):
        assert f'href="{path}"' not in said, path


def test_staff_add_a_holder_whose_paper_they_saw_and_end_one(browser: Browser) -> None:
    contract, salma = a_contract(), a_person()
    office, path = browser("amina"), "/contracts/1000001/holders/"
    assert office.post(path, {"contact": "nobody@exemple.ma", "seen": "yes"}).status_code == 422
    assert office.post(path, {"contact": "fatima@exemple.ma"}).status_code == 422
    given = {"contact": "Fatima@Exemple.ma", "seen": "yes"}
    assert office.post(path, given).status_code == 303
    holding = Holder.objects.get()
    assert (holding.person, holding.contract, holding.proof) == (salma, contract, "staff")
    assert holding.proven_by == person("amina")
    assert office.post(f"{path}{holding.pk}/end/").status_code == 303
    assert office.post(f"{path}{holding.pk}/end/").status_code == 404
    assert not Holder.objects.filter(ended_at=None).exists()


def upload(client: Client, text: str, **given: str) -> ImportRun:
    """Send a file by the page and return its run, once the job has taken it."""
    file = SimpleUploadedFile("contrats.csv", text.encode())
    answer = client.post("/imports/new/", {"kind": "contracts", "file": file, **given})
    assert answer.status_code == 303, answer.content.decode()
    drain("contracts.import")
    return ImportRun.objects.latest("started_at")


def test_a_file_is_imported_by_the_page_and_forgotten(browser: Browser) -> None:
    client = cashier()
    run = upload(client, f"{CONTRACT_HEADER}\n{FATIMA}\n{OMAR}\nbad\n")
    assert (run.lines, run.new, run.refused, run.waiting) == (3, 2, 1, False)
    assert run.by is not None
    assert not ImportPart.objects.exists()
    page = client.get(f"/imports/{run.pk}/").content.decode()
    assert "contrats.csv" in page
    assert ">4<" in page.replace("\n", "").replace(" ", "")
    table_ = b"".join(client.get(f"/imports/{run.pk}/refused.csv")).decode()
    assert table_.splitlines()[1].startswith("4;")
    assert "contrats.csv" in client.get("/imports/?kind=contracts").content.decode()
    assert "contrats.csv" not in client.get("/imports/?kind=bills").content.decode()
    assert browser("amina").get("/imports/").status_code == 403


def test_a_look_by_the_page_changes_nothing_and_another_file_says_why() -> None:
    client = cashier()
    assert upload(client, f"{CONTRACT_HEADER}\n{FATIMA}\n", dry_run="1").new == 1
    assert not Contract.objects.exists()
    run = upload(client, "number;name\n1;2\n")
    assert run.problem == "columns"
    said = client.get(f"/imports/{run.pk}/").content.decode()
    assert "customer_name" in said
    assert "access_code\u00a0; colonnes inconnues\u00a0: name." in said
    workbook = SimpleUploadedFile("x.xlsx", b"PK\x03\x04\x14\x00\x06\x00\xff\n")
    client.post("/imports/new/", {"kind": "contracts", "file": workbook})
    drain("contracts.import")
    assert ImportRun.objects.latest("started_at").problem == "workbook"
    assert client.post("/imports/new/", {"kind": "contracts"}).status_code == 422
    assert not ImportPart.objects.exists()


def test_the_first_line_of_each_table_is_told_and_is_the_one_that_is_taken() -> None:
    client = cashier()
    page = unescape(client.get("/imports/").content.decode())
    told = re.findall(r'<code class="break" dir="ltr">([^<]+)</code>', page)
    assert len(told) == len(imports.kinds()) == 4
    for kind, line in zip(dict(imports.kinds()), told, strict=True):
        run = upload(client, f"{line}\n", kind=kind)
        assert (run.problem, run.lines) == ("", 0), kind


def test_what_was_chosen_of_a_refused_file_stays() -> None:
    answer = cashier().post("/imports/new/", {"kind": "meters", "dry_run": "1"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert '<option value="meters" selected>' in page
    assert re.search(r'name="dry_run"\s+value="1"\s+checked', page)


def test_an_import_that_was_cut_off_is_begun_anew() -> None:
    text = f"{CONTRACT_HEADER}\n{FATIMA}\nbad\n".encode()
    run = imports.keep_for_import("contracts", io.BytesIO(text), "x.csv", by=None)
    for _again in range(2):
        imports.import_work(str(run.pk), lambda _done, _all: None)
    imports.import_ended(str(run.pk), None)
    run.refresh_from_db()
    assert (run.lines, run.same, run.refused) == (2, 1, 1)
    assert run.refusals.count() == 1
    imports.import_work(str(run.pk), lambda _done, _all: None)
    assert run.refusals.count() == 1


def test_a_file_in_parts_is_read_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "PART", 7)
    text = f"{CONTRACT_HEADER}\n{FATIMA}\n{OMAR}\n".encode()
    run = imports.keep_for_import("contracts", io.BytesIO(text), "x.csv", by=None)
    assert ImportPart.objects.count() > 10
    imports.import_work(str(run.pk), lambda _done, _all: None)
    run.refresh_from_db()
    assert (run.new, run.refused) == (2, 0)


def test_the_list_takes_as_many_queries_for_many(browser: Browser) -> None:
    office, counts = browser("amina"), []
    office.get("/contracts/")
    for more in (range(2), range(2, 60)):
        for number in more:
            a_contract(f"30000{number:02d}")
        with CaptureQueriesContext(connection) as queries:
            page = office.get("/contracts/").content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "from=" in page


def test_the_centre_finds_customers_by_their_contract() -> None:
    a_meter(a_contract(phone="0661234567", address="12, rue des Orangers"), "W-77")
    centre = _of(agent())
    for words in ("1000001", "W77", "0661234567", "Fatima Bennis"):
        answer = centre.get("/centre/", {"q": words})
        reached = answer.get("Location", "") + answer.content.decode()
        assert "/centre/customer/contract/1000001/" in reached, words
    page = centre.get("/centre/customer/contract/1000001/").content.decode()
    assert "12, rue des Orangers" in page
    assert "/contracts/1000001/" in page
    assert centre.get("/centre/customer/contract/999/").status_code == 404


def test_the_centre_sees_the_contracts_of_a_person() -> None:
    salma = a_person()
    held_by(salma, a_contract("5000005"))
    page = _of(agent()).get(f"/centre/customer/person/{salma.pk}/").content.decode()
    assert "/contracts/5000005/" in page

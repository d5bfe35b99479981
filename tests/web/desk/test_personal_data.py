"""Pages of personal data: a person found, printed, corrected; the record of processing."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pikepdf
import pytest
from django.test import Client
from django.utils import timezone

from eservices.privacy import officers, rectifying
from eservices.privacy.models import Officer, Printout, Rectification
from eservices.privacy.printing import PrintoutRequest, ask_printout
from org.models import OrgChange, Processing, User
from tests.eservices.contracts.contracts import a_contract
from tests.eservices.privacy.subjects import MAIL, NAME, PHONE, Subject, salma, secret
from tests.factories import drain, person

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
RECORD = "/administration/processing/"


@pytest.fixture
def subject(own_data_dir: Path, settings: Any) -> Subject:
    settings.EXPORT_DIR = own_data_dir / "exports"
    return salma()


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_a_person_is_found_and_everything_is_printed(subject: Subject, browser: Browser) -> None:
    boss = browser("direction")
    page = f"/personal-data/of/person/{subject.person.pk}/"
    assert page in words(boss, f"/personal-data/?q={PHONE}")
    assert NAME in words(boss, page)
    wrong = boss.post(f"{page}print/", {"reason": "", "letter": "1/2/3"})
    assert wrong.status_code == 422
    assert not Printout.objects.exists()
    given = {"reason": "CIN vue au guichet", "letter": subject.letter.number, "language": "fr"}
    assert boss.post(f"{page}print/", given).headers["Location"] == "/personal-data/print-outs/"
    assert "Attend son tour" in words(boss, "/personal-data/print-outs/")
    drain("search.export")
    listed = words(boss, "/personal-data/print-outs/")
    assert "CIN vue au guichet" in listed
    made = Printout.objects.get()
    fetched = f"/search/exports/{made.export_id}/file/"
    assert fetched in listed
    body = b"".join(boss.get(fetched).streaming_content)  # type: ignore[attr-defined]
    assert {"data.pdf", "data.json"} <= set(ZipFile(io.BytesIO(body)).namelist())
    assert fetched not in words(browser("audit"), "/personal-data/print-outs/")


def test_a_clerk_records_and_the_director_decides(subject: Subject, browser: Browser) -> None:
    clerk, boss = browser("amina"), browser("direction")
    page = f"/personal-data/of/contact/{subject.contact.pk}/"
    assert f"{page}print/" not in words(clerk, page)
    assert clerk.post(f"{page}print/", {"reason": "x"}).status_code == 403
    wrong = clerk.post(f"{page}rectify/", {"what": "letter", "wanted": "x"})
    assert wrong.status_code == 422
    assert clerk.post(f"{page}rectify/", {"what": "name", "wanted": "Salma Z."}).status_code == 303
    row = Rectification.objects.get()
    one = f"/personal-data/rectifications/{row.pk}/"
    assert "Salma Z." in words(clerk, "/personal-data/rectifications/")
    assert f"{one}accept/" not in words(clerk, one)
    assert clerk.post(f"{one}accept/").status_code == 403
    assert f"{one}accept/" in words(boss, one)
    boss.post(f"{one}accept/")
    subject.contact.refresh_from_db()
    assert subject.contact.name == "Salma Z."
    boss.post(f"{one}answer/", {"words": "Courrier du jour"})
    assert "Courrier du jour" in words(boss, one)
    assert "Salma Z." not in words(boss, "/personal-data/rectifications/")
    assert "Salma Z." in words(boss, "/personal-data/rectifications/?all=yes")


def test_printing_asks_who_it_is(subject: Subject) -> None:
    boss = Client()
    boss.force_login(person("direction"))
    address = f"/personal-data/of/person/{subject.person.pk}/print/"
    assert boss.post(address, {"reason": "x"}).status_code == 401
    assert not Printout.objects.exists()


def test_looking_at_a_person_is_on_record(subject: Subject, browser: Browser) -> None:
    from eservices.relations.models import CustomerView

    words(browser("direction"), f"/personal-data/of/person/{subject.person.pk}/")
    assert CustomerView.objects.filter(customer=subject.key, viewer=person("direction")).exists()


def test_nobody_of_that_name_is_not_found(browser: Browser) -> None:
    for address in ("of/contact/999999/", "of/person/x/", "of/thing/1/", "rectifications/9/"):
        assert browser("direction").get(f"/personal-data/{address}").status_code == 404


def test_a_clerk_who_was_not_appointed_finds_nobody(subject: Subject, browser: Browser) -> None:
    clerk, entry = browser("amina"), f"/personal-data/of/contact/{subject.contact.pk}/"
    assert NAME not in words(clerk, f"/personal-data/?q={PHONE}")
    for key in (f"person/{subject.person.pk}", f"contract/{subject.contract.number_key}"):
        assert clerk.get(f"/personal-data/of/{key}/").status_code == 403
        given = {"what": "name", "wanted": "x"}
        assert clerk.post(f"/personal-data/of/{key}/rectify/", given).status_code == 403
    told = words(clerk, entry)
    assert NAME in told
    assert [one for one in (PHONE[1:], MAIL, "7700001") if one in told] == []
    officers.appoint(person("amina"), actor=None)
    assert NAME in words(clerk, f"/personal-data/?q={PHONE}")
    assert MAIL in words(clerk, entry)


def test_the_page_of_a_rectification_opens_whatever_the_key(browser: Browser) -> None:
    boss = browser("direction")
    key = a_contract("\u0645\u0627\u0621-8800", customer_name="Youssef Bennis").number_key
    assert not key.isascii()
    asked = rectifying.CorrectionRequest(
        subject=f"contract:{key}", what="name", wanted="Youssef B."
    )
    for subject in (f"contract:{key}", "contract:a/b c"):
        row = rectifying.record(asked, actor=person("direction"))
        Rectification.objects.filter(pk=row.pk).update(subject=subject)
        assert "Youssef B." in words(boss, f"/personal-data/rectifications/{row.pk}/")
    assert "Youssef Bennis" in words(boss, f"/personal-data/of/contract/{key}/")


def test_what_is_overdue_is_marked_on_the_page_of_the_person(
    subject: Subject, browser: Browser
) -> None:
    asked = rectifying.CorrectionRequest(subject=subject.key, what="name", wanted="Salma Z.")
    row = rectifying.record(asked, actor=person("direction"))
    page, boss = f"/personal-data/of/person/{subject.person.pk}/", browser("direction")
    assert 'class="tag warn"' not in words(boss, page)
    before = timezone.localdate() - timedelta(days=1)
    Rectification.objects.filter(pk=row.pk).update(due_on=before)
    assert 'class="tag warn"' in words(boss, page)


def test_numbers_of_letters_are_for_who_may_read_them(subject: Subject, browser: Browser) -> None:
    hidden, boss = secret(subject), browser("direction")
    asked = rectifying.CorrectionRequest(
        subject=subject.key, what="letter", wanted="x", letter=hidden, about=hidden
    )
    row = rectifying.record(asked, actor=person("direction"))
    given = PrintoutRequest(subject=subject.key, reason="Sa demande", letter=hidden)
    ask_printout(given, actor=person("direction"))
    pages = ("/personal-data/print-outs/", f"/personal-data/rectifications/{row.pk}/")
    for page in pages:
        assert hidden.number in words(boss, page)
    User.objects.filter(username="direction").update(clearance=0)
    for page in pages:
        assert hidden.number not in words(boss, page)


def test_the_record_begins_with_what_the_software_processes(browser: Browser) -> None:
    admin = browser("admin")
    admin.post(f"{RECORD}usual/")
    assert Processing.objects.count() == 10
    admin.post(f"{RECORD}usual/")
    assert Processing.objects.count() == 10
    assert "annuaire des correspondants" in words(admin, RECORD)


def test_a_row_is_changed_with_its_history(browser: Browser) -> None:
    from org.processing import written

    admin = browser("admin")
    admin.post(f"{RECORD}usual/")
    row = Processing.objects.get(code="contacts")
    given = {name: value for name, value in written(row).items() if value not in (None, False)}
    answer = admin.post(f"{RECORD}{row.pk}/", {**given, "cndp": "D-GC-12/2026"})
    assert answer.status_code == 303, answer.content.decode()
    row.refresh_from_db()
    assert row.cndp == "D-GC-12/2026"
    change = OrgChange.objects.filter(noun="processing", key=str(row.pk)).first()
    assert change is not None
    assert change.after == {"cndp": "D-GC-12/2026"}
    assert "D-GC-12/2026" in words(admin, f"{RECORD}{row.pk}/")
    refused = admin.post(f"{RECORD}{row.pk}/", {**given, "purpose_fr": ""})
    assert refused.status_code == 422


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_record_is_a_paper_and_a_table(browser: Browser, language: str) -> None:
    admin = browser("admin")
    admin.post(f"{RECORD}usual/")
    answer = admin.get(f"{RECORD}record.pdf", headers={"accept-language": language})
    assert answer.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) >= 2
    table = admin.get("/administration/tables/processing/file/").content.decode()
    assert table.count("\n") >= 11


def test_an_administrator_appoints_who_answers_for_data(browser: Browser) -> None:
    admin = browser("admin")
    admin.post(f"{RECORD}officers/", {"person": "amina", "what": "appoint"})
    assert Officer.objects.get(ended_at=None).person == person("amina")
    admin.post(f"{RECORD}officers/", {"person": "badr", "what": "appoint"})
    assert Officer.objects.count() == 1
    admin.post(f"{RECORD}officers/", {"person": "amina", "what": "end"})
    assert not Officer.objects.filter(ended_at=None).exists()

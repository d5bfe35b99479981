"""The customer-relations centre over HTTP: rights, a call in one form, double sends, look-ups."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from eservices.people.models import Mandate, PersonEvent
from eservices.relations.callbacks import CallbackData, ask_callback
from eservices.relations.models import CallbackTask, ContactMoment, CustomerView, ShiftNote
from eservices.requests.models import Request
from org.columns import indexed
from org.models import Department
from registry import tracking
from tests.eservices.relations.centre import agent, asked, called, citizen
from tests.factories import department
from web.desk.centre.forms import opened_now

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]
PAGES = (
    *("/centre/", "/centre/callbacks/", "/centre/late/", "/centre/shift/", "/centre/figures/"),
    "/centre/figures/figures.csv",
)


@pytest.fixture
def hind(client_as: Browser) -> Client:
    agent()
    return client_as("hind")


def call(**said: Any) -> dict[str, Any]:
    """A filled form, as the page sends it."""
    given = {
        "phone": "0661234567", "name": "Ali Tazi", "subject": "Facture", "result": "answered",
        "channel": "phone", "language": "ar", "form_key": str(uuid4()), "opened": opened_now(),
    }  # fmt: skip
    return given | said


def test_only_the_centre_director_and_auditor_come_in(client_as: Browser, hind: Client) -> None:
    refused = {name: client_as(name) for name in ("chafik", "badr", "admin", "amina")}
    welcome = {name: client_as(name) for name in ("direction", "audit")} | {"hind": hind}
    for address in PAGES:
        for name, client in (refused | welcome).items():
            expected = 403 if name in refused else 200
            assert client.get(address).status_code == expected, (name, address)


def test_who_reads_the_centre_logs_nothing(client_as: Browser) -> None:
    for name in ("direction", "audit", "chafik", "badr"):
        assert client_as(name).post("/centre/log/", call()).status_code == 403
    assert not ContactMoment.objects.exists()


def test_where_there_is_a_department_crc_it_alone_is_the_centre(client_as: Browser) -> None:
    agent()
    Department.objects.create(code="CRC", name_ar="م", name_fr="Relation", name_en="Relations")
    agent("crc", code="CRC")
    assert client_as("hind").get("/centre/").status_code == 403
    assert client_as("crc").get("/centre/").status_code == 200


def test_the_menu_leads_to_the_centre(client_as: Browser, hind: Client) -> None:
    assert 'href="/centre/"' in hind.get("/inbox/").content.decode()
    assert 'href="/centre/"' not in client_as("badr").get("/inbox/").content.decode()


def test_a_call_is_logged_by_one_form_and_its_double_is_not(hind: Client) -> None:
    page = hind.get("/centre/?q=0661234567").content.decode()
    assert 'value="0661234567"' in page  # the number searched for stands in the form
    form = call(result="callback", seconds=4)
    for _time in range(2):
        answer = hind.post("/centre/log/", form)
        assert answer.status_code == 303
    row = ContactMoment.objects.get()
    assert answer.headers["Location"] == f"/centre/customer/call/{row.pk}/"
    assert (row.seconds, row.phone_key, row.agent.username) == (1, indexed("0661234567"), "hind")
    assert CallbackTask.objects.get().moment == row
    page = hind.get(answer.headers["Location"]).content.decode()
    assert page.count("Facture") >= 2


def test_an_empty_form_comes_back_with_what_is_missing(hind: Client) -> None:
    answer = hind.post("/centre/log/", call(subject="", notes="Longue histoire"))
    assert answer.status_code == 422
    assert "Longue histoire" in answer.content.decode()
    answer = hind.post("/centre/log/", call(result="callback", phone=""))
    assert answer.status_code == 422
    assert not ContactMoment.objects.exists()


def test_a_number_opens_its_customer_at_once(hind: Client) -> None:
    someone = citizen("Salma Idrissi", "0612000001")
    asked(someone, contract_number="778899")
    answer = hind.get("/centre/?q=0612000001")
    assert answer.status_code == 302
    page = hind.get(answer.headers["Location"]).content.decode()
    for words in ("Salma Idrissi", "778899", "fuite, coupure"):
        assert words in page
    assert "Salma Idrissi" in hind.get("/centre/?q=سلمى الإدريسي").content.decode()


def test_a_look_is_on_record_and_told_on_the_page(hind: Client) -> None:
    row = called(phone="0661234567").moment
    for _time in range(2):
        hind.get(f"/centre/customer/call/{row.pk}/")
    look = CustomerView.objects.get()
    assert (look.customer, look.viewer.username, look.times) == (f"call:{row.pk}", "hind", 2)


def test_a_customer_that_is_none_is_not_there(hind: Client) -> None:
    for name in (f"call/{uuid4()}", "call/x", "person/1", f"ghost/{uuid4()}", "contact/99999"):
        assert hind.get(f"/centre/customer/{name}/").status_code == 404


def test_a_confidential_request_is_not_shown(hind: Client) -> None:
    someone = citizen("Salma", "0612000001")
    request = asked(someone)
    type(request.letter).objects.filter(pk=request.letter_id).update(confidentiality=1)
    page = hind.get(f"/centre/customer/person/{someone.pk}/").content.decode()
    assert request.letter.number not in page


def test_a_confidential_request_names_nobody(hind: Client) -> None:
    request = asked(name="Témoin Caché", phone="0677889900", contract_number="445566")
    customer = f"/centre/customer/request/{request.pk}/"
    assert "Témoin Caché" in hind.get(customer).content.decode()
    type(request.letter).objects.filter(pk=request.letter_id).update(confidentiality=1)
    for words in (request.letter.number, "445566"):
        answer = hind.get("/centre/", {"q": words})
        assert answer.status_code == 200
        assert "Témoin Caché" not in answer.content.decode()
        assert "0677889900" not in answer.content.decode()
    assert hind.get(customer).status_code == 404


def test_a_page_of_a_customer_takes_as_many_queries_for_many_rows(hind: Client) -> None:
    someone = citizen("Salma", "0612000001")

    def queries() -> int:
        with CaptureQueriesContext(connection) as told:
            assert hind.get(f"/centre/customer/person/{someone.pk}/").status_code == 200
        return len(told)

    asked(someone)
    called(phone="0612000001")
    ask_callback(CallbackData("0612000001", "Rappel"), actor=agent())
    queries()
    few = queries()
    for _n in range(9):
        asked(someone)
        called(phone="0612000001")
        ask_callback(CallbackData("0612000001", "Rappel"), actor=agent())
    assert queries() <= few + 1  # one more: the requests beyond the list, to choose from
    assert few <= 40


def test_a_call_back_is_taken_tried_and_done(hind: Client) -> None:
    task = ask_callback(CallbackData("0661234567", "Facture"), actor=agent())
    address = f"/centre/callbacks/{task.pk}"
    assert hind.post(f"{address}/take/").status_code == 303
    assert "show=mine" in hind.get("/centre/callbacks/").content.decode()
    assert hind.post(f"{address}/try/", {"tried": 0, "reached": "no"}).status_code == 303
    hind.post(f"{address}/try/", {"tried": 0, "reached": "no"})  # sent again
    task.refresh_from_db()
    assert (task.tried, task.done_at) == (1, None)
    hind.post(f"{address}/try/", {"tried": 1, "reached": "yes", "remark": "Satisfait"})
    task.refresh_from_db()
    assert (task.tried, task.reached) == (2, True)
    assert "Satisfait" in hind.get("/centre/callbacks/?show=done").content.decode()


def test_a_unit_sees_its_own_call_backs_alone(client_as: Browser, hind: Client) -> None:
    ask_callback(CallbackData("0661000001", "Du centre"), actor=agent())
    unit = department("EAU")
    task = ask_callback(CallbackData("0661000002", "De l’eau", unit=unit), actor=agent())
    badr = client_as("badr")
    page = badr.get("/centre/callbacks/").content.decode()
    assert "De l’eau" in page
    assert "Du centre" not in page
    assert re.search(r"Ouverts? <b>1</b>|<b>1</b>", page)
    other = CallbackTask.objects.exclude(pk=task.pk).get()
    assert badr.post(f"/centre/callbacks/{other.pk}/take/").status_code == 404
    assert badr.post(f"/centre/callbacks/{task.pk}/take/").status_code == 303
    assert client_as("chafik").post(f"/centre/callbacks/{task.pk}/take/").status_code == 403
    assert client_as("direction").post(f"/centre/callbacks/{task.pk}/take/").status_code == 403


def test_a_queue_goes_on_beyond_its_page(hind: Client) -> None:
    for n in range(35):
        ask_callback(CallbackData(f"06610000{n:02}", f"Rappel {n}."), actor=agent())
    page = hind.get("/centre/callbacks/").content.decode()
    following = re.search(r'href="(\?show=open[^"]*from=[^"]*)"', page)
    assert following
    assert "<b>35</b>" in page
    rest = hind.get("/centre/callbacks/" + following.group(1).replace("&amp;", "&"))
    seen = set(re.findall(r"Rappel (\d+)\.", page + rest.content.decode()))
    assert len(seen) == 35


def test_a_request_is_opened_in_the_callers_name_once(hind: Client) -> None:
    row = called(phone="0661234567", name="Ali Tazi").moment
    customer = f"call:{row.pk}"
    page = hind.get(f"/centre/request/?q=fuite d'eau&customer={customer}").content.decode()
    assert "/centre/request/complaint_water/" in page
    page = hind.get(f"/centre/request/complaint_water/?customer={customer}").content.decode()
    assert 'value="Ali Tazi"' in page
    key = re.search(r'name="form_key" value="([^"]+)"', page)
    opened = re.search(r'name="opened" value="([^"]+)"', page)
    assert key
    assert opened
    form = {
        "customer": customer, "name": "Ali Tazi", "phone": "0661234567", "language": "ar",
        "channel": "phone", "form_key": key.group(1), "opened": opened.group(1),
        "a-danger": "no", "a-problem": "leak", "a-where_leaks": "street",
        "a-description": "الماء يسيل", "a-place": "12, rue des Orangers",
    }  # fmt: skip
    wrong = hind.post("/centre/request/complaint_water/", form | {"a-description": ""})
    assert wrong.status_code == 422
    assert "12, rue des Orangers" in wrong.content.decode()
    assert not Request.objects.exists()
    for _time in range(2):
        answer = hind.post("/centre/request/complaint_water/", form)
        assert answer.status_code == 303
    request = Request.objects.get()
    assert (request.letter.channel, request.language) == ("phone", "ar")
    opener, sender = request.opened_by, request.letter.sender
    assert opener
    assert sender
    assert (opener.username, sender.name) == ("hind", "Ali Tazi")
    assert ContactMoment.objects.get(request=request).result == "request"
    page = hind.get(answer.headers["Location"]).content.decode()
    assert request.letter.number in page
    assert tracking.code_of(request.letter_id) in page  # to be read out to the caller


def test_a_request_is_opened_by_the_callers_mandate(hind: Client) -> None:
    caller, owner = citizen("Omar Idrissi", "0661234567"), citizen("Salma Alami", "0661000000")
    facts = {"agent": caller, "principal": owner, "made_at": timezone.now()}
    row = Mandate.objects.create(**facts, contracts=["1000001"], confirmed_at=timezone.now())
    ended = Mandate.objects.create(**facts, until="2020-01-01", confirmed_at=timezone.now())
    address = "/centre/request/meter_check/"
    page = hind.get(f"{address}?customer=person:{caller.pk}").content.decode()
    assert f'value="{row.pk}"' in page
    assert "Salma Alami" in page
    assert str(ended.pk) not in page
    assert (
        'name="mandate"' not in hind.get(f"{address}?customer=person:{owner.pk}").content.decode()
    )
    form = {
        "customer": f"person:{caller.pk}", "name": "Omar Idrissi", "phone": "0661234567",
        "language": "fr", "channel": "counter", "form_key": str(uuid4()), "opened": opened_now(),
        "a-contract": "1000002", "a-energy": "water", "a-problem": "fast", "a-when": "any",
        "a-place": "Settat", "mandate": str(row.pk),
    }  # fmt: skip
    assert hind.post(address, form).status_code == 422  # for another contract
    assert hind.post(address, form | {"mandate": str(ended.pk)}).status_code == 422
    assert not Request.objects.exists()
    assert hind.post(address, form | {"a-contract": "1000001"}).status_code == 303
    request = Request.objects.get()
    assert (request.person, request.on_behalf_of, request.mandate) == (caller, owner, row)
    told = PersonEvent.objects.get(person=owner, kind="mandate_used")
    assert told.data["letter"] == request.letter.number


def test_answers_are_searched_on_the_page_itself(hind: Client) -> None:
    page = hind.get("/centre/?know=attendant équipe fuite").content.decode()
    assert "Fermez le robinet" in page


def test_a_late_request_is_listed_with_its_department(hind: Client, client_as: Browser) -> None:
    today = timezone.localdate()
    late = asked(citizen("Salma", "0612000001"), stage_due_on=today - timedelta(days=3))
    asked(stage_due_on=today)
    waiting = asked(stage_due_on=today - timedelta(days=3), kind="waiting_citizen")
    page = hind.get("/centre/late/").content.decode()
    assert late.letter.number in page
    assert "3 jours de retard" in page
    assert waiting.letter.number not in page
    assert late.letter.number in hind.get("/centre/late/?unit=EAU").content.decode()
    assert late.letter.number not in hind.get("/centre/late/?unit=COM").content.decode()


def test_a_note_is_handed_over_once(hind: Client, client_as: Browser) -> None:
    assert hind.post("/centre/shift/note/", {"text": ""}).status_code == 422
    hind.post("/centre/shift/note/", {"text": "Coupure à Hay Salam jusqu’à 22 h"})
    note = ShiftNote.objects.get()
    assert note.left["callbacks"] == 0
    hind.post(f"/centre/shift/{note.pk}/take/")  # not by its author
    note.refresh_from_db()
    assert note.taken_at is None
    agent("omar")
    omar = client_as("omar")
    assert "Coupure à Hay Salam" in omar.get("/centre/shift/").content.decode()
    omar.post(f"/centre/shift/{note.pk}/take/")
    note.refresh_from_db()
    assert note.taken_by
    assert note.taken_by.username == "omar"
    assert client_as("direction").post("/centre/shift/note/", {"text": "x"}).status_code == 403


def test_figures_are_shown_and_taken_along(hind: Client) -> None:
    called(phone="0661234567", waited=30)
    called(phone="0661234567", result="callback")
    page = hind.get("/centre/figures/").content.decode()
    assert page.count("<svg") >= 3
    table = hind.get("/centre/figures/figures.csv").content.decode()
    assert "contacts,incoming,2" in table
    assert "waiting_seconds,median,30" in table
    assert hind.get("/centre/figures/?since=x&until=2026-13-40").status_code == 200


@pytest.mark.parametrize("address", ["/centre/late/", "/centre/callbacks/", "/centre/figures/"])
def test_lists_take_as_many_queries_for_many_rows(hind: Client, address: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as told:
            assert hind.get(address).status_code == 200
        return len(told)

    def fill(count: int) -> None:
        for n in range(count):
            asked(stage_due_on=timezone.localdate() - timedelta(days=2))
            called(phone=f"066123400{n}", result="callback")

    fill(1)
    queries()
    few = queries()
    fill(8)
    assert queries() <= few
    assert few <= 40

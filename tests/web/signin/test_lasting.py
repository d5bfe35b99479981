"""How long sessions last, as pages are told: of staff, and what citizens have open."""

import html
import json
import re
import time
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from eservices.people.models import PersonSession
from org.models import User
from tests.eservices.bills.bills import a_bill
from tests.eservices.citizens import citizen
from tests.factories import deposit
from tests.web.portal.test_bills import with_code
from tests.web.portal.test_follow import login
from tests.web.portal.test_service_form import LEAK, Citizen
from tests.web.signin.test_log_in import log_in
from web.portal import open_forms, visit
from web.portal.bills import proven
from web.portal.payment import session
from web.portal.space import session as space

pytestmark = pytest.mark.django_db


def shown_on(page: Any) -> dict[str, dict[str, Any]]:
    """Return what a page says of the sessions that it shows something of."""
    found = re.search(r'data-shown="([^"]*)"', page.content.decode())
    return dict(json.loads(html.unescape(found[1]))) if found else {}


def left(client: Client, query: str = "") -> dict[str, dict[str, Any]]:
    return dict(client.get(reverse("session_left") + query).json())


def age(client: Client, **values: Any) -> None:
    session = client.session
    session.update(values)
    session.save()


def test_a_page_knows_when_the_session_of_staff_ends(badr: User, settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES, settings.SESSION_HOURS = 30, 12
    browser = log_in("badr").browser
    told = shown_on(browser.get("/inbox/"))["staff"]
    assert 1700 < told["seconds"] <= 1800
    assert left(browser)["staff"]["whose"] == told["whose"]
    age(browser, signed_in_since=int(time.time()) - 12 * 3600 + 60)
    assert left(browser)["staff"]["seconds"] <= 60


def test_without_limits_no_end_is_told(badr: User, settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES = settings.SESSION_HOURS = 0
    assert shown_on(log_in("badr").browser.get("/inbox/"))["staff"]["seconds"] is None


def test_to_ask_keeps_nobody_in_but_who_works_there_stays(badr: User, settings: Any) -> None:
    settings.SESSION_IDLE_MINUTES = 30
    browser = log_in("badr").browser
    browser.get("/inbox/")
    age(browser, seen_at=int(time.time()) - 25 * 60)
    assert left(browser)["staff"]["seconds"] <= 300
    assert left(browser, "?here")["staff"]["seconds"] > 1700
    age(browser, seen_at=int(time.time()) - 31 * 60)
    assert left(browser, "?here") == {}


def test_whose_session_it_is_is_told_by_no_name(badr: User, dounia: User) -> None:
    one, other = (left(log_in(name).browser)["staff"]["whose"] for name in ("badr", "dounia"))
    assert one != other
    assert one == left(log_in("badr").browser)["staff"]["whose"]


def test_pages_for_everybody_have_nothing_to_hide(db: None) -> None:
    for name in ("portal:home", "account_login", "portal:follow", "portal:deposit"):
        assert shown_on(Client().get(reverse(name))) == {}
    assert left(Client()) == {}


def test_my_space_knows_its_end_and_who_works_there_stays(mailoutbox: Any) -> None:
    browser = citizen("salma@usager.example", mailoutbox)
    told = shown_on(browser.get("/my/"))[space.KEY]
    assert space.SECONDS - 60 < told["seconds"] <= space.SECONDS
    kept = browser.session[space.KEY]
    age(browser, **{space.KEY: {**kept, "seen": kept["seen"] - space.SECONDS + 100}})
    assert left(browser)[space.KEY]["seconds"] <= 100
    assert left(browser, "?here")[space.KEY] == {
        "whose": told["whose"],
        "seconds": pytest.approx(space.SECONDS, abs=5),
    }
    age(browser, **{space.KEY: {**kept, "since": kept["since"] - space.LONGEST - 1}})
    assert left(browser, "?here") == {}


def test_a_space_that_was_ended_elsewhere_is_open_no_more(mailoutbox: Any) -> None:
    browser = citizen("salma@usager.example", mailoutbox)
    PersonSession.objects.all().delete()
    assert left(browser) == {}


def test_what_is_open_without_an_account_knows_its_end() -> None:
    letter = login(deposit().letter)
    bills = Client()
    a_bill(with_code(), number="BILL-1")
    bills.post("/bills/duplicate/", {"contract": "1000001", "code": "AB12CD34"})
    payer = Client()
    payer.post("/pay/find/", {"number": "1000001", "code": "AB12CD34"})
    (contract,) = left(payer)
    asker = Citizen()
    asker.send("form/what", **LEAK)
    form = f"{open_forms.KEY}.complaint_water"
    for browser, path, kind, most in (
        (letter, "/follow/letter/", visit.KEY, visit.SECONDS),
        (bills, "/bills/duplicate/bills/", space.PROVEN, proven.SECONDS),
        (payer, "/pay/", contract, session.SECONDS),
        (asker.client, f"{asker.base}/form/place/", form, open_forms.SECONDS),
    ):
        told = shown_on(browser.get(path))
        assert set(told) == {kind}
        assert most - 60 < told[kind]["seconds"] <= most
        assert left(browser)[kind]["whose"] == told[kind]["whose"]
        assert kind not in shown_on(browser.get("/portal/deposit/"))


def test_what_may_be_paid_here_is_told_by_neither_contract_nor_order(settings: Any) -> None:
    settings.PAYMENT_URL = "nestpay://600:TEST%7C1234@bank.example/fim/est3Dgate"
    payer = Client()
    bill = a_bill(with_code(), number="BILL-1")
    payer.post("/pay/find/", {"number": "1000001", "code": "AB12CD34"})
    payer.post("/pay/", {"bill": bill.number})
    ids = [*payer.session[session.CONTRACTS], *payer.session[session.ATTEMPTS]]
    assert len(ids) == 2
    told = left(payer)
    state = payer.get("/pay/state/", {"order": ids[1]})
    shown = {**shown_on(payer.get("/pay/")), **shown_on(state)}
    assert shown.keys() == told.keys()
    assert sorted(kind.rpartition(".")[0] for kind in told) == sorted(space.PAYING)
    assert not [one for one in ids if any(kind.endswith(f".{one}") for kind in told)]


def visited(browser: Client, _outbox: Any) -> tuple[str, int]:
    login(deposit().letter, client=browser)
    return visit.KEY, visit.SECONDS


def bills_shown(browser: Client, _outbox: Any) -> tuple[str, int]:
    browser.post("/bills/duplicate/", {"contract": "1000001", "code": "AB12CD34"})
    return space.PROVEN, proven.SECONDS


def signed_in(browser: Client, outbox: Any) -> tuple[str, int]:
    citizen("salma@usager.example", outbox, client=browser)
    return space.KEY, space.SECONDS


@pytest.mark.parametrize("opened", [visited, bills_shown, signed_in])
def test_what_is_opened_later_ends_nothing_sooner(opened: Any, mailoutbox: Any) -> None:
    """A payment is shown for an hour, though what is opened after it lasts for half of one."""
    browser = Citizen()
    browser.send("form/what", **LEAK)
    a_bill(with_code(), number="BILL-1")
    payer = browser.client
    payer.post("/pay/find/", {"number": "1000001", "code": "AB12CD34"})
    age(payer, **{session.ATTEMPTS: {"order-1": int(time.time()) + session.SHOWN}})
    kind, most = opened(payer, mailoutbox)
    assert payer.session.get_expiry_age() == session.SHOWN
    told = left(payer)
    assert most - 60 < told[kind]["seconds"] <= most
    for longer in (open_forms.KEY, session.ATTEMPTS):
        (seconds,) = (one["seconds"] for name, one in told.items() if name.startswith(longer))
        assert seconds > 3600 - 60
    age(payer, **{kind: {**payer.session[kind], "until": time.time() - 1, "seen": 0}})
    assert kind not in left(payer)


def test_the_first_thing_opened_gives_a_session_its_end() -> None:
    browser = login(deposit().letter)
    assert browser.session.get_expiry_age() == visit.SECONDS
    browser.post("/pay/find/", {"number": with_code().number, "code": "AB12CD34"})
    assert browser.session.get_expiry_age() == session.SHOWN


def test_the_teams_sheet_stays_where_no_office_can_be_asked(amina: User) -> None:
    page = log_in("amina").browser.get("/field/")
    assert page.status_code == 200
    assert shown_on(page) == {}

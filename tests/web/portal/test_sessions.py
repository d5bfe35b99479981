"""A citizen's sessions, seen and ended, and the proof asked for before the ways in change."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.organisation import DEMO_PASSWORD
from eservices.people import sessions
from eservices.people.account import delete
from eservices.people.models import ElectronicIdentity, Mandate, OneTimeCode, PersonSession
from eservices.people.persons import add_contact
from tests.eservices.citizens import citizen, code_in, letter_of, person_of
from tests.eservices.office import published_type
from tests.factories import drain
from web.portal.space import session

pytestmark = pytest.mark.django_db
SALMA, THIEF = "salma@usager.example", "thief@voleur.example"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
Outbox = list[EmailMessage]


def at(agent: str, address: str) -> Client:
    """Return a browser that calls itself so, at this address."""
    return Client(headers={"user-agent": agent}, REMOTE_ADDR=address)


def grown_old(browser: Client, settings: Any) -> Client:
    """Return the browser, whose sign-in is longer ago than a proof holds."""
    kept = browser.session
    then = int(time.time()) - settings.CONFIRM_MINUTES * 60 - 1
    kept[session.KEY] = {**kept[session.KEY], "since": then, "proven": then}
    kept.save()
    return browser


def page(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


def test_ones_own_sessions_are_listed_with_browser_and_network(mailoutbox: Outbox) -> None:
    home = citizen(SALMA, mailoutbox, client=at(FIREFOX, "192.0.2.77"))
    citizen(SALMA, mailoutbox, client=at(CHROME, "2001:db8:7:1::5"))
    citizen(THIEF, mailoutbox, client=at(CHROME, "203.0.113.9"))
    shown = page(home, "/my/sessions/")
    for words in ("Firefox · Linux", "192.0.2.*", "Chrome · Android", "2001:db8:7:*"):
        assert words in shown
    assert "192.0.2.77" not in shown
    assert "203.0.113" not in shown
    assert shown.count('name="session"') == 2  # the other one, and all others
    kept = home.get("/my/data/copy.json").json()["sessions"]
    assert {row["browser"] for row in kept} == {"Firefox · Linux", "Chrome · Android"}


def test_an_ended_session_is_over_with_all_that_was_open_in_it(mailoutbox: Outbox) -> None:
    published_type("complaint_water")
    form = "/services/complaint_water/form/what/"
    letter = letter_of(SALMA)
    lost, home = citizen(SALMA, mailoutbox), citizen(SALMA, mailoutbox)
    lost.post(form, {"danger": "no", "problem": "leak", "description": "Chez moi, au 12."})
    lost.post("/my/open/", {"letter": str(letter.pk)})
    assert letter.number in page(lost, "/follow/letter/")
    assert "Chez moi, au 12." in page(lost, form)
    row = PersonSession.objects.get(key=lost.session.session_key)
    answer = home.post("/my/sessions/end/", {"session": str(row.pk)})
    assert (answer.status_code, answer["Location"]) == (303, "/my/sessions/")
    assert lost.get("/follow/letter/").status_code == 303
    assert "Chez moi, au 12." not in page(lost, form)
    assert lost.get("/my/")["Location"].startswith("/my/sign-in/")
    assert home.get("/my/").status_code == 200
    assert "Vous avez fermé une session" in page(home, "/my/history/")


@pytest.mark.parametrize("looks", [False, True])
def test_an_ended_session_takes_the_key_of_before_a_sending_with_it(
    mailoutbox: Outbox, looks: bool
) -> None:
    published_type("complaint_water")
    base = "/services/complaint_water"
    lost, home = citizen(SALMA, mailoutbox), citizen(SALMA, mailoutbox)
    leak = {"danger": "no", "problem": "leak", "description": "Fuite.", "where_leaks": "street"}
    lost.post(f"{base}/form/what/", leak)
    lost.post(f"{base}/form/place/", {"place": "12, rue des Orangers"})
    lost.post(f"{base}/pieces/")
    lost.post(f"{base}/contact/", {"name": "Salma", "email": SALMA, "tell": "none"})
    before = lost.cookies["sessionid"].value
    assert lost.post(f"{base}/check/")["Location"] == f"{base}/done/"
    now, thief = lost.cookies["sessionid"].value, Client()
    thief.cookies["sessionid"] = before
    if looks:  # as the browser does that got no answer, or who copied its key
        assert thief.get("/my/").status_code == 200
    home.post("/my/sessions/end/", {"session": "others"})
    assert not Session.objects.filter(pk=before).exists()
    kept = Session.objects.get(pk=now).get_decoded()
    assert not [name for name in kept if name.startswith("portal.")]
    assert thief.get("/my/")["Location"].startswith("/my/sign-in/")


def test_a_session_that_is_written_back_meanwhile_is_over_all_the_same(mailoutbox: Outbox) -> None:
    lost, home = citizen(SALMA, mailoutbox), citizen(SALMA, mailoutbox)
    kept = lost.session
    home.post("/my/sessions/end/", {"session": "others"})
    kept.save()  # a request of the other browser that began before
    assert lost.get("/my/").status_code == 303


def test_all_others_end_and_a_session_of_staff_beside_goes_on(mailoutbox: Outbox) -> None:
    beside = Client()
    beside.post("/login/", {"username": "amina", "password": DEMO_PASSWORD})
    for browser in (beside, Client()):
        citizen(SALMA, mailoutbox, client=browser)
    home = citizen(SALMA, mailoutbox)
    thief = citizen(THIEF, mailoutbox)
    home.post("/my/sessions/end/", {"session": "others"})
    assert list(person_of(SALMA).sessions.values_list("key", flat=True)) == [
        home.session.session_key
    ]
    assert beside.get("/my/").status_code == 303
    assert beside.get("/search/").status_code == 200
    assert thief.get("/my/").status_code == 200


def test_ending_a_session_that_is_over_begins_no_other(mailoutbox: Outbox) -> None:
    home, gone = citizen(SALMA, mailoutbox), citizen(SALMA, mailoutbox)
    gone.session.delete()  # by itself; the person's list still names it
    home.post("/my/sessions/end/", {"session": "others"})
    assert [one.pk for one in Session.objects.all()] == [home.session.session_key]


def test_nobody_ends_anothers_session_nor_this_one_there(mailoutbox: Outbox) -> None:
    browser, thief = citizen(SALMA, mailoutbox), citizen(THIEF, mailoutbox)
    row = person_of(SALMA).sessions.get()
    for who in (thief, browser):
        assert who.post("/my/sessions/end/", {"session": str(row.pk)}).status_code == 404
    assert thief.post("/my/sessions/end/", {"session": "x"}).status_code == 404
    assert browser.get("/my/").status_code == 200


def test_rows_follow_the_session_and_go_with_it(mailoutbox: Outbox) -> None:
    letter = letter_of(SALMA)
    browser = citizen(SALMA, mailoutbox)
    key, salma = browser.session.session_key, person_of(SALMA)
    browser.post("/my/open/", {"letter": str(letter.pk)})
    assert browser.session.session_key != key
    assert salma.sessions.get().key == browser.session.session_key
    browser.post("/my/leave/")
    assert not salma.sessions.exists()
    other = citizen(SALMA, mailoutbox)
    citizen(SALMA, mailoutbox)
    idle = timezone.now() - sessions.IDLE - timedelta(seconds=1)
    salma.sessions.filter(key=other.session.session_key).update(seen_at=idle)
    assert sessions.sessions_of(salma).count() == 1
    assert (sessions.forget_ended(), salma.sessions.count()) == (1, 1)
    delete(salma)
    assert not PersonSession.objects.exists()


def test_a_deleted_space_leaves_nothing_open_in_other_browsers(mailoutbox: Outbox) -> None:
    published_type("complaint_water")
    form = "/services/complaint_water/form/what/"
    lost, home = Client(), citizen(SALMA, mailoutbox)
    lost.post(form, {"danger": "no", "problem": "leak", "description": "Chez moi, au 12."})
    citizen(SALMA, mailoutbox, client=lost)
    assert "Chez moi, au 12." in page(lost, form)
    home.post("/my/data/delete/", {"sure": "yes"})
    assert not PersonSession.objects.exists()
    assert "Chez moi, au 12." not in page(lost, form)
    assert not [name for name in lost.session.keys() if name.startswith("portal.")]  # noqa: SIM118


@pytest.mark.parametrize(
    ("address", "told"),
    [("192.0.2.7", "192.0.2.*"), ("2001:db8:0:4::/64", "2001:db8:0:*"), ("unknown", "")],
)
def test_where_from_is_kept_roughly(address: str, told: str) -> None:
    assert sessions.network_of(address) == told


def test_an_old_session_alone_changes_no_way_in(mailoutbox: Outbox, settings: Any) -> None:
    browser = citizen(SALMA, mailoutbox)
    contact = add_contact(person_of(SALMA), "email", "deux@usager.example")
    other = citizen("deux@usager.example", mailoutbox)
    OneTimeCode.objects.all().delete()
    grown_old(browser, settings)
    for path, given in (
        ("/my/preferences/contact/", {"contact": THIEF}),
        ("/my/preferences/contact/remove/", {"contact": contact.pk}),
        ("/my/sessions/end/", {"session": "others"}),
        ("/my/data/delete/", {"sure": "yes"}),
    ):
        answer = browser.post(path, given)
        assert answer.status_code == 303
        assert answer["Location"].startswith("/my/confirm/?next=%2Fmy%2F"), path
    assert not OneTimeCode.objects.exists()
    assert person_of(SALMA).contacts.count() == 2
    assert other.get("/my/").status_code == 200
    shown = page(browser, "/my/preferences/")
    assert "/my/preferences/contact/" not in shown
    assert "/my/confirm/?next=/my/preferences/" in shown


def test_an_old_session_alone_lets_nobody_act_for_the_person(
    mailoutbox: Outbox, settings: Any
) -> None:
    """Neither by a mandate that it gives nor by one that was asked of it; ending needs no proof."""
    browser = citizen(SALMA, mailoutbox)
    held = {"contact": THIEF, "services": ["works_permit"], "contracts": "", "until": ""}
    assert browser.post("/my/mandates/give/", held).status_code == 303
    given = Mandate.objects.get()
    asked = Mandate.objects.create(
        principal=person_of(SALMA), agent=given.agent, asked_by=given.agent, made_at=given.made_at
    )
    grown_old(browser, settings)
    confirm = "/my/confirm/?next=%2Fmy%2Fmandates%2F"
    for path, told in (
        ("/my/mandates/give/", held),
        ("/my/mandates/decide/", {"mandate": str(asked.pk), "do": "confirm"}),
    ):
        answer = browser.post(path, told)
        assert answer.status_code == 303
        assert answer["Location"].startswith(confirm), path
    assert browser.get("/my/mandates/give/")["Location"].startswith(confirm)
    asked.refresh_from_db()
    assert asked.confirmed_at is None
    assert Mandate.objects.count() == 2
    assert browser.get("/my/mandates/ask/").status_code == 200  # which gives nobody a right
    browser.post("/my/mandates/decide/", {"mandate": str(given.pk), "do": "end"})
    given.refresh_from_db()
    assert given.revoked_at is not None


def test_a_code_to_a_present_contact_proves_it_again(mailoutbox: Outbox, settings: Any) -> None:
    browser = grown_old(citizen(SALMA, mailoutbox), settings)
    key = browser.session.session_key
    contact = person_of(SALMA).contacts.get()
    given = {"contact": contact.pk, "next": "/my/preferences/"}
    assert browser.post("/my/confirm/", given)["Location"] == "/my/confirm/code/"
    drain("code.send")
    assert mailoutbox[-1].to == [SALMA]
    assert browser.post("/my/confirm/code/", {"code": "BBBBBB"}).status_code == 422
    assert "/my/preferences/contact/" not in page(browser, "/my/preferences/")
    answer = browser.post("/my/confirm/code/", {"code": code_in(mailoutbox[-1])})
    assert (answer.status_code, answer["Location"]) == (303, "/my/preferences/")
    assert browser.session.session_key != key
    assert "/my/preferences/contact/" in page(browser, "/my/preferences/")
    answer = browser.post("/my/preferences/contact/", {"contact": "deux@usager.example"})
    assert answer["Location"] == "/my/preferences/contact/code/"
    assert "Vous avez confirmé par un code" in page(browser, "/my/history/")


def test_a_code_to_anothers_or_to_a_new_contact_proves_nothing(
    mailoutbox: Outbox, settings: Any
) -> None:
    citizen(THIEF, mailoutbox)
    browser = citizen(SALMA, mailoutbox)
    browser.post("/my/preferences/contact/", {"contact": "deux@usager.example"})
    drain("code.send")
    code = {"code": code_in(mailoutbox[-1])}
    grown_old(browser, settings)
    assert browser.post("/my/confirm/code/", code)["Location"] == "/my/confirm/"
    for contact in (person_of(THIEF).contacts.get().pk, "", "x"):
        assert browser.post("/my/confirm/", {"contact": contact}).status_code == 404
    assert "/my/preferences/contact/" not in page(browser, "/my/preferences/")


def test_after_the_proof_one_goes_on_to_pages_of_the_space_alone(
    mailoutbox: Outbox, settings: Any
) -> None:
    browser = grown_old(citizen(SALMA, mailoutbox), settings)
    contact = person_of(SALMA).contacts.get()
    browser.post("/my/confirm/", {"contact": contact.pk, "next": "//evil.example/"})
    drain("code.send")
    answer = browser.post("/my/confirm/code/", {"code": code_in(mailoutbox[-1])})
    assert answer["Location"] == reverse("portal:space")


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_page_offers_ones_contacts_in_three_languages(
    mailoutbox: Outbox, settings: Any, language: str
) -> None:
    settings.EID_URL = settings.EID_CLIENT_ID = settings.EID_SECRET = "https://eid.example"
    browser = citizen(SALMA, mailoutbox, client=Client(headers={"accept-language": language}))
    salma = person_of(SALMA)
    assert f'<html lang="{language}"' in (shown := page(browser, "/my/confirm/"))
    assert SALMA in shown
    assert "/my/eid/" not in shown
    ElectronicIdentity.objects.create(person=salma, issuer="i", subject="s", at=timezone.now())
    assert "/my/eid/" in page(browser, "/my/confirm/")


def test_who_may_choose_sms_is_told_its_risk(mailoutbox: Outbox, settings: Any) -> None:
    risk = "transférer votre numéro"
    browser = citizen(SALMA, mailoutbox)
    pages = ((Client(), "/my/sign-in/"), (browser, "/my/preferences/"))
    settings.SMS_URL = ""
    assert all(risk not in page(who, address) for who, address in pages)
    settings.SMS_URL = "https://sms.example/send"
    assert all(risk in page(who, address) for who, address in pages)
    assert risk not in page(browser, "/my/confirm/"), "no number of theirs can get a code"
    add_contact(person_of(SALMA), way="phone", value="0612345678")
    assert risk in page(browser, "/my/confirm/")

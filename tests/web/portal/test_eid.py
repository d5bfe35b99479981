"""The electronic identity: a port, tried with a simulated provider in a process of its own."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from eservices.people.models import ElectronicIdentity, Person
from org import bounded_answers
from tests.eservices.citizens import citizen, person_of
from tests.services import trickling
from tests.services.sim_eid import CLIENT, SECRET
from tests.web.away import OPENER, simulated_provider
from web.portal.space import session

pytestmark = pytest.mark.django_db
SALMA = "salma@usager.example"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The provider's address."""
    with simulated_provider() as address:
        yield address


@pytest.fixture
def office(settings: Any, provider: str) -> Any:
    """The settings of an office that has a provider."""
    settings.EID_CLIENT_ID, settings.EID_SECRET = CLIENT, SECRET
    settings.EID_URL = f"{provider}/citizen"
    return settings


def come_back(browser: Client, *, hint: str = "") -> Any:
    """Go to the provider and bring its answer back."""
    gone = browser.post("/my/eid/")
    assert gone.status_code == 200
    address = gone.context["target"] + (f"&login_hint={hint}" if hint else "")
    with pytest.raises(urllib.error.HTTPError) as sent:
        OPENER.open(address, timeout=20)
    back = sent.value.headers["Location"]
    sent.value.close()
    return browser.get(back[back.index("/my/eid/back/") :])


def test_without_a_provider_there_is_no_such_way(client: Client) -> None:
    assert client.post("/my/eid/").status_code == 404
    assert client.get("/my/eid/back/").status_code == 404
    assert "/my/eid/" not in client.get("/my/sign-in/").content.decode()


@pytest.mark.parametrize(("name", "number"), [("citizen", True), ("plain", False)])
def test_a_citizen_comes_in_with_and_without_an_identity_number(
    office: Any, provider: str, name: str, *, number: bool
) -> None:
    office.EID_URL = f"{provider}/{name}"
    browser = Client()
    assert "/my/eid/" in browser.get("/my/sign-in/").content.decode()
    answer = come_back(browser)
    assert (answer.status_code, answer["Location"]) == (303, "/my/")
    assert browser.get("/my/").status_code == 200
    row = ElectronicIdentity.objects.select_related("person").get()
    assert (row.issuer, row.subject) == (office.EID_URL, "subject-one")
    assert (row.person.level, row.person.name) == (3, "Salma Alami")
    assert bool(row.number_hash) is number
    assert "123456" not in str(ElectronicIdentity.objects.values().get())
    come_back(Client())  # again: the same person
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    "name",
    [
        *("refusal", "nonce", "audience", "issuer", "key", "none", "expired", "nowhere/else"),
        *("weak", "endless"),
    ],
)
def test_what_is_not_to_be_believed_opens_nothing(office: Any, provider: str, name: str) -> None:
    office.EID_URL = f"{provider}/{name}"
    browser = Client()
    answer = browser.post("/my/eid/") if name == "nowhere/else" else come_back(browser)
    assert (answer.status_code, answer["Location"]) == (303, "/my/sign-in/")
    assert session.KEY not in browser.session
    assert not Person.objects.exists()


def test_an_answer_is_good_once_and_in_its_own_browser(office: Any) -> None:
    browser, other = Client(), Client()
    gone = browser.post("/my/eid/")
    with pytest.raises(urllib.error.HTTPError) as sent:
        OPENER.open(gone.context["target"], timeout=20)
    back = sent.value.headers["Location"]
    sent.value.close()
    back = back[back.index("/my/eid/back/") :]
    for stranger in (other, Client()):
        stranger.post("/my/eid/")
        assert stranger.get(back)["Location"] == "/my/sign-in/"
    assert browser.get(back)["Location"] == "/my/"
    browser.post("/my/leave/")
    assert browser.get(back)["Location"] == "/my/sign-in/"
    assert session.KEY not in other.session


def test_who_is_in_links_their_identity_and_nobody_takes_anothers(
    office: Any, mailoutbox: list[EmailMessage]
) -> None:
    browser = citizen(SALMA, mailoutbox)
    assert come_back(browser)["Location"] == "/my/"
    salma = person_of(SALMA)
    assert (salma.level, salma.identities.count()) == (3, 1)
    thief = citizen("thief@voleur.example", mailoutbox)
    assert come_back(thief)["Location"] == "/my/preferences/"
    # Another subject of the provider with the number of somebody else is refused as well.
    assert come_back(thief, hint="two")["Location"] == "/my/preferences/"
    assert person_of("thief@voleur.example").level == 1
    again = Client()
    come_back(again)
    assert again.session[session.KEY]["person"] == str(salma.pk)


def test_nobody_is_sent_there_by_a_link(office: Any) -> None:
    browser = Client()
    assert browser.get("/my/eid/").status_code == 405
    assert "portal.eid" not in browser.session
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/my/eid/").status_code == 403


def test_a_wrong_secret_of_the_client_opens_nothing(office: Any) -> None:
    office.EID_SECRET = "another"
    assert come_back(Client())["Location"] == "/my/sign-in/"


def test_an_old_session_links_nothing_and_a_linked_identity_proves_it(
    office: Any, mailoutbox: list[EmailMessage]
) -> None:
    browser = citizen(SALMA, mailoutbox)

    def grow_old() -> None:
        kept = browser.session
        kept[session.KEY] = {**kept[session.KEY], "proven": 0}
        kept.save()

    grow_old()
    assert come_back(browser)["Location"] == "/my/confirm/?next=%2Fmy%2Fpreferences%2F"
    assert not ElectronicIdentity.objects.exists()
    citizen(SALMA, mailoutbox, client=browser)
    assert come_back(browser)["Location"] == "/my/"
    assert person_of(SALMA).identities.count() == 1
    grow_old()
    contact = {"contact": "deux@usager.example"}
    assert browser.post("/my/preferences/contact/", contact)["Location"].startswith("/my/confirm/")
    assert come_back(browser)["Location"] == "/my/"
    answer = browser.post("/my/preferences/contact/", contact)
    assert answer["Location"] == "/my/preferences/contact/code/"


@pytest.mark.parametrize(
    "answer", [trickling.breaks_off, trickling.says_rubbish, trickling.goes_deep]
)
def test_a_provider_whose_answer_is_none_sends_back_to_the_sign_in(
    settings: Any, answer: trickling.Answer
) -> None:
    with trickling.answering_badly(answer) as address:
        settings.EID_CLIENT_ID, settings.EID_SECRET = CLIENT, SECRET
        settings.EID_URL = address
        gone = Client().post("/my/eid/")
    assert (gone.status_code, gone["Location"]) == (303, "/my/sign-in/")


def test_a_provider_that_trickles_holds_no_page(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_answers, "WHOLE_SECONDS", 0.3)
    with trickling.answering_badly(trickling.trickles_body) as address:
        settings.EID_CLIENT_ID, settings.EID_SECRET = CLIENT, SECRET
        settings.EID_URL = address
        gone = Client().post("/my/eid/")
    assert (gone.status_code, gone["Location"]) == (303, "/my/sign-in/")

"""The desk and the citizens' portal on hosts of their own: what is answered where."""

from typing import Any, Final

import pytest
from django.test import Client
from django.urls import ResolverMatch, reverse

from config.checks import hosts_are_separate
from config.organisation import DEMO_PASSWORD
from identity.invitations import invite
from identity.invitations import link_of as invitation_link
from notices.models import Notice
from notices.words import link_of as notice_link
from org.models import User
from tests.eservices.citizens import citizen
from tests.factories import deposit
from tests.web.access.places import walked
from tests.web.portal.test_follow import login as follow
from web.separate_hosts import BOTH, BOTH_NAMES, is_answered_at
from web.shared.receipt_links import receipt_link

pytestmark = pytest.mark.django_db
PUBLIC: Final = "courrier.example.ma"
STAFF: Final = "bureau.example.ma"


@pytest.fixture(autouse=True)
def _separate(settings: Any) -> None:
    settings.PUBLIC_URL, settings.STAFF_URL = f"http://{PUBLIC}", f"http://{STAFF}"
    settings.ALLOWED_HOSTS = [PUBLIC, STAFF]


def at(host: str, browser: Client | None = None) -> Client:
    """Return a browser, perhaps with the cookies of another, that asks this host."""
    client = Client(HTTP_HOST=host)
    if browser is not None:
        client.cookies = browser.cookies
    return client


def signed_in() -> Client:
    browser = at(STAFF)
    answer = browser.post("/login/", {"username": "badr", "password": DEMO_PASSWORD})
    assert answer.status_code == 302
    return browser


def test_each_address_is_at_one_host_but_what_both_need() -> None:
    both = set()
    for name, _pattern in walked():
        part, _colon, short = name.rpartition(":")
        match = ResolverMatch(str, (), {}, url_name=short, namespaces=[part] if part else [])
        sides = {staff for staff in (True, False) if is_answered_at(match, staff=staff)}
        if sides == {True, False}:
            both.add(name)
        else:
            assert sides == {part not in {"portal", "biller"}}, name
    assert {name for name in both if name.partition(":")[0] not in BOTH} == BOTH_NAMES


def test_the_desk_is_not_found_at_the_citizens_host(badr: User) -> None:
    browser = signed_in()
    for path in ("/login/", "/inbox/", "/search/?q=eau", "/account/", "/password/forgotten/"):
        assert at(PUBLIC).get(path).status_code == 404
        assert at(PUBLIC, browser).get(path).status_code == 404, "not even by the same cookie"
    answer = at(PUBLIC).post("/login/", {"username": "badr", "password": DEMO_PASSWORD})
    assert answer.status_code == 404
    assert "sessionid" not in answer.cookies
    assert browser.get("/inbox/").status_code == 200


def test_the_portal_is_not_answered_at_the_desks_host(mailoutbox: Any) -> None:
    letter = deposit().letter
    visitor = follow(letter, client=at(PUBLIC))
    assert visitor.get("/follow/letter/").status_code == 200
    answer = at(STAFF, visitor).get("/follow/letter/?page=2")
    assert answer["Location"] == f"http://{PUBLIC}/follow/letter/?page=2"
    salma = citizen("salma@usager.example", mailoutbox, client=at(PUBLIC))
    assert at(STAFF, salma).get("/my/")["Location"] == f"http://{PUBLIC}/my/"
    assert at(STAFF).post("/my/sign-in/", {"contact": "a@b.example"}).status_code == 404
    assert at(STAFF).post("/portal/deposit/").status_code == 404
    assert at(STAFF).post("/api/biller/v1/payments", {}).status_code == 404


@pytest.mark.parametrize("host", [STAFF.upper(), f"{STAFF}.", f"{STAFF}:80", f"{STAFF}.:80"])
def test_the_desks_host_is_known_in_each_spelling(host: str) -> None:
    assert at(host).get("/login/").status_code == 200
    assert at(host).get("/follow/")["Location"] == f"http://{PUBLIC}/follow/"


def test_the_front_leads_to_where_one_belongs(badr: User) -> None:
    assert at(PUBLIC).get("/")["Location"] == "/portal/"
    assert at(STAFF).get("/")["Location"] == "/login/"
    assert signed_in().get("/")["Location"] == "/inbox/"


def test_what_both_need_is_at_both() -> None:
    paths = ("/healthz", "/session/left/", "/institution/fr.webmanifest", "/api/v1/services")
    for host in (PUBLIC, STAFF):
        for path in paths:
            assert at(host).get(path).status_code not in {302, 404}, path


def test_citizens_are_shown_no_way_to_the_desk_where_it_is_elsewhere(settings: Any) -> None:
    page = at(PUBLIC).get("/portal/").content.decode()
    assert 'href="/login/"' not in page
    assert STAFF not in page
    settings.STAFF_URL = ""
    assert 'href="/login/"' in at(PUBLIC).get("/portal/").content.decode()


def test_cookies_are_each_hosts_own(badr: User) -> None:
    cookie = signed_in().cookies["sessionid"]
    assert cookie["domain"] == ""


def test_links_lead_staff_to_the_desk_and_citizens_to_the_portal(badr: User) -> None:
    assert invitation_link(invite(badr, actor=None)).startswith(f"http://{STAFF}/invitation/")
    letter = deposit().letter
    notice = Notice(person=badr, kind="", letter=letter)
    assert notice_link(notice) == f"http://{STAFF}/letters/{letter.pk}/"
    assert receipt_link(letter.pk).startswith(f"http://{PUBLIC}/")


def test_a_production_on_one_host_is_told(settings: Any) -> None:
    assert hosts_are_separate(None) == []
    settings.STAFF_URL = ""
    assert [found.id for found in hosts_are_separate(None)] == ["sijill.STAFF_URL"]


def test_without_a_host_of_its_own_the_desk_is_everywhere(settings: Any, badr: User) -> None:
    settings.STAFF_URL = ""
    for host in (PUBLIC, STAFF):
        assert at(host).get("/login/").status_code == 200
        assert at(host).get(reverse("portal:home")).status_code == 200

"""The pages of notifications, what is pushed, and what an open page is told."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.organisation import DEMO_PASSWORD
from notices import preferences
from notices.kinds import MailWay, NoticeKind
from notices.models import Notice, PushBrowser, Watching
from notices.pushing import COOKIE_DAYS
from org.models import User
from registry.models.letters import Letter
from routing.assigning import giving
from routing.models.assignments import Assignment
from tests.factories import department, deposit, drain, person
from web.desk.notices import live

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
LIVE = "/live/"
STREAM = {"Accept": "text/event-stream"}
# The base point of P-256, as a browser tells its public key.
POINT = "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"


@pytest.fixture
def given(amina: User) -> Assignment:
    letter = deposit(actor=amina, subject="Fuite rue des Amandiers").letter
    row = giving.assign(letter, department=department("EAU"), actor=amina)
    drain("notice.spread")
    return row


def events(client: Client, address: str = LIVE, **headers: str) -> dict[str, Any]:
    """Events of one answer of the live page, by their names."""
    answer = client.get(address, headers=STREAM | headers)
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    found: dict[str, Any] = {}
    name = ""
    for line in answer.content.decode().splitlines():
        key, _, value = line.partition(": ")
        if key == "event":
            name = value
        elif key == "data":
            found[name] = json.loads(value)
        elif key:
            found[key] = value
    return found


def test_the_bell_counts_and_what_is_opened_or_marked_counts_no_more(
    given: Assignment, client_as: Browser
) -> None:
    head = client_as("dounia")
    page = head.get("/notifications/").content.decode()
    assert given.letter.number in page
    assert 'data-bell="1"' in page
    row = Notice.objects.get()
    answer = head.get(reverse("desk:notification", args=[row.pk]))
    assert answer.headers["Location"] == f"/letters/{given.letter_id}/"
    assert given.letter.number not in head.get("/notifications/?show=unread").content.decode()
    Notice.objects.update(read_at=None)
    assert head.post("/notifications/read/", {"id": row.pk}).status_code == 303
    assert 'data-bell="0"' in head.get("/notifications/").content.decode()
    Notice.objects.update(read_at=None)
    head.post("/notifications/read/")
    assert not Notice.objects.filter(read_at=None).exists()


def test_notifications_are_those_of_one_person(given: Assignment, client_as: Browser) -> None:
    row, other = Notice.objects.get(), client_as("chafik")
    assert given.letter.number not in other.get("/notifications/").content.decode()
    assert other.get(reverse("desk:notification", args=[row.pk])).status_code == 404
    other.post("/notifications/read/", {"id": row.pk})
    other.post("/notifications/read/")
    row.refresh_from_db()
    assert row.read_at is None
    for address in ("/notifications/", "/notifications/preferences/", LIVE):
        assert Client().get(address).status_code in (302, 401, 403)


def test_wishes_are_kept_for_each_kind(client_as: Browser, dounia: User) -> None:
    page = client_as("dounia")
    assert 'name="mail-given"' in page.get("/notifications/preferences/").content.decode()
    form = {"page-given": "on", "mail-given": "at_once", "mail-due": "none", "page-rated": "on"}
    assert page.post("/notifications/preferences/", form).status_code == 303
    kept = preferences.preferences_of(dounia)
    assert kept[NoticeKind.GIVEN] == preferences.Ways(mail=MailWay.AT_ONCE)
    assert kept[NoticeKind.OVERDUE].mail == MailWay.NONE
    assert not kept[NoticeKind.TO_SIGN].page
    assert kept[NoticeKind.SECURITY].mail == MailWay.AT_ONCE


@pytest.mark.parametrize(
    "endpoint",
    ["http://push.example.org/1", "https://127.0.0.1/1", "https://[::1]/1", "ftp://x/", "", "x"],
)
def test_only_public_push_services_over_https_are_taken(client_as: Browser, endpoint: str) -> None:
    keys = {"p256dh": POINT, "auth": "A" * 22}
    client_as("dounia").post("/notifications/push/", {"endpoint": endpoint, **keys})
    assert not PushBrowser.objects.exists()


@pytest.mark.parametrize(
    "keys",
    [
        {"p256dh": "B" + "A" * 86},  # of the right length, and not on the curve
        {"p256dh": POINT[:-2]},
        {"p256dh": POINT + "!" * 200},
        {"auth": "!" * 200 + "A" * 22},
        {"auth": "é" * 22},
    ],
)
def test_keys_with_which_no_push_is_enciphered_are_refused(
    client_as: Browser, keys: dict[str, str]
) -> None:
    given = {"endpoint": "https://push.example.org/1", "p256dh": POINT, "auth": "A" * 22, **keys}
    assert client_as("dounia").post("/notifications/push/", given).status_code == 303
    assert not PushBrowser.objects.exists()


def test_a_browser_is_kept_and_forgotten_by_its_person_alone(client_as: Browser) -> None:
    given = {"endpoint": "https://push.example.org/1", "p256dh": POINT, "auth": "A" * 22}
    client_as("dounia").post("/notifications/push/", given)
    row = PushBrowser.objects.get()
    client_as("chafik").post(reverse("desk:remove_push_browser", args=[row.pk]))
    assert PushBrowser.objects.exists()
    assert "PRIVATE" not in client_as("dounia").get("/notifications/preferences/").content.decode()
    client_as("dounia").post(reverse("desk:remove_push_browser", args=[row.pk]))
    assert not PushBrowser.objects.exists()


def test_logging_out_ends_the_pushes_of_this_browser_alone(client_as: Browser) -> None:
    office, home = client_as("dounia"), client_as("dounia")
    for name, client in (("office", office), ("home", home)):
        given = {"endpoint": f"https://push.example.org/{name}", "p256dh": POINT, "auth": "A" * 22}
        client.post("/notifications/push/", given)
    office.post("/logout/")
    assert PushBrowser.objects.get().endpoint == "https://push.example.org/home"
    assert not office.cookies[settings.PUSH_COOKIE_NAME].value
    stranger = Client()
    stranger.cookies[settings.PUSH_COOKIE_NAME] = str(PushBrowser.objects.get().pk)
    stranger.post("/logout/")
    assert PushBrowser.objects.exists()
    assert home.cookies[settings.PUSH_COOKIE_NAME]["httponly"]


def test_logging_out_ends_the_pushes_of_the_time_before_there_were_cookies(
    client_as: Browser,
) -> None:
    """They cannot be told apart; those that have their cookie, and other people's, stay."""
    before, home, other = client_as("dounia"), client_as("dounia"), client_as("chafik")
    for name, client in (
        *(("before", before), ("phone", home), ("dropped", home)),
        *(("theirs", other), ("home", home)),
    ):
        given = {"endpoint": f"https://push.example.org/{name}", "p256dh": POINT, "auth": "A" * 22}
        client.post("/notifications/push/", given)
    PushBrowser.objects.exclude(endpoint__endswith="home").update(has_cookie=False)
    long_ago = timezone.now() - timedelta(days=COOKIE_DAYS + 1)
    PushBrowser.objects.filter(endpoint__endswith="dropped").update(
        has_cookie=True, made_at=long_ago
    )
    del before.cookies[settings.PUSH_COOKIE_NAME]
    before.post("/logout/")
    left = PushBrowser.objects.values_list("endpoint", flat=True).order_by("endpoint")
    assert list(left) == ["https://push.example.org/home", "https://push.example.org/theirs"]


def with_pushes(client_as: Browser) -> tuple[Client, Client]:
    """Return two browsers of Dounia, and have a third person's take pushes too."""
    office, home, other = client_as("dounia"), client_as("dounia"), client_as("chafik")
    for name, client in (("theirs", other), ("home", home), ("office", office)):
        given = {"endpoint": f"https://push.example.org/{name}", "p256dh": POINT, "auth": "A" * 22}
        client.post("/notifications/push/", given)
    return office, home


def pushed_to() -> list[str]:
    rows = PushBrowser.objects.order_by("endpoint").values_list("endpoint", flat=True)
    return [endpoint.rpartition("/")[2] for endpoint in rows]


def test_pushes_elsewhere_end_with_the_sessions_there(client_as: Browser) -> None:
    office, _home = with_pushes(client_as)
    office.post("/account/sessions/")
    assert pushed_to() == ["office", "theirs"]


def test_pushes_elsewhere_end_with_the_password(client_as: Browser) -> None:
    office, _home = with_pushes(client_as)
    new = "cigogne tonnerre 41 violet"
    given = {"oldpassword": DEMO_PASSWORD, "password1": new, "password2": new}
    assert office.post("/account/password/", given)["Location"] == "/account/"
    assert pushed_to() == ["office", "theirs"]


def test_pushes_end_with_the_persons_access(client_as: Browser) -> None:
    with_pushes(client_as)
    call_command("end_access", "dounia")
    assert pushed_to() == ["theirs"]


def test_the_worker_is_a_script_at_the_root(client: Client) -> None:
    answer = client.get("/push-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert b"showNotification" in answer.content


def test_the_live_page_tells_counts_once_and_when_to_ask_again(
    given: Assignment, client_as: Browser, settings: Any
) -> None:
    head = client_as("dounia")
    told = events(head)
    assert told["counts"]["/notifications/"] == 1
    assert told["counts"]["/inbox/"] == 1
    assert told["retry"] == str(settings.LIVE_SECONDS * 1000)
    assert set(events(head, **{"Last-Event-ID": told["id"]})) == {"retry"}
    plain = head.get(LIVE, headers={"Accept": "application/json"}).json()
    assert plain["counts"] == told["counts"]
    settings.LIVE_SECONDS = 0
    assert head.get(LIVE, headers=STREAM).status_code == 204


def test_open_pages_never_take_the_threads_of_the_others(client_as: Browser) -> None:
    taken = 0
    while live._places.acquire(blocking=False):
        taken += 1
    try:
        assert set(events(client_as("dounia"))) == {"retry"}
    finally:
        for _ in range(taken):
            live._places.release()
    assert taken >= 1
    assert "counts" in events(client_as("dounia"))


def test_who_is_on_a_letter_is_told_to_its_readers_alone_and_ends_by_itself(
    given: Assignment, client_as: Browser
) -> None:
    address = f"{LIVE}?letter={given.letter_id}"
    assert events(client_as("dounia"), address)["others"] == []
    assert events(client_as("badr"), address)["others"] == [person("dounia").shown_name]
    stranger = events(client_as("chafik"), address)
    assert not {"others", "reading"} & set(stranger)
    assert set(Watching.objects.values_list("person__username", flat=True)) == {"dounia", "badr"}
    Watching.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    assert events(client_as("badr"), address)["others"] == []
    assert "counts" in events(client_as("badr"), f"{LIVE}?letter=rubbish")


def test_reading_is_told_while_it_lasts(given: Assignment, client_as: Browser) -> None:
    address = f"{LIVE}?letter={given.letter_id}"
    told = events(client_as("dounia"), address)
    assert told["reading"]["busy"]
    assert told["retry"] == "2000"
    while drain("letter.read", "letter.understand"):
        pass
    assert events(client_as("dounia"), address)["reading"] == {"busy": False}


def test_a_page_asks_one_query_more_for_the_bell(
    given: Assignment, client_as: Browser, django_assert_max_num_queries: Any
) -> None:
    letters = Letter.objects.count()
    for _ in range(5):
        row = Notice.objects.get(pk=Notice.objects.latest("pk").pk)
        row.pk, row.key = None, f"{row.key}+"
        row.save()
    assert letters
    head = client_as("dounia")
    with django_assert_max_num_queries(16):
        assert 'data-bell="6"' in head.get("/notifications/").content.decode()
    with django_assert_max_num_queries(16):
        events(head)

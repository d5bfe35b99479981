"""Lists of the API: a page, an order, a cursor that goes on; and what changed since a moment."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from registry.book.number_formats import save_format
from registry.intake import PartyData
from routing.assigning import giving
from routing.inbox import assignments
from search.address.request import SearchRequest
from search.saved.searches import save_search
from tests.eservices.contracts.contracts import a_contract
from tests.factories import api_key, department, deposit, person
from tests.web.undone import each

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]
# Address → (who may list it, where its rows stand, what names a row).
LISTS = {
    "letters": ("amina", "letters", "number"),
    "assignments": ("amina", "assignments", "id"),
    "departments": ("amina", "departments", "code"),
    "kinds": ("amina", "kinds", "code"),
    "registers": ("amina", "registers", "code"),
    "number-formats": ("amina", "number_formats", "pattern"),
    "people": ("amina", "people", "username"),
    "saved-searches": ("amina", "searches", "name"),
    "me/tokens": ("amina", "tokens", "id"),
    "jobs": ("amina", "jobs", "id"),
}


@pytest.fixture
def rows() -> None:
    """Two rows at least in every list."""
    amina = person("amina")
    for code in ("EG", "XG"):
        save_format({"pattern": f"{{serial}}/{code}/{{year}}", "desk": code}, actor=None)
    for name in ("Eau", "Gaz"):
        letter = deposit(actor=amina, subject=name).letter
        giving.assign(letter, department=department("EAU"), actor=amina)
        save_search(person=amina, name=name, asked=SearchRequest(words=name))
        api_key("amina")


def test_every_list_is_paged_and_turned(api_as: Caller, rows: None, schema: Any) -> None:
    paths = schema["paths"]

    def attempt(place: str) -> None:
        who, field, name = LISTS[place]
        caller, address = api_as(who), f"/api/v1/{place}"
        told = {one["name"]: one for one in paths[address]["get"]["parameters"]}
        usual, turned, *_ = told["order"]["schema"]["enum"]
        whole = walked(caller, address, field, name, order=usual)
        assert len(whole) > 1
        assert whole == walked(caller, address, field, name)
        assert whole == list(reversed(walked(caller, address, field, name, order=turned)))

    each(list(LISTS), attempt)


def walked(caller: APIClient, address: str, field: str, name: str, **asked: str) -> list[Any]:
    """Walk the list two rows a page."""
    found: list[Any] = []
    cursor = ""
    while True:
        answer = caller.get(address, {"limit": "2", "cursor": cursor, **asked})
        assert answer.status_code == 200, answer.content
        page = answer.json()
        assert len(page[field]) <= 2
        found += [row[name] for row in page[field]]
        cursor = page["next_cursor"]
        if not cursor:
            return found


def test_every_list_in_the_document_has_a_cursor(schema: Any) -> None:
    paths = schema["paths"]
    whole = {  # parts of one row, and what is nearest to something: a page at most
        "list_custody", "list_opinions", "list_same", "list_similar", "list_events",
        "list_holds", "list_request_quotations", "list_request_meetings",
        "list_request_acceptances",
    }  # fmt: skip
    for address, verbs in paths.items():
        operation = verbs.get("get", {})
        name = operation.get("operationId", "")
        if name.startswith("list_") and name not in whole:
            told = {one["name"] for one in operation["parameters"]}
            assert {"cursor", "limit"} <= told, address
            assert "order" in told or name in ("list_feed", "list_services"), address


def test_work_that_waits_is_narrowed_and_ordered(api_as: Caller) -> None:
    amina, today = person("amina"), timezone.localdate()
    given = {}
    for name, sender, days in (("a", "Élodie Tazi", 3), ("b", "أحمد", -1), ("c", "Bilal", None)):
        letter = deposit(actor=amina, sender=sender, channel="email" if name == "c" else "post")
        row = giving.assign(letter.letter, department=department("EAU"), actor=amina)
        row.due_on = None if days is None else today + timedelta(days=days)
        row.save()
        given[str(row.pk)] = name
    client = api_as("amina")

    def found(**asked: str) -> str:
        rows = walked(client, "/api/v1/assignments", "assignments", "id", state="open", **asked)
        return "".join(given[row] for row in rows)

    assert found(order="due_on") == "bac"
    assert found(order="-due_on") == "cab"
    assert found(order="sender") == "cab"
    assert found(order="-sender") == "bac"
    assert found(sender="elodie") == "a"
    assert found(sender="احمد", order="due_on") == "b"
    assert found(channel="email") == "c"
    assert found(due="late") == "b"
    assert found(since=today.isoformat(), order="due_on") == "bac"
    assert found(until=(today - timedelta(days=1)).isoformat()) == ""
    assert found(urgent="true") == found(kind="nothing") == ""
    assert found(unassigned="true", department="EAU", order="sender") == "cab"
    assert found(person="badr") == ""


@pytest.mark.parametrize(
    "asked", [{"order": "sender"}, {"sender": "tazi"}, {"due": "late", "state": "refused"}]
)
def test_only_work_that_waits_is_narrowed_so(api_as: Caller, asked: dict[str, str]) -> None:
    answer = api_as("amina").get("/api/v1/assignments", asked)
    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == ["state"]


@pytest.mark.parametrize(
    "asked", [{"until": "9999-12-31"}, {"since": "0001-01-01"}, {"until": "9999-12-30"}]
)
def test_the_ends_of_the_calendar_leave_nothing_out(
    api_as: Caller, rows: None, asked: dict[str, str]
) -> None:
    answer = api_as("amina").get("/api/v1/assignments", {"state": "open", **asked})
    assert answer.status_code == 200, answer.content
    assert len(answer.json()["assignments"]) == 2


CONTRACT: Final = {"contract": "1000001"}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-30", "9999-12-31"])
@pytest.mark.parametrize("name", ["since", "until"])
def test_money_at_the_ends_of_the_calendar_is_listed(api_as: Caller, name: str, day: str) -> None:
    a_contract("1000001")
    for path, more in {"payments": {}, "payments/figures": {}, "statement": CONTRACT}.items():
        answer = api_as("samira").get(f"/api/v1/{path}", {name: day, **more})
        assert answer.status_code == 200, (path, answer.content)


@pytest.mark.parametrize("letter", ["ش", '"', "\\"])
def test_the_longest_name_fits_the_cursor(api_as: Caller, letter: str) -> None:
    amina, given = person("amina"), []
    for _ in range(3):
        sender = PartyData("sender", organisation=letter * 200)
        received = deposit(actor=amina, parties=[sender])
        row = giving.assign(received.letter, department=department("EAU"), actor=amina)
        given.append(str(row.pk))
    found = walked(
        api_as("amina"), "/api/v1/assignments", "assignments", "id", state="open", order="sender"
    )
    assert found == sorted(given)


@pytest.mark.parametrize("words", ["a", "ـا", "? .", "É"])
def test_a_sender_is_asked_for_by_two_letters_at_least(api_as: Caller, words: str) -> None:
    asked = {"state": "open", "sender": words}
    answer = api_as("amina").get("/api/v1/assignments", asked)
    assert answer.status_code == 400
    assert list(answer.json()["error"]["fields"]) == ["sender"]


def test_what_changed_since_a_moment(api_as: Caller) -> None:
    amina = person("amina")
    old, moved = deposit(actor=amina).letter, deposit(actor=amina).letter
    given = giving.assign(moved, department=department("EAU"), actor=amina)
    giving.assign(old, department=department("EAU"), actor=amina)
    since = timezone.now().isoformat()
    assignments.accept(given, actor=person("badr"))
    client = api_as("amina")
    letters = client.get("/api/v1/letters", {"changed_since": since}).json()["letters"]
    assert [row["id"] for row in letters] == [str(moved.pk)]
    rows = client.get("/api/v1/assignments", {"changed_since": since}).json()["assignments"]
    assert [(row["id"], row["state"]) for row in rows] == [(str(given.pk), "accepted")]
    assert client.get("/api/v1/drafts", {"changed_since": since}).json()["drafts"] == []
    wrong = client.get("/api/v1/letters", {"changed_since": "yesterday"})
    assert list(wrong.json()["error"]["fields"]) == ["changed_since"]


def test_the_feed_goes_on_where_it_was_left(api_as: Caller) -> None:
    amina, chafik = api_as("amina"), api_as("chafik")
    since = timezone.now().isoformat()
    letter = deposit(actor=person("amina"), subject="Secret").letter
    first = amina.get("/api/v1/events", {"since": since}).json()
    assert first["events"][0]["kind"] == "registered"
    assert {event["letter"] for event in first["events"]} == {str(letter.pk)}
    assert set(first["events"][0]) == {"letter", "number", "seq", "at", "kind"}
    again = amina.get("/api/v1/events", {"cursor": first["next_cursor"]}).json()
    assert (again["events"], again["more"]) == ([], False)
    giving.assign(letter, department=department("EAU"), actor=person("amina"))
    later = amina.get("/api/v1/events", {"cursor": again["next_cursor"], "kind": "assigned"})
    assert [event["kind"] for event in later.json()["events"]] == ["assigned"]
    assert chafik.get("/api/v1/events", {"since": since}).json()["events"] == []
    assert amina.get("/api/v1/events", {"kind": "no_such"}).status_code == 400
    assert amina.get("/api/v1/events", {"cursor": "made-up"}).status_code == 400
    assert api_as("admin").get("/api/v1/events").status_code == 403


def test_a_filter_that_is_given_twice_is_refused_where_one_counts(api_as: Any) -> None:
    client = api_as("amina")
    answer = client.get("/api/v1/letters?stage=registered&stage=in_hand")
    assert answer.status_code == 400
    assert set(answer.json()["error"]["fields"]) == {"stage"}
    assert client.get("/api/v1/search?q=x&stage=registered&stage=in_hand").status_code == 200
    assert client.get("/api/v1/letters?stage=&stage=").status_code == 400

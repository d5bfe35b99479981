"""The tray and the inbox narrowed down and ordered: by links and a form, in the address alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from org.models import LetterKind, User
from registry.models.letters import Letter, Party
from routing.assigning import giving
from routing.inbox import assignments
from routing.models.assignments import Assignment
from routing.models.suggestions import Suggestion
from tests.factories import department, deposit

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
TODAY = timezone.localdate
KIND = "request"


@pytest.fixture
def work(amina: User, badr: User) -> dict[str, Letter]:
    """Four letters of EAU, each different in everything that narrows a list."""
    made = {
        "fuite": deposit(actor=amina, subject="fuite", sender="Élodie Benzekri", channel="email"),
        "facture": deposit(actor=amina, subject="facture", sender="أحمد العلوي"),
        "panne": deposit(actor=amina, subject="panne", sender="Zineb Tazi"),
        "sans nom": deposit(actor=amina, subject="sans nom", sender=""),
    }
    letters = {name: received.letter for name, received in made.items()}
    kind = LetterKind.objects.get(code=KIND)
    Letter.objects.filter(pk=letters["fuite"].pk).update(kind=kind)
    Letter.objects.filter(pk=letters["facture"].pk).update(
        received_at=timezone.now() - timedelta(days=40)
    )
    Suggestion.objects.create(
        letter=letters["panne"], field="urgency", value="URGENT", score=0.9, source="pattern"
    )
    days = {"fuite": -2, "facture": 0, "panne": 400, "sans nom": None}
    for number, (name, letter) in enumerate(letters.items()):
        row = giving.assign(letter, department=department("EAU"), actor=amina)
        if name == "panne":
            assignments.accept(row, actor=badr)
        left = days[name]
        Assignment.objects.filter(pk=row.pk).update(
            due_on=None if left is None else TODAY() + timedelta(days=left),
            assigned_at=timezone.now() - timedelta(hours=number),
        )
    return letters


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"kind": KIND}, ["fuite"]),
        ({"channel": "email"}, ["fuite"]),
        ({"sender": "elodie"}, ["fuite"]),
        ({"sender": "BENZEKRI Elodie"}, ["fuite"]),
        ({"sender": "احمد"}, ["facture"]),
        ({"sender": "personne de ce nom"}, []),
        ({"due": "late"}, ["fuite"]),
        ({"due": "today"}, ["facture"]),
        ({"due": "week"}, ["facture"]),
        ({"urgent": "1"}, ["panne"]),
        ({"person": "badr"}, ["panne"]),
        ({"person": "0"}, ["fuite", "facture", "sans nom"]),
        ({"until": "-30"}, ["facture"]),
        ({"since": "-30"}, ["fuite", "panne", "sans nom"]),
        ({"since": "-30", "kind": KIND, "due": "today"}, []),
        ({"show": "accepted", "kind": KIND}, []),
        ({"show": "late", "due": "today"}, ["fuite"]),
        ({"kind": "nothing", "due": "ever", "since": "soon", "person": "x"}, "all"),
        ({"until": "0001-01-01", "since": "9999-12-31", "sender": " "}, "all"),
    ],
)
def test_the_inbox_shows_what_is_asked_for(
    work: dict[str, Letter], badr: User, browser: Browser, asked: dict[str, str], found: Any
) -> None:
    for name, value in asked.items():
        if value == "badr":
            asked = asked | {name: str(badr.pk)}
        if name in ("since", "until") and value.startswith("-"):
            asked = asked | {name: (TODAY() + timedelta(days=int(value))).isoformat()}
    every = ["fuite", "facture", "panne", "sans nom"]
    assert subjects(browser("badr"), asked) == (every if found == "all" else found)


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("due", ["fuite", "facture", "panne", "sans nom"]),
        ("newest", ["fuite", "facture", "panne", "sans nom"]),
        ("oldest", ["sans nom", "panne", "facture", "fuite"]),
        ("sender", ["panne", "fuite", "facture", "sans nom"]),
    ],
)
def test_each_order_is_kept_over_pages(
    work: dict[str, Letter],
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
    order: str,
    found: list[str],
) -> None:
    Party.objects.filter(letter=work["panne"]).update(name="", organisation="Agence du bassin")
    assert subjects(browser("badr"), {"order": order}) == found

    monkeypatch.setattr("web.desk.lists.ROWS", 1)
    assert walked(browser("badr"), "/inbox/", {"order": order}) == found
    narrowed = walked(browser("badr"), "/inbox/", {"order": order, "person": "0"})
    assert narrowed == [name for name in found if name != "panne"]


@pytest.mark.parametrize("order", ["oldest", "newest", "due", "sender"])
def test_the_tray_is_narrowed_and_ordered_too(
    amina: User, browser: Browser, monkeypatch: pytest.MonkeyPatch, order: str
) -> None:
    for name, sender in (("un", "Zineb Tazi"), ("deux", "Amal Tazi"), ("trois", "")):
        deposit(actor=amina, subject=name, sender=sender)
    Letter.objects.filter(subject="trois").update(due_on=TODAY())
    wanted = {
        "oldest": ["un", "deux", "trois"],
        "newest": ["trois", "deux", "un"],
        "due": ["trois"],
        "sender": ["deux", "un", "trois"],
    }[order]
    monkeypatch.setattr("web.desk.lists.ROWS", 1)
    client = browser("amina")
    assert walked(client, "/tray/", {"order": order})[: len(wanted)] == wanted
    tazi = walked(client, "/tray/", {"order": order, "sender": "tazi"})
    assert sorted(tazi) == ["deux", "un"]
    assert walked(client, "/tray/", {"due": "today", "order": order}) == ["trois"]
    assert walked(client, "/tray/", {"refused": "1", "sender": "tazi"}) == []


def test_each_active_filter_can_be_removed_alone(work: dict[str, Letter], browser: Browser) -> None:
    asked = {"show": "open", "kind": KIND, "sender": "elodie", "order": "oldest"}
    answer = browser("badr").get("/inbox/", asked)

    text = answer.content.decode()
    kind = LetterKind.objects.get(code=KIND).name
    chips = {chip.label: parse_qs(chip.address) for chip in answer.context["chips"]}
    assert chips == {
        kind: {
            "show": ["open"],
            "sender": ["elodie"],
            "order": ["oldest"],
        },
        "elodie": {"show": ["open"], "kind": [KIND], "order": ["oldest"]},
    }
    assert "Filtres actifs" in text
    assert parse_qs(answer.context["without_chips"]) == {"show": ["open"], "order": ["oldest"]}
    for name, value in (("show", "open"), ("order", "oldest")):  # what the form does not ask
        assert f'<input type="hidden" name="{name}" value="{value}">' in text
    assert f"kind={KIND}" in text.partition('class="tabs"')[2].partition("</nav>")[0]


def test_an_empty_result_says_so_and_offers_all(work: dict[str, Letter], browser: Browser) -> None:
    text = browser("badr").get("/inbox/", {"sender": "zzz"}).content.decode()
    assert "Aucun courrier de cette liste ne correspond aux filtres actifs." in text
    assert '<a class="button" href="?">' in text
    assert "Rien ici" not in text
    tray = browser("amina").get("/tray/", {"sender": "zzz"}).content.decode()
    assert "Aucun courrier de cette liste ne correspond aux filtres actifs." in tray


def test_what_is_signed_off_has_an_order_and_leads_to_the_search(
    work: dict[str, Letter], badr: User, browser: Browser
) -> None:
    for name in ("panne", "fuite"):
        row = Assignment.objects.get(letter=work[name])
        if row.state == "open":
            row = assignments.accept(row, actor=badr)
        assignments.sign_off(row, actor=badr, method="phone")
    client = browser("badr")
    assert subjects(client, {"show": "done", "sender": "zzz"}) == ["fuite", "panne"]
    assert subjects(client, {"show": "done", "order": "oldest"}) == ["panne", "fuite"]
    page = client.get("/inbox/", {"show": "done"}).content.decode()
    assert 'name="sender"' not in page
    assert 'href="/search/"' in page


def test_no_filter_shows_what_one_may_not_read(
    work: dict[str, Letter], amina: User, browser: Browser
) -> None:
    Letter.objects.filter(pk=work["fuite"].pk).update(confidentiality=2)
    client = browser("badr")
    for asked in ({"sender": "elodie"}, {"order": "sender"}, {"kind": KIND}):
        assert "fuite" not in subjects(client, asked)
    assert client.get("/tray/", {"sender": "elodie"}).status_code == 403


def test_a_page_marker_of_another_order_is_not_found(
    work: dict[str, Letter], browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.desk.lists.ROWS", 1)
    client = browser("badr")
    marker = client.get("/inbox/", {"order": "sender"}).context["next"]
    assert marker
    assert client.get("/inbox/", {"order": "oldest", "from": marker}).status_code == 404


@pytest.mark.parametrize("order", ["due", "newest", "sender"])
def test_filters_cost_the_same_queries_however_many_letters(
    work: dict[str, Letter], amina: User, browser: Browser, order: str
) -> None:
    asked = {"order": order, "sender": "az", "kind": KIND, "urgent": "1", "person": "0"}
    every = {"order": order, "sender": "az"}
    client = browser("badr")
    tray = browser("amina")

    def counted() -> list[int]:
        return [
            queries(client, "/inbox/", asked),
            queries(client, "/inbox/", every),
            queries(tray, "/tray/", every),
        ]

    deposit(actor=amina, sender="Rachid Ettazi")
    client.get("/inbox/", asked)
    tray.get("/tray/", every)
    few = counted()
    for _ in range(6):
        letter = deposit(actor=amina, sender="Rachid Ettazi").letter
        giving.assign(letter, department=department("EAU"), actor=amina)
        deposit(actor=amina, sender="Rachid Ettazi")
    assert counted() == few
    assert max(few) <= 27


def subjects(client: Client, asked: dict[str, str]) -> list[str]:
    answer = client.get("/inbox/", asked)
    assert answer.status_code == 200
    return [row.assignment.letter.subject for row in answer.context["rows"]]


def walked(client: Client, address: str, asked: dict[str, str]) -> list[str]:
    """Follow the pages' own links to the end."""
    found: list[str] = []
    answer = client.get(address, asked)
    while True:
        rows = answer.context["rows"]
        found += [getattr(row, "assignment", row).letter.subject for row in rows]
        if not answer.context["next"]:
            return found
        assert len(found) < 20
        link = answer.content.decode().partition('<p class="more-link">')[2]
        more = link.partition('href="')[2].partition('"')[0].replace("&amp;", "&")
        answer = client.get(address + more)


def queries(client: Client, address: str, asked: dict[str, str]) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address, asked).status_code == 200
    return len(found)

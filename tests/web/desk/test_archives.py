"""Pages of the archives: lists proposed and decided, holds on a letter's page, the stub after."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from registry.disposal import holds
from registry.models.disposal import DisposalList, LegalHold
from registry.models.letters import Letter
from tests.factories import department, deposit, drain, freshly_signed_in, person
from tests.registry.disposing import approved, archivist, executed, old_letter, proposed, schedule

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def words(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_a_list_goes_from_its_proposal_to_its_certificate(browser: Browser) -> None:
    schedule()
    letter = old_letter(subject="Fuite rue Ibn Sina")
    clerk, keeper = browser("amina"), browser("archives")
    assert "1 courrier" in words(clerk, "/archives/new/?fate=destroy")
    counted = clerk.post("/archives/new/", {"fate": "destroy", "count": "1"})
    assert (counted.status_code, DisposalList.objects.count()) == (200, 0)
    assert "1 courrier" in counted.content.decode()
    assert (
        "formmethod" not in counted.content.decode()
    )  # it would put the form's token into the address
    answer = clerk.post("/archives/new/", {"fate": "destroy", "remark": "Salle 3"})
    held = DisposalList.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/archives/lists/{held.pk}/")
    page = words(keeper, f"/archives/lists/{held.pk}/")
    assert letter.number in page
    assert "Fuite rue Ibn Sina" in page
    for what, then in (("review", "autre que l’auteur"), ("approve", "encore être refusée")):
        assert keeper.post(f"/archives/lists/{held.pk}/{what}/").status_code == 303
        assert then in words(keeper, f"/archives/lists/{held.pk}/")
    assert keeper.get(f"/archives/lists/{held.pk}/execute/").status_code == 200
    assert keeper.post(f"/archives/lists/{held.pk}/order/").status_code == 303
    page, live = words(keeper, f"/archives/lists/{held.pk}/"), f"/archives/lists/{held.pk}/live/"
    part = words(keeper, live)
    assert f'hx-get="{live}"' in page
    assert part.strip() in page  # the bar alone is asked for again, not the page
    assert '<progress max="1" value="0"' in part
    assert "<main" not in part
    drain("disposal.execute")
    done = keeper.get(live, headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"] == f"/archives/lists/{held.pk}/"
    page = words(keeper, f"/archives/lists/{held.pk}/")
    assert "certificate.pdf" in page
    assert live not in page
    paper = keeper.get(f"/archives/lists/{held.pk}/certificate.pdf")
    assert b"".join(paper.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    stub = words(clerk, f"/letters/{letter.pk}/")
    assert held.number in stub
    assert "Fuite" not in stub
    assert held.number in words(clerk, "/archives/")


def test_approving_asks_who_it_is(client_as: Browser) -> None:
    schedule()
    old_letter()
    held = proposed()
    keeper = Client()
    keeper.force_login(person("archives"))
    keeper.post(f"/archives/lists/{held.pk}/review/")
    answer = keeper.post(f"/archives/lists/{held.pk}/approve/")
    assert answer.status_code == 401  # the page asks for the password
    held.refresh_from_db()
    assert held.state == "reviewed"


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_a_page_asks_before_a_list_is_executed(browser: Browser, language: str) -> None:
    schedule()
    letter = old_letter(subject="Fuite rue Ibn Sina")
    held, keeper, clerk = approved(), browser("archives"), browser("amina")
    keeper.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    address = f"/archives/lists/{held.pk}/"
    page = words(keeper, address)
    assert f'href="{address}execute/"' in page
    assert f'action="{address}order/"' not in page
    asked = words(keeper, f"{address}execute/")
    assert f'action="{address}order/"' in asked
    told = {"fr": "Rien ne permettra", "ar": "استرجاعها", "en": "bring them back"}
    assert told[language] in asked
    numbers = re.findall(r"<dd>\s*(\d+)\s*</dd>", asked)
    assert numbers == ["1", str(letter.documents.count())]
    held.refresh_from_db()
    assert held.state == "approved"
    assert clerk.get(f"{address}execute/").status_code == 403  # amina reads lists
    keeper.post(f"{address}order/")
    assert keeper.get(f"{address}execute/")["Location"] == address
    twice = keeper.post(f"{address}order/")
    assert twice["Location"] == address
    faster = {"fr": "plus rapide", "ar": "سبق", "en": "Someone was faster"}
    assert faster[language] in words(keeper, address)


def test_a_letter_is_left_out_with_a_reason(browser: Browser) -> None:
    schedule()
    old_letter()
    held = proposed()
    entry = held.entries.get()
    keeper = browser("archives")
    keeper.post(f"/archives/entries/{entry.pk}/", {"reason": " "})
    entry.refresh_from_db()
    assert entry.state == "waiting"
    keeper.post(f"/archives/entries/{entry.pk}/", {"reason": "Valeur historique"})
    assert "Valeur historique" in words(keeper, f"/archives/lists/{held.pk}/")
    keeper.post(f"/archives/lists/{held.pk}/review/")
    assert DisposalList.objects.get().state == "new"  # no letter is left on it


@pytest.mark.parametrize("username", ["badr", "chafik", "admin"])
def test_others_see_no_lists(browser: Browser, username: str) -> None:
    client = browser(username)
    for address in ("/archives/", "/archives/new/", "/archives/holds/"):
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("username", ["amina", "direction", "audit"])
def test_who_reads_lists_does_not_decide(browser: Browser, username: str) -> None:
    schedule()
    old_letter()
    held = proposed()
    client = browser(username)
    assert "disposal" not in words(client, f"/archives/lists/{held.pk}/").split("<main")[0]
    for what in ("review", "approve", "order", "refuse"):
        client.post(f"/archives/lists/{held.pk}/{what}/", {"reason": "non"})
    client.post(f"/archives/entries/{held.entries.get().pk}/", {"reason": "non"})
    assert DisposalList.objects.get().state == "new"
    assert held.entries.get().state == "waiting"


def test_an_archivist_of_another_department_finds_nothing(browser: Browser) -> None:
    schedule()
    water = old_letter(unit="EAU")
    archivist("wafa", "EAU")
    archivist("driss", "COM")
    held = proposed(actor=person("wafa"), department=department("EAU"))
    other = browser("driss")
    address = f"/archives/lists/{held.pk}/"
    assert other.get(address).status_code == 404
    assert other.get(f"{address}live/").status_code == 404
    assert other.post(f"{address}review/").status_code == 404
    assert other.post(f"/archives/entries/{held.entries.get().pk}/").status_code == 404
    assert held.number not in words(other, "/archives/")
    other.post(f"/letters/{water.pk}/hold/", {"reason": "à moi"})
    assert not LegalHold.objects.exists()
    assert held.number in words(browser("wafa"), "/archives/")


def test_a_hold_stands_on_the_letters_page_until_it_is_lifted(browser: Browser) -> None:
    letter = deposit(departments=["EAU"]).letter
    boss, member = browser("direction"), browser("badr")
    boss.post(f"/letters/{letter.pk}/hold/", {"reason": "Procès en cours"})
    for client in (boss, member):
        assert "Procès en cours" in words(client, f"/letters/{letter.pk}/")
    assert "Procès en cours" in words(boss, "/archives/holds/")
    member.post(f"/letters/{letter.pk}/hold/", {"what": "lift", "reason": "fini"})
    assert holds.open_hold(letter)
    boss.post(f"/letters/{letter.pk}/hold/", {"what": "lift", "reason": "Jugé"})
    assert holds.open_hold(letter) is None
    assert "Procès en cours" not in words(boss, "/archives/holds/")


def test_a_stub_gives_no_files_and_takes_no_verbs(browser: Browser) -> None:
    schedule()
    letter = old_letter(unit="EAU", read=True)
    document = letter.documents.get()
    executed()
    client = browser("badr")
    base = f"/letters/{letter.pk}"
    assert client.get(f"{base}/documents/{document.pk}/").status_code == 404
    assert client.get(f"{base}/documents/{document.pk}/pages/1.webp").status_code == 404
    before = Letter.objects.get(pk=letter.pk).version
    browser("amina").post(f"{base}/void/", {"reason": "non"})
    browser("amina").post(f"{base}/assign/", {"department": "SI"})
    assert Letter.objects.get(pk=letter.pk).version == before


def test_a_stub_is_found_by_its_number_and_not_by_its_words(browser: Browser) -> None:
    schedule()
    letter = old_letter(subject="Ornithorynque perdu", read=True)
    executed()
    drain("letter.index")
    client = browser("amina")
    found = client.get(f"/search/?q={letter.number}")  # one hit: its own page
    assert found.headers["Location"] == f"/letters/{letter.pk}/"
    assert letter.number not in words(client, "/search/?q=Ornithorynque")


def test_the_schedule_shows_what_becomes_of_letters(browser: Browser) -> None:
    client = browser("admin")
    answer: Any = client.post("/administration/retention/usual/")
    assert answer.status_code == 303
    page = words(client, "/administration/retention/")
    assert "Versés aux archives" in page
    assert "non décidé" not in page
    row = schedule("request", years=15)
    fields = {"kind": row.kind_id, "text_ar": "أ", "text_fr": "F", "fate": "destroy"}
    refused = client.post(f"/administration/retention/{row.pk}/", {**fields, "years": ""})
    assert refused.status_code == 422
    client.post(f"/administration/retention/{row.pk}/", {**fields, "years": 9, "current_years": 3})
    row.refresh_from_db()
    assert (row.years, row.current_years) == (9, 3)
    assert "Détruits" in words(client, f"/administration/retention/{row.pk}/")


def test_who_sees_disposal_lists_reads_their_schedule(browser: Browser) -> None:
    row = schedule("request", years=15)
    assert 'href="/administration/retention/"' in words(browser("archives"), "/archives/")
    for who in ("archives", "amina", "direction", "audit"):
        client = browser(who)
        page = words(client, "/administration/retention/")
        assert "15 ans" in page
        for address in (f"retention/{row.pk}/", "retention/new/", "retention/usual/", "tables/"):
            assert f'"/administration/{address}' not in page, (who, address)
        assert client.get(f"/administration/retention/{row.pk}/").status_code == 403
    assert f'"/administration/retention/{row.pk}/"' in words(
        browser("admin"), "/administration/retention/"
    )
    assert browser("badr").get("/administration/retention/").status_code == 403


def test_nobody_executes_what_is_not_approved(browser: Browser) -> None:
    schedule()
    old_letter()
    held = proposed()
    browser("archives").post(f"/archives/lists/{held.pk}/order/")
    assert DisposalList.objects.get().state == "new"
    approved(held)
    fresh = browser("archives")
    freshly_signed_in(fresh)
    fresh.post(f"/archives/lists/{held.pk}/order/")
    assert DisposalList.objects.get().state == "executing"

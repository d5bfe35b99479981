"""What cannot be taken back is asked about before it is sent."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from routing.models.notes import Note
from search.saved.models import SavedSearch
from tests.journeys.office import ROOT
from tests.web.desk.cases import Case

pytestmark = pytest.mark.django_db

TEMPLATES = ROOT / "web/templates"
DESK = TEMPLATES / "web"
ENDINGS = (
    ("money/debits.html", "desk:end_debit_mandate"),
    ("administration/announcements.html", "desk:withdraw_announcement"),
    ("administration/register.html", "desk:withdraw_version"),
    ("figures.html", "desk:on_figures_order' it.order.pk 'stop"),
    ("absences.html", "desk:end_absence"),
    ("parts/letter_notes.html", "desk:delete_note"),
)
DANGER = re.compile(r"<button\b[^>]*\bdanger\b[^>]*>")
ASKED_OTHERWISE = {
    "portal/space/delete.html": "a page of its own, and a box that must be ticked",
    "web/administration/department_close.html": "a page of its own shows first what the heir gets",
    "web/ask.html": "the page that asks",
    "web/archives/execute.html": "a page of its own says what is destroyed, with a way back",
    "web/privacy/rectification.html": "nothing is refused without grounds",
    "web/readings/decline.html": "a reason is chosen first",
    "web/signin/remove_form.html": "a page of its own, with a way back",
}


@pytest.mark.parametrize(("page", "address"), ENDINGS)
def test_a_form_that_ends_something_asks_first(page: str, address: str) -> None:
    forms = re.findall(r"<form .*?</form>", (DESK / page).read_text(), re.DOTALL)
    (form,) = (form for form in forms if address in form)
    assert "{% asks " in form


def test_every_dangerous_button_asks_or_wants_a_reason() -> None:
    silent = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if any(_is_silent(path.read_text(), button) for button in DANGER.finditer(path.read_text()))
    }
    assert silent == set(ASKED_OTHERWISE)


def _is_silent(page: str, button: re.Match[str]) -> bool:
    """Whether its form neither asks nor has a field that must be filled in."""
    form = page[max(page.rfind("<form", 0, button.start()), 0) : button.start()]
    return "{% asks " not in form and not re.search(r"\brequired\b", form)


def test_the_button_that_deletes_a_search_asks_and_the_one_that_changes_it_does_not() -> None:
    asked = re.findall(r"{% asks [^%]*%}", (DESK / "saved.html").read_text())
    assert len(asked) == 1
    assert asked[0].endswith('"do" "delete" %}')


def asked_fields(page: str, address: str) -> dict[str, str]:
    """Return the hidden fields of a form, as a browser without scripts sends them."""
    (form,) = re.findall(rf'<form[^>]*action="{address}".*?</form>', page, re.DOTALL)
    pairs = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in pairs}


def test_without_scripts_a_page_asks_before_a_note_is_deleted(
    case: Case, browser: Callable[[str], Client]
) -> None:
    badr, letter = browser("badr"), case.letter.pk
    badr.post(f"/letters/{letter}/notes/", {"text": "Rappeler le régisseur", "reach": "readers"})
    note = Note.objects.get(text="Rappeler le régisseur")
    address = f"/letters/{letter}/notes/{note.pk}/delete/"
    fields = asked_fields(badr.get(f"/letters/{letter}/").content.decode(), address)

    asking = badr.post(address, fields, headers={"Referer": f"http://testserver/letters/{letter}/"})
    page = asking.content.decode()
    assert asking.status_code == 200
    assert f'href="/letters/{letter}/"' in page
    assert Note.objects.filter(text="Rappeler le régisseur").exists()

    assert "asks" not in (sure := asked_fields(page, address))
    assert badr.post(address, sure).status_code == 303
    assert not Note.objects.filter(text="Rappeler le régisseur").exists()


@pytest.mark.parametrize(
    ("sent_from", "back"),
    [
        ("http://testserver/letters/?a=1", "/letters/?a=1"),
        ("http://elsewhere.example/letters/", "/"),
        ("http://testserver//elsewhere.example/", "/elsewhere.example/"),
        ("http://testserver/\\elsewhere.example/", "/"),
        ("http://testserver/\t/elsewhere.example/", "/elsewhere.example/"),
        ("http://testserver//\\/elsewhere.example/", "/"),
        ("http://testserver@elsewhere.example/letters/", "/"),
        ("http://[elsewhere", "/"),
    ],
)
def test_the_way_back_leads_to_this_office_only(
    browser: Callable[[str], Client], sent_from: str, back: str
) -> None:
    fields = {"asks": "Sure?"}
    asking = browser("badr").post("/account/sessions/", fields, headers={"Referer": sent_from})
    assert asking.status_code == 200
    assert asking.context["back"] == back


def test_a_button_that_does_no_harm_is_not_asked_about(
    case: Case, browser: Callable[[str], Client]
) -> None:
    badr = browser("badr")
    badr.post("/search/saved/new/", {"name": "Fuites d’hiver", "address": "q=fuite"})
    saved = SavedSearch.objects.get(name="Fuites d’hiver")
    address = f"/search/saved/{saved.pk}/change/"
    fields = asked_fields(badr.get("/search/saved/").content.decode(), address)
    assert "asks:do:delete" in fields

    badr.post(address, fields | {"name": "Fuites d’eau"})
    assert SavedSearch.objects.filter(name="Fuites d’eau").exists()

    asking = badr.post(address, fields | {"name": "Fuites", "do": "delete"})
    assert asking.status_code == 200
    sure = asked_fields(asking.content.decode(), address)
    assert (sure["do"], sure["name"]) == ("delete", "Fuites")
    assert SavedSearch.objects.filter(pk=saved.pk).exists()
    badr.post(address, sure)
    assert not SavedSearch.objects.filter(pk=saved.pk).exists()

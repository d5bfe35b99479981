"""What cannot be taken back is asked about before it is sent."""

import re

import pytest

from tests.journeys.office import ROOT

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
    "web/archives/execute.html": "a page of its own says what is destroyed, with a way back",
    "web/privacy/rectification.html": "nothing is refused without grounds",
    "web/readings/decline.html": "a reason is chosen first",
    "web/signin/remove_form.html": "a page of its own, with a way back",
}


@pytest.mark.parametrize(("page", "address"), ENDINGS)
def test_a_form_that_ends_something_asks_first(page: str, address: str) -> None:
    forms = re.findall(r"<form (?:[^>]|%})*?>", (DESK / page).read_text())
    (form,) = (form for form in forms if address in form)
    assert "data-ask" in form


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
    opening = form.partition("{% csrf_token %}")[0]
    return "data-ask" not in opening + button[0] and not re.search(r"\brequired\b", form)


def test_the_button_that_deletes_a_search_asks_and_the_one_that_changes_it_does_not() -> None:
    buttons = re.findall(r"<button [^>]*>", (DESK / "saved.html").read_text())
    asking = [button for button in buttons if "data-ask" in button]
    assert len(asking) == 1
    assert 'value="delete"' in asking[0]

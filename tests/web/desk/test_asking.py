"""What cannot be taken back is asked about before it is sent."""

import re

import pytest

from tests.journeys.office import ROOT

DESK = ROOT / "web/templates/web"
ENDINGS = (
    ("money/debits.html", "desk:end_debit_mandate"),
    ("administration/announcements.html", "desk:withdraw_announcement"),
    ("administration/register.html", "desk:withdraw_version"),
    ("figures.html", "desk:on_figures_order' it.order.pk 'stop"),
    ("absences.html", "desk:end_absence"),
    ("parts/letter_notes.html", "desk:delete_note"),
)


@pytest.mark.parametrize(("page", "address"), ENDINGS)
def test_a_form_that_ends_something_asks_first(page: str, address: str) -> None:
    forms = re.findall(r"<form (?:[^>]|%})*?>", (DESK / page).read_text())
    (form,) = (form for form in forms if address in form)
    assert "data-ask" in form


def test_the_button_that_deletes_a_search_asks_and_the_one_that_changes_it_does_not() -> None:
    buttons = re.findall(r"<button [^>]*>", (DESK / "saved.html").read_text())
    asking = [button for button in buttons if "data-ask" in button]
    assert len(asking) == 1
    assert 'value="delete"' in asking[0]

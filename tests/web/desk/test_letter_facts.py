"""The facts' form on a letter's page: two clerks at once, and a sender without a name."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from org.models import User
from registry.models.letters import Letter
from routing.models.suggestions import Suggestion
from tests.factories import deposit
from tests.web.desk.cases import Case
from web.desk.check.form import FactsForm

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def opened(client: Client, letter: Letter) -> dict[str, Any]:
    """Return the fields of the form as a browser would send them unchanged."""
    form = client.get(f"/letters/{letter.pk}/").context["check"]
    return {bound.name: "" if bound.value() is None else bound.value() for bound in form}


def keep(client: Client, letter: Letter, fields: dict[str, Any]) -> str:
    """Send the form; return the page that follows."""
    answer = client.post(f"/letters/{letter.pk}/check/", fields)
    assert answer.status_code == 303
    return str(client.get(answer["Location"]).content.decode())


def sender_of(letter: Letter) -> Any:
    return Letter.objects.get(pk=letter.pk).sender


def test_the_second_clerk_is_told_and_overwrites_nothing(case: Case, browser: Browser) -> None:
    client = browser("amina")
    mine, theirs = opened(client, case.letter), opened(client, case.letter)
    keep(client, case.letter, {**theirs, "subject": "Fuite place Yasmina"})

    page = keep(client, case.letter, {**mine, "sender_phone": "0612 34 56 78"})

    row = Letter.objects.get(pk=case.letter.pk)
    assert row.subject == "Fuite place Yasmina"
    assert row.sender is not None
    assert row.sender.phone == ""
    assert "0612 34 56 78" in page, "what was typed is there to be copied"
    again = opened(client, case.letter)
    keep(client, case.letter, {**again, "sender_phone": "0612 34 56 78"})
    assert sender_of(case.letter).phone == "0612 34 56 78"


def test_what_else_happens_to_the_letter_is_no_change_of_its_facts(
    case: Case, browser: Browser
) -> None:
    client = browser("amina")
    mine = opened(client, case.letter)
    client.post(f"/letters/{case.letter.pk}/notes/", {"text": "Vu au guichet", "reach": "readers"})
    keep(client, case.letter, {**mine, "subject": "Fuite rue des Lilas"})
    assert Letter.objects.get(pk=case.letter.pk).subject == "Fuite rue des Lilas"


def test_a_telephone_without_a_name_is_kept(browser: Browser, amina: User) -> None:
    client, letter = browser("amina"), deposit(actor=amina, sender="").letter
    keep(client, letter, {**opened(client, letter), "sender_phone": "0612345678"})
    assert sender_of(letter).phone == "0612345678"


def test_a_sender_is_emptied_and_their_proposal_is_judged_wrong(
    browser: Browser, amina: User
) -> None:
    client, letter = browser("amina"), deposit(actor=amina, sender="BASMALA SARL").letter
    row = Suggestion.objects.create(
        letter=letter, field="sender", value="BASMALA SARL", score=0.9, current=True
    )
    page = keep(client, letter, {**opened(client, letter), "sender_name": ""})
    assert sender_of(letter).shown_name == ""
    row.refresh_from_db()
    assert row.decision == Suggestion.Decision.CORRECTED
    assert "None" not in page


def test_a_form_without_a_sender_changes_none(case: Case, browser: Browser) -> None:
    before = sender_of(case.letter).shown_name
    fields = {"subject": "Fuite", "confidentiality": "0"}
    keep(browser("amina"), case.letter, fields)
    assert sender_of(case.letter).shown_name == before != ""


def test_the_check_page_keeps_a_telephone_without_a_name() -> None:
    filled = FactsForm({"sender_phone": "0612345678", "sender_name": ""})
    assert filled.is_valid()
    given = filled.sender()
    assert given is not None
    assert (given.name, given.phone) == ("", "0612345678")


def test_the_check_page_names_a_sender_by_the_address_alone() -> None:
    filled = FactsForm({"sender_email": "syndic@usager.example"})
    assert filled.is_valid()
    given = filled.sender()
    assert given is not None
    assert given.name == "syndic@usager.example"

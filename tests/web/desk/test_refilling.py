"""What was typed of a refused action stands in its form again, once, and is lost on no way."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from org import keys
from routing.models.opinions import Opinion
from tests.factories import deposit
from tests.web.desk.cases import Case
from web.shared.form_finder import TypedForm, filled_in

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
QUESTION = "Le réseau tient-il ?\n<b>& « demain »"


def sent(client: Client, address: str, /, *args: Any, **fields: Any) -> str:
    """Return the page to which a refused action leads."""
    answer = client.post(reverse(f"desk:{address}", args=args), fields)
    assert answer.status_code == 303
    return str(client.get(answer["Location"]).content.decode())


def form_of(page: str, address: str, /, *args: Any) -> str:
    action = reverse(f"desk:{address}", args=args)
    (found,) = re.findall(rf'<form[^>]*action="{action}".*?</form>', page, re.DOTALL)
    return str(found)


def test_a_question_with_a_bad_day_stands_in_its_form_again(case: Case, browser: Browser) -> None:
    badr = browser("badr")
    fields = {"asked": ["SI"], "question": QUESTION, "due_on": "31/02/2026", "in_turn": "1"}
    page = sent(badr, "ask_opinion", case.letter.pk, **fields)
    form = form_of(page, "ask_opinion", case.letter.pk)
    assert "&lt;b&gt;&amp; « demain »</textarea>" in form
    assert 'value="31/02/2026"' in form
    (turn,) = re.findall(r'<input[^>]*name="in_turn"[^>]*>', form)
    assert "checked" in turn
    (asked,) = re.findall(r'<input[^>]*name="asked"[^>]*value="SI"[^>]*>', form)
    assert "checked" in asked
    assert not Opinion.objects.exists()
    assert "31/02/2026" not in badr.get(f"/letters/{case.letter.pk}/").content.decode()


def test_the_form_is_unfolded_alone_in_its_group(case: Case, browser: Browser) -> None:
    page = sent(
        browser("badr"), "ask_opinion", case.letter.pk, question=QUESTION, due_on="31/02/2026"
    )
    before = page[: page.index(reverse("desk:ask_opinion", args=[case.letter.pk]))]
    folds = re.findall(r"<details[^>]*>|</details>", before)
    around: list[str] = []
    for fold in folds:
        if fold == "</details>":
            around.pop()
        else:
            around.append(fold)
    assert around
    assert all(" open" in fold for fold in around)
    parts = re.findall(r'<details[^>]*name="part"[^>]*>', page)
    assert sum(" open" in part for part in parts) == 1


def test_facts_with_a_bad_day_are_typed_once(case: Case, browser: Browser) -> None:
    facts = {"subject": "Fuite rue des Orangers", "sender_name": "Fatima Bennis"}
    amina = browser("amina")
    seen = amina.get(f"/letters/{case.letter.pk}/").context["check"]["seen"].value()
    page = sent(
        amina,
        "check",
        case.letter.pk,
        **facts,
        seen=seen,
        kind="request",
        confidentiality="0",
        document_date="31/02/2026",
    )
    form = form_of(page, "check", case.letter.pk)
    for said in (*facts.values(), "31/02/2026"):
        assert f'value="{said}"' in form
    assert re.search(r'<option value="request" selected>', form)


def test_a_text_whose_form_is_gone_is_shown_to_be_copied(case: Case, browser: Browser) -> None:
    badr, row = browser("badr"), case.letter.assignments.get()
    fields = {"department": "SI", "reason": "Panne du réseau de la régie"}
    done = badr.post(
        reverse("desk:on_assignment", args=[case.letter.pk, row.pk, "transfer"]), fields
    )
    assert done.status_code == 303
    page = sent(browser("amina"), "on_assignment", case.letter.pk, row.pk, "transfer", **fields)
    assert re.search(r"<textarea[^>]*readonly[^>]*>\s*Panne du réseau de la régie<", page)


def test_a_single_word_whose_form_is_gone_is_shown_and_a_choice_is_not(
    case: Case, browser: Browser
) -> None:
    badr, row = browser("badr"), case.letter.assignments.get()
    address, fields = "on_assignment", {"department": "SI", "reason": "Compétence"}
    args = [case.letter.pk, row.pk, "transfer"]
    assert badr.post(reverse(f"desk:{address}", args=args), fields).status_code == 303
    page = sent(browser("amina"), address, *args, **fields)
    copied = re.findall(r"<textarea[^>]*readonly[^>]*>\s*(.*?)</textarea>", page, re.DOTALL)
    assert copied == ["Compétence"]


def test_a_very_long_text_is_kept_too(case: Case, browser: Browser) -> None:
    long = "نص " * 100_000
    page = sent(
        browser("badr"), "ask_opinion", case.letter.pk, question=long + "fin", due_on="31/02/2026"
    )
    assert "fin</textarea>" in form_of(page, "ask_opinion", case.letter.pk)


def test_what_was_done_keeps_nothing(case: Case, browser: Browser) -> None:
    badr = browser("badr")
    badr.post(
        reverse("desk:ask_opinion", args=[case.letter.pk]), {"asked": ["SI"], "question": "?"}
    )
    assert "typed" not in badr.session


def test_passwords_are_not_kept(case: Case, browser: Browser) -> None:
    badr = browser("badr")
    fields = {"question": "?", "due_on": "31/02/2026", "confirm_password": "secret-2026"}
    badr.post(reverse("desk:ask_opinion", args=[case.letter.pk]), fields)
    assert "secret-2026" not in keys.decipher(badr.session["typed"], use="typed")


def test_what_is_kept_in_the_session_is_enciphered(case: Case, browser: Browser) -> None:
    badr = browser("badr")
    fields = {"question": "Le +212 661 000 000 ?", "due_on": "31/02/2026"}
    badr.post(reverse("desk:ask_opinion", args=[case.letter.pk]), fields)
    assert "661" not in badr.session["typed"]
    assert "661 000 000" in keys.decipher(badr.session["typed"], use="typed")


def test_options_before_any_field_do_no_harm() -> None:
    page = '<form action="/a/"><datalist><option value="x"></datalist><input name="b"></form>'
    assert 'value="typed"' in (filled_in(page, TypedForm("/a/", {"b": ["typed"]})) or "")


def test_a_form_of_a_newer_state_or_of_another_thing_is_left() -> None:
    page = (
        '<form action="/a/"><input type="hidden" name="seen" value="2">'
        '<input name="name" value="new"><input name="why"></form>'
    )
    sent_of_it = TypedForm("/a/", {"seen": ["1"], "name": ["old"], "why": ["because"]})
    assert filled_in(page, sent_of_it) is None
    same = TypedForm("/a/", {"seen": ["2"], "name": ["old"], "why": ["because"]})
    filled = filled_in(page, same) or ""
    assert 'name="name" value="old"' in filled
    assert 'name="why" value="because"' in filled


def test_what_is_never_kept_is_left_as_the_page_has_it() -> None:
    page = (
        '<form action="/a/"><input type="checkbox" name="new_secret" value="1" checked>'
        '<input type="hidden" name="who" value="1"><input name="who"></form>'
    )
    filled = filled_in(page, TypedForm("/a/", {"who": ["1", "two"]})) or ""
    assert 'name="new_secret" value="1" checked' in filled
    assert 'name="who" value="two"' in filled


def test_a_page_without_the_form_is_left() -> None:
    assert filled_in('<form action="/b/"><input name="x"></form>', TypedForm("/a/", {})) is None


def test_a_field_outside_its_form_is_filled_in_too() -> None:
    page = (
        '<form id="f" action="/a/"><button name="what" value="go"></button></form>'
        '<form action="/b/"><input type="checkbox" name="n" value="1" form="f">'
        '<input type="checkbox" name="n" value="2" form="f"><input name="other"></form>'
    )
    filled = filled_in(page, TypedForm("/a/", {"what": ["go"], "n": ["2"]})) or ""
    assert 'value="1" form="f">' in filled
    assert 'value="2" form="f" checked>' in filled


def test_letters_chosen_in_the_tray_stay_chosen_where_no_department_was(browser: Browser) -> None:
    chosen, other = deposit(subject="Un").letter, deposit(subject="Deux").letter
    amina = browser("amina")
    page = sent(amina, "bulk_tray", letters=[str(chosen.pk)], what="assign", next="/tray/")
    assert "Choisissez un service" in page
    assert "readonly" not in page  # nothing is to be copied
    ticked = re.findall(r'<input[^>]*name="letters"[^>]*value="([^"]*)"[^>]*checked', page)
    assert ticked == [str(chosen.pk)] != [str(other.pk)]

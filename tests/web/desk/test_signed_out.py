"""A session that ends in mid-form: what was typed is kept; addresses of verbs opened by hand."""

import json
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from config.organisation import DEMO_PASSWORD
from routing.models.notes import Note
from tests.web.desk.cases import Case

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return unescape(found.group(1))


def test_what_was_typed_is_sent_after_the_log_in(nobody: Client, case: Case) -> None:
    address = f"/letters/{case.letter.pk}/notes/"
    typed = {
        "reach": "readers",
        "text": 'Rappeler "Mme B."\net <voir> la facture',
        "named": "dounia",
    }

    asked = nobody.post(address, typed)
    assert asked.status_code == 401
    assert case.letter.subject not in asked.content.decode()
    kept = _hidden(asked.content.decode(), "kept")

    wrong = nobody.post("/login/", {"username": "badr", "password": "faux", "kept": kept})
    kept = _hidden(wrong.content.decode(), "kept")
    right = {"username": "badr", "password": DEMO_PASSWORD, "kept": kept}
    page = nobody.post("/login/", right).content.decode()
    assert not Note.objects.exists(), "a person sends it, nobody else"
    assert f'action="{address}"' in page
    fields = {name: _hidden(page, name) for name in typed}
    assert fields == typed

    assert nobody.post(address, fields).status_code == 303
    assert Note.objects.get().text.split() == typed["text"].split()


def test_rows_with_gaps_keep_their_places(nobody: Client, case: Case) -> None:
    """Of two addressees only the second has an e-mail."""
    typed = {"to_name": ["Samir", "Zineb"], "to_email": ["", "zineb@example.org"]}
    asked = nobody.post("/drafts/new/outgoing/", typed)
    kept = _hidden(asked.content.decode(), "kept")
    right = {"username": "badr", "password": DEMO_PASSWORD, "kept": kept}
    page = nobody.post("/login/", right).content.decode()
    assert re.findall(r'name="to_email" value="([^"]*)"', page) == typed["to_email"]
    assert "Badr" in page, "in whose name it is sent"


def test_nobody_is_offered_to_send_what_a_stranger_may_have_written(nobody: Client) -> None:
    """The deposit is read before the protection against forged forms: of strangers not at all."""
    answer = nobody.post("/deposit/", {"subject": "une lettre forgée"})
    assert answer.status_code == 401
    assert b'name="kept"' not in answer.content


def test_a_long_arabic_text_is_carried_as_a_latin_one_is(nobody: Client, case: Case) -> None:
    typed = "نص طويل " * 12_500
    page = nobody.post(f"/letters/{case.letter.pk}/notes/", {"text": typed}).content.decode()
    assert json.loads(_hidden(page, "kept"))[1] == [["text", typed]]


def test_more_fields_than_are_carried_are_said(nobody: Client, case: Case) -> None:
    address = f"/letters/{case.letter.pk}/notes/"
    page = nobody.post(address, {"named": [str(n) for n in range(501)]}).content.decode()
    assert _hidden(page, "kept") == ""
    assert "copiez" in page


def test_what_is_kept_goes_to_this_office_only(nobody: Client) -> None:
    for address in ("https://elsewhere.example/", "//elsewhere.example/x", "javascript:alert(1)"):
        kept = json.dumps([address, [["text", "bonjour"]], False])
        form = {"username": "badr", "password": DEMO_PASSWORD, "kept": kept}
        answer = nobody.post("/login/", form)
        assert answer.status_code == 302, address
        nobody.logout()
    nested = "[" * 5000
    for broken in (
        nested,
        '["/x", [["a", "\\ud800"]], false]',
        "{",
        "[]",
        "[1, 2, 3]",
        '["/x", [["a"]], 0]',
        "null",
    ):
        answer = nobody.post("/login/", {"username": "x", "password": "y", "kept": broken})
        assert answer.status_code == 200, broken


def test_nothing_typed_leads_to_the_plain_log_in(nobody: Client, case: Case) -> None:
    address = f"/letters/{case.letter.pk}/notes/"
    assert nobody.post(address).headers["Location"].startswith("/login/")
    answer = nobody.post(address, {"text": "x"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/login/")


def test_the_address_of_a_verb_opened_by_hand_says_so(browser: Browser, case: Case) -> None:
    answer = browser("badr").get(f"/letters/{case.letter.pk}/notes/")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "bouton" in answer.content.decode()


def test_files_of_a_form_that_cannot_be_kept_are_named(nobody: Client, case: Case) -> None:
    scan = SimpleUploadedFile("reçu <b>.pdf", b"%PDF-1.4")
    asked = nobody.post(f"/letters/{case.letter.pk}/notes/", {"text": "Voir le reçu", "scan": scan})
    kept = _hidden(asked.content.decode(), "kept")
    right = {"username": "badr", "password": DEMO_PASSWORD, "kept": kept}
    page = nobody.post("/login/", right).content.decode()
    assert "reçu &lt;b&gt;.pdf" in page


def _carried(client: Client, address: str, typed: dict[str, str]) -> dict[str, str]:
    page = client.post(address, typed).content.decode()
    return dict(json.loads(_hidden(page, "kept"))[1])


def test_the_code_of_a_paper_is_carried_and_one_of_a_person_is_not(nobody: Client) -> None:
    typed = {"what": "take", "code": "S-0000123-4"}
    assert _carried(nobody, "/custody/move/", typed) == typed
    for name in ("code", "password", "again", "new_password1", "oldpassword", "confirm_code"):
        assert _carried(nobody, "/account/second-step/app/", {"name": "x", name: "s"}) == {
            "name": "x"
        }


def test_the_key_of_a_form_is_carried(nobody: Client) -> None:
    """So that what was sent before is not done twice."""
    typed = {"name": "Fatima", "form_key": "k" * 20}
    assert _carried(nobody, "/custody/move/", typed) == typed

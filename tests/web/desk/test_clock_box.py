"""On a letter's page the clock is stopped, let go on, extended, and pieces are asked for."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from org.models import User
from registry.models.letters import Letter
from registry.models.pieces import PiecesRequest
from registry.tracking import code_of
from registry.verification import verify_register
from routing.assigning import giving
from routing.inbox import assignments
from routing.models.clocks import DeadlineRule
from routing.rules.defaults import load_defaults
from tests.factories import department, deposit, drain, kind, person

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture
def letter() -> Letter:
    load_defaults()
    found = deposit(kind=kind("request"), actor=person("amina")).letter
    given = giving.assign(found, department=department("EAU"), actor=person("amina"))
    assignments.accept(given, actor=person("badr"))
    return Letter.objects.get(pk=found.pk)


def page_of(client: Client, letter: Letter) -> str:
    return str(client.get(reverse("desk:letter", args=[letter.pk])).content.decode())


def do(client: Client, letter: Letter, what: str, **fields: Any) -> Any:
    return client.post(reverse("desk:on_clock", args=[letter.pk, what]), fields)


def citizen(letter: Letter) -> Client:
    client = Client()
    client.post("/follow/", {"number": letter.number, "code": code_of(letter.pk)})
    return client


def plan(name: str = "plan.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"Plan de situation du compteur")


def test_a_department_stops_the_clock_and_lets_it_go_on(browser: Browser, letter: Letter) -> None:
    client = browser("badr")
    assert do(client, letter, "stop", reason="Expertise en cours").status_code == 303
    page = page_of(client, letter)
    assert "Expertise en cours" in page
    assert reverse("desk:on_clock", args=[letter.pk, "restart"]) in page
    do(client, letter, "restart", reason="Rapport reçu")
    assert Letter.objects.get(pk=letter.pk).due_on is not None


def test_the_clock_of_a_department_is_explained_beside_the_legal_one(browser: Browser) -> None:
    load_defaults()
    eau = department("EAU")
    DeadlineRule.objects.create(
        kind=kind("enquiry"), clock="internal", days=5, unit="working", start_from="assigned"
    )
    letter = deposit(kind=kind("enquiry"), actor=person("amina")).letter
    given = giving.assign(letter, department=eau, actor=person("amina"))
    page = page_of(browser("badr"), letter)
    assert escape(given.due_explained["fr"]) in page


def test_a_stop_without_a_reason_is_told(browser: Browser, letter: Letter) -> None:
    do(browser("badr"), letter, "stop", reason=" ")
    assert Letter.objects.get(pk=letter.pk).due_on is not None


def test_who_reads_only_has_no_buttons(browser: Browser, letter: Letter) -> None:
    page = page_of(browser("audit"), letter)
    assert "/clock/" not in page
    do(browser("audit"), letter, "stop", reason="Parce que")
    assert Letter.objects.get(pk=letter.pk).version == letter.version


def send_piece(client: Client, number: int | str, *files: SimpleUploadedFile) -> Any:
    fields = {"piece": number, "files": list(files)}
    return client.post("/follow/pieces/", fields, follow=True)


def test_the_citizen_adds_the_pieces_one_by_one_and_the_clock_goes_on_with_the_last(
    browser: Browser, letter: Letter, register_is_clean: Callable[[], None]
) -> None:
    do(browser("badr"), letter, "ask", pieces="Plan de situation\nFacture")
    drain("receipt.render")
    client = citizen(letter)
    page = client.get("/follow/letter/").content.decode()
    assert "Plan de situation" in page
    assert 'name="piece" value="2"' in page
    receipt: Any = client.get("/follow/pieces/receipt.pdf")
    assert b"".join(receipt.streaming_content).startswith(b"%PDF")
    send_piece(client, 1, plan())
    request = PiecesRequest.objects.get(letter=letter)
    assert request.answered_at is None
    assert [piece.name for piece in request.missing] == ["Facture"]
    assert Letter.objects.get(pk=letter.pk).due_on is None
    page = client.get("/follow/letter/").content.decode()
    assert 'name="piece" value="1"' not in page
    assert 'name="piece" value="2"' in page
    box = page_of(browser("badr"), letter)
    assert 'name="pieces" value="2"' in box
    assert 'name="pieces" value="1"' not in box
    send_piece(client, 2, plan("facture.txt"))
    found = Letter.objects.get(pk=letter.pk)
    assert found.due_on is not None
    assert found.documents.count() == 3
    assert PiecesRequest.objects.get(letter=letter).answered_at is not None
    assert 'name="piece"' not in client.get("/follow/letter/").content.decode()
    register_is_clean()


def test_everything_was_sent_ends_the_waiting(browser: Browser, letter: Letter) -> None:
    do(browser("badr"), letter, "ask", pieces="Plan\nFacture")
    client = citizen(letter)
    client.post("/follow/pieces/complete/")
    assert PiecesRequest.objects.get(letter=letter).answered_at is None  # nothing has come
    send_piece(client, "", plan())
    request = PiecesRequest.objects.get(letter=letter)
    assert (request.answered_at, len(request.missing)) == (None, 2)
    page = client.post("/follow/pieces/complete/", follow=True).content.decode()
    assert PiecesRequest.objects.get(letter=letter).answered_at is not None
    assert Letter.objects.get(pk=letter.pk).due_on is not None
    assert 'name="piece"' not in page


def test_what_nobody_asked_for_is_added_and_told_without_touching_the_clock(
    browser: Browser, letter: Letter, mailoutbox: list[EmailMessage]
) -> None:
    User.objects.filter(username="badr").update(email="badr@regie.example")
    due = letter.due_on
    client = citizen(letter)
    assert 'name="files"' in client.get("/follow/letter/").content.decode()
    page = send_piece(client, "", plan("photo.txt")).content.decode()
    assert "photo.txt" in page
    found = Letter.objects.get(pk=letter.pk)
    assert (found.due_on, found.documents.count()) == (due, 2)
    assert found.events.get(seq=found.version).kind == "added_unasked"
    drain("notice.spread")
    drain("notice.tell")
    (notice,) = mailoutbox
    assert notice.to == ["badr@regie.example"]
    assert letter.number in notice.body
    history = page_of(browser("badr"), letter)
    assert "l’expéditeur" in history
    assert list(verify_register()) == []


def test_pieces_that_cannot_be_taken_are_told_and_nothing_is_lost(
    browser: Browser, letter: Letter
) -> None:
    do(browser("badr"), letter, "ask", pieces="Plan")
    client = citizen(letter)
    for files in ([], [SimpleUploadedFile("vide.pdf", b"")]):
        assert "notice" in send_piece(client, 1, *files).content.decode()
    assert send_piece(client, 7, plan()).status_code == 200
    assert PiecesRequest.objects.get(letter=letter).answered_at is None
    said = send_piece(client, 1, plan("bon.txt"), SimpleUploadedFile("vide.pdf", b""))
    assert "Rien n’a encore été ajouté." in said.content.decode()
    page = client.get("/follow/letter/").content.decode()
    assert "bon.txt" in page  # kept for the form of this piece
    send_piece(client, 1)
    assert PiecesRequest.objects.get(letter=letter).answered_at is not None
    assert Letter.objects.get(pk=letter.pk).documents.count() == 2


def test_nobody_adds_pieces_without_number_and_code(letter: Letter) -> None:
    answer = Client().post("/follow/pieces/", {"files": [plan()]})
    assert answer["Location"] == "/follow/"
    assert Client().get("/follow/pieces/receipt.pdf")["Location"] == "/follow/"


def test_pieces_of_paper_are_added_over_the_counter(browser: Browser, letter: Letter) -> None:
    do(browser("amina"), letter, "ask", pieces="Plan")
    address = reverse("desk:add_pieces", args=[letter.pk])
    assert browser("amina").post(address, {"files": [plan()]}).status_code == 303
    assert Letter.objects.get(pk=letter.pk).documents.count() == 2
    assert PiecesRequest.objects.get(letter=letter).answered_at is None
    assert browser("amina").post(address, {"pieces": ["²"]}).status_code < 500
    browser("amina").post(address, {"pieces": ["1"]})  # it was among the paper that came before
    assert PiecesRequest.objects.get(letter=letter).answered_at is not None

"""A letter walks through the office by its pages alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from correspondence.models.replies import Reply
from org.models import User
from registry.models.letters import Letter
from registry.models.voiding import VoidRequest
from registry.verification import verify_register
from routing.models.assignments import Assignment
from tests.factories import deposit, kind
from tests.web.desk.cases import Case

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


@pytest.fixture
def letter(amina: User) -> Letter:
    """Just registered; nobody has it."""
    return deposit(actor=amina, subject="Compteur bloqué").letter


def _do(client: Client, name: str, *args: Any, **fields: Any) -> Any:
    answer = client.post(reverse(f"desk:{name}", args=args), fields)
    assert answer.status_code == 303, answer.content
    return answer


def test_from_the_tray_to_the_registered_reply(letter: Letter, browser: Browser) -> None:
    amina, badr, dounia = browser("amina"), browser("badr"), browser("dounia")

    _do(amina, "assign", letter.pk, department="EAU")
    row = Assignment.objects.get()
    _do(badr, "on_assignment", letter.pk, row.pk, "accept")
    _do(badr, "draft_reply", letter.pk, subject="Réponse", body="C'est réparé.", submit="1")
    reply = Reply.objects.get()
    _do(dounia, "on_reply", letter.pk, reply.pk, "return", remark="Plus court")
    _do(badr, "on_reply", letter.pk, reply.pk, "edit", subject="Réponse", body="Fait.", submit="1")
    _do(dounia, "on_reply", letter.pk, reply.pk, "approve")
    _do(badr, "on_reply", letter.pk, reply.pk, "send", method="handed_over", address="M. Alami")
    _do(badr, "on_assignment", letter.pk, row.pk, "sign-off", method="letter")

    letter.refresh_from_db()
    reply.refresh_from_db()
    assert letter.stage == "closed"
    assert reply.outgoing is not None
    assert (
        reply.outgoing.number in badr.get(reverse("desk:letter", args=[letter.pk])).content.decode()
    )
    assert list(verify_register()) == []


def test_a_refused_letter_comes_back_to_the_tray(letter: Letter, browser: Browser) -> None:
    amina, badr = browser("amina"), browser("badr")
    _do(amina, "assign", letter.pk, department="EAU")
    assert letter.pk not in _in_tray(amina)

    answer = _do(
        badr,
        "on_assignment",
        letter.pk,
        Assignment.objects.get().pk,
        "refuse",
        reason="Pas pour nous",
    )

    assert answer["Location"] == "/"  # the letter is out of Badr's sight now
    assert letter.pk in _in_tray(amina)


def _in_tray(client: Client) -> set[Any]:
    return {row.letter.pk for row in client.get("/tray/").context["rows"]}


def test_an_obstacle_is_said_on_the_letters_page(letter: Letter, browser: Browser) -> None:
    amina, badr = browser("amina"), browser("badr")
    _do(amina, "assign", letter.pk, department="EAU")
    row = Assignment.objects.get()

    answer = badr.post(
        reverse("desk:on_assignment", args=[letter.pk, row.pk, "refuse"]),
        {"reason": " "},
        follow=True,
    )

    assert 'class="notice error"' in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "open"


def test_two_who_accept_at_once_are_told_so(letter: Letter, browser: Browser) -> None:
    amina, badr, dounia = browser("amina"), browser("badr"), browser("dounia")
    _do(amina, "assign", letter.pk, department="EAU")
    address = reverse("desk:on_assignment", args=[letter.pk, Assignment.objects.get().pk, "accept"])
    badr.post(address)

    answer = dounia.post(address, follow=True)

    assert 'class="notice warning"' in answer.content.decode()


def test_a_check_of_the_facts_is_kept_with_its_history(letter: Letter, browser: Browser) -> None:
    _do(
        browser("amina"), "check", letter.pk, subject="Compteur bloqué, rue 8",
        kind="complaint_technical", sender_name="Omar Idrissi", document_date="2026-01-12",
        confidentiality="0",
    )  # fmt: skip

    letter = Letter.objects.for_lists().get(pk=letter.pk)
    assert (letter.subject, letter.kind.code) == ("Compteur bloqué, rue 8", "complaint_technical")  # type: ignore[union-attr]
    assert letter.sender.name == "Omar Idrissi"  # type: ignore[union-attr]
    assert list(verify_register()) == []


def test_voiding_takes_two_people_and_leaves_the_number(letter: Letter, browser: Browser) -> None:
    amina, direction = browser("amina"), browser("direction")
    _do(amina, "ask_void", letter.pk, reason="Saisi deux fois")
    row = VoidRequest.objects.get()

    amina.post(reverse("desk:decide_void", args=[row.pk, "approve"]))
    letter.refresh_from_db()
    assert letter.stage != "voided"

    assert letter.number in direction.get("/void/").content.decode()
    _do(direction, "decide_void", row.pk, "approve")
    letter.refresh_from_db()
    row.refresh_from_db()
    assert letter.stage == "voided"
    assert row.minute_number in amina.get("/register/anomalies/").content.decode()  # type: ignore[operator]


def test_after_a_verb_nobody_is_sent_to_another_site(letter: Letter, browser: Browser) -> None:
    answer = _do(
        browser("amina"), "assign", letter.pk, department="EAU", next="https://evil.example/"
    )

    assert answer["Location"] == reverse("desk:letter", args=[letter.pk])


def test_an_unknown_verb_is_not_there(case: Case, browser: Browser) -> None:
    for name, row in (("on_assignment", case.assignment), ("on_reply", case.reply)):
        address = reverse(f"desk:{name}", args=[case.letter.pk, row.pk, "explode"])
        assert browser("badr").post(address).status_code == 404


def test_a_reply_file_that_is_a_program_is_refused_in_words(case: Case, browser: Browser) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("reponse.pdf", b"MZ\x90\x00" + b"\0" * 60)
    answer = browser("badr").post(
        reverse("desk:draft_reply", args=[case.letter.pk]),
        {"subject": "R", "body": "", "file": file},
        follow=True,
    )

    assert "reponse.pdf" in answer.content.decode()
    assert Reply.objects.count() == 1


def test_a_complaint_is_signed_off_with_its_outcome_and_the_page_shows_it(
    case: Case, browser: Browser
) -> None:
    letter, badr = case.letter, browser("badr")
    Letter.objects.filter(pk=letter.pk).update(kind=kind("complaint_technical"))
    page = badr.get(f"/letters/{letter.pk}/").content.decode()
    assert 'name="outcome"' in page
    _do(badr, "on_assignment", letter.pk, case.assignment.pk, "sign-off", method="phone")
    letter.refresh_from_db()
    assert letter.stage != "closed"
    _do(
        *(badr, "on_assignment", letter.pk, case.assignment.pk, "sign-off"),
        method="phone",
        outcome="unfavourable",
    )
    _do(badr, "outcome", letter.pk, outcome="partly", reason="Geste commercial")
    page = badr.get(f"/letters/{letter.pk}/").content.decode()
    assert "Geste commercial" in page
    assert "Partiellement favorable" in page
    assert "Suite donnée corrigée" in page

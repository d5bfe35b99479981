"""The sender's code is seen by nobody of staff: no page, no file, no answer of the API holds it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from org.models import User
from registry.models.letters import Letter
from registry.models.receipts import Receipt
from registry.sender_copies import NotHandedOverError, hand_over_receipt
from registry.tracking import code_of
from routing.assigning import giving
from routing.check import decisions
from routing.clocks import due, pieces
from routing.inbox import assignments
from routing.models.clocks import DeadlineRule
from tests.factories import api_key, department, deposit, drain, kind, person
from tests.registry.papers import words_of_pdf
from tests.web.undone import each

pytestmark = pytest.mark.django_db
# A clerk, a member and the head of the department that answers, a member of another one, the
# director, an auditor, an administrator.
STAFF = ("amina", "badr", "dounia", "chafik", "direction", "audit", "admin")


@pytest.fixture
def letter(amina: User, badr: User) -> Letter:
    """An hour old, in the hands of EAU, with a receipt of each kind, all drawn."""
    DeadlineRule.objects.create(kind=kind("request"), days=30, unit="calendar")
    found = deposit(actor=amina, kind=kind("request")).letter
    decisions.decide_suggestion(found, actor=amina, values={"kind": "request"})
    due.recompute_due_dates(actor=None)
    found.refresh_from_db()
    assignments.accept(giving.assign(found, department=department("EAU"), actor=amina), actor=badr)
    for _ in range(3):
        drain("letter.index", "receipt.full", "receipt.render")
    pieces.ask_for_pieces(found, actor=amina, pieces="Plan")
    drain("receipt.render")
    Letter.objects.filter(pk=found.pk).update(registered_at=timezone.now() - timedelta(hours=1))
    found.refresh_from_db()
    return found


def addresses(letter: Letter) -> list[str]:
    desk = ("letter", "registered", "receipt", "receipt_state", "full_receipt", "pieces_receipt")
    names = (*desk, "sender_receipt", "slip")
    own = [reverse(f"desk:{name}", args=[letter.pk]) for name in names]
    return [*own, *(reverse(f"api:{n}", args=[letter.pk]) for n in ("letter", "events", "receipt"))]


def said(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return words_of_pdf(content) if content.startswith(b"%PDF") else content.decode()


def test_nothing_that_staff_can_open_holds_the_code(
    letter: Letter, client_as: Callable[[str], Client]
) -> None:
    code = code_of(letter.pk)

    def attempt(username: str) -> None:
        key = api_key(username)
        client = client_as(username)
        opened = 0
        for address in addresses(letter):
            headers = {"authorization": f"Token {key}"} if "/api/" in address else {}
            answer = client.get(address, headers=headers)
            opened += answer.status_code == 200
            text = said(answer)
            assert code not in text, address
            assert code.replace("-", "") not in text, address
        assert opened >= (9 if username == "amina" else 6 if username in ("badr", "dounia") else 0)

    each(STAFF, attempt)


def test_every_kind_of_receipt_has_a_copy_for_staff(letter: Letter) -> None:
    for kind_of in Receipt.Kind.values:
        assert letter.receipts.get(kind=kind_of).office_file is not None, kind_of


@pytest.mark.parametrize("username", STAFF)
def test_only_the_clerk_of_the_deposit_hands_the_code_over(username: str, amina: User) -> None:
    letter = deposit(actor=amina, departments=["EAU"]).letter
    if username == "amina":
        assert hand_over_receipt(letter, actor=amina).kind == "receipt_handed"
        return
    with pytest.raises(NotHandedOverError):
        hand_over_receipt(letter, actor=person(username))
    assert not letter.events.filter(kind="receipt_handed").exists()


def test_a_key_repeated_later_tells_no_code_over_the_api(amina: User) -> None:
    key = api_key("amina")
    headers = {"authorization": f"Token {key}", "idempotency-key": "k"}
    words = {"subject": "Fuite", "message": "Bonjour"}
    first, second = (
        Client().post("/api/v1/letters", words, "application/json", headers=headers).json()
        for _ in range(2)
    )
    assert first["tracking_code"] == second["tracking_code"] == code_of(first["id"])
    Letter.objects.update(registered_at=timezone.now() - timedelta(hours=1))
    third = Client().post("/api/v1/letters", words, "application/json", headers=headers).json()
    assert (third["id"], third["tracking_code"]) == (first["id"], "")

"""Beyond a limit a visitor computes instead of being shut out, and nobody's letter is locked."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from language.numerals import registry_number_key
from registry.models.letters import Letter
from registry.tracking import code_of
from tests.factories import deposit
from web import proof
from web.throttle import CONTACT_BY_ADDRESS, FOLLOW_BY_ADDRESS, FOLLOW_BY_NUMBER, count_attempt

pytestmark = pytest.mark.django_db
URL = "/follow/"


def _follow(client: Client, letter: Letter) -> int:
    return client.post(URL, {"number": letter.number, "code": code_of(letter.pk)}).status_code


def _task(client: Client, letter: Letter) -> str:
    page = client.post(URL, {"number": letter.number, "code": "BBBBBBBB"}).content.decode()
    found = re.search(r'name="task" value="([^"]+)"', page)
    assert found, page
    return unescape(found[1])


def _solved(task: str) -> str:
    numbers = map(str, range(10**8))
    return next(number for number in numbers if proof.is_solved(task, number, bits=proof.BITS))


def test_strangers_lock_nobody_out_of_a_letter() -> None:
    letter, citizen = deposit().letter, Client()
    for _stranger in range(FOLLOW_BY_NUMBER.most):
        count_attempt(FOLLOW_BY_NUMBER, registry_number_key(letter.number) or "")
    assert _follow(citizen, letter) == 429
    task = _task(citizen, letter)
    answer = {"task": task, "answer": _solved(task)}
    assert citizen.post("/portal/proof/", answer).status_code == 200
    assert citizen.cookies[settings.PROOF_COOKIE_NAME]["httponly"]
    assert _follow(citizen, letter) == 303
    assert Client().post("/portal/proof/", answer).status_code == 422  # it pays once

    # Each attempt costs, and a pass ends.
    for _ in range(proof.USES.most):
        citizen.post(URL, {"number": letter.number, "code": "BBBBBBBB"})
    assert _follow(citizen, letter) == 429


def test_a_pass_is_of_one_connection() -> None:
    letter, citizen = deposit().letter, Client()
    for _ in range(FOLLOW_BY_ADDRESS.most):
        count_attempt(FOLLOW_BY_ADDRESS, "127.0.0.1")
        count_attempt(FOLLOW_BY_ADDRESS, "192.0.2.9")
    task = _task(citizen, letter)
    answer = {"task": task, "answer": _solved(task)}
    other = Client(REMOTE_ADDR="192.0.2.9")
    assert other.post("/portal/proof/", answer).status_code == 422
    assert citizen.post("/portal/proof/", answer).status_code == 200
    other.cookies[settings.PROOF_COOKIE_NAME] = citizen.cookies[settings.PROOF_COOKIE_NAME].value
    assert _follow(other, letter) == 429
    assert _follow(citizen, letter) == 303


def test_beyond_the_ceiling_no_proof_helps() -> None:
    letter, citizen = deposit().letter, Client()
    ceiling = proof.ceiling_of(FOLLOW_BY_ADDRESS)
    for limit, most in ((FOLLOW_BY_ADDRESS, FOLLOW_BY_ADDRESS.most), (ceiling, ceiling.most - 1)):
        for _ in range(most):
            count_attempt(limit, "127.0.0.1")
    task = _task(citizen, letter)
    assert (
        citizen.post("/portal/proof/", {"task": task, "answer": _solved(task)}).status_code == 200
    )
    assert _follow(citizen, letter) == 303
    assert _follow(citizen, letter) == 429
    assert b'name="task"' not in citizen.post(URL, {"number": letter.number, "code": "B"}).content


def test_no_proof_pays_for_a_code_that_is_sent(mailoutbox: list[object]) -> None:
    citizen = Client()
    for _ in range(CONTACT_BY_ADDRESS.most):
        count_attempt(CONTACT_BY_ADDRESS, "127.0.0.1")
    letter = deposit().letter
    for _ in range(FOLLOW_BY_ADDRESS.most):
        count_attempt(FOLLOW_BY_ADDRESS, "127.0.0.1")
    task = _task(citizen, letter)
    assert (
        citizen.post("/portal/proof/", {"task": task, "answer": _solved(task)}).status_code == 200
    )
    page = citizen.post(reverse("portal:space_sign_in"), {"contact": "zineb@example.ma"})
    assert page.status_code == 429
    assert b'name="task"' not in page.content
    assert mailoutbox == []


@pytest.mark.parametrize("task", ["", "torn", "a:b:c"])
@pytest.mark.parametrize("answer", ["", "1", "9" * 5000])
def test_what_is_no_solution_gives_no_pass(task: str, answer: str) -> None:
    given = Client().post("/portal/proof/", {"task": task, "answer": answer})
    assert given.status_code == 422
    assert settings.PROOF_COOKIE_NAME not in given.cookies


def test_a_page_within_the_limit_asks_for_nothing() -> None:
    assert b'id="proof"' not in Client().get(URL).content

"""Beyond a limit a visitor computes instead of being shut out, and nobody's letter is locked."""

import re
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from eservices.contracts.access_codes import access_hash
from eservices.contracts.proving import (
    MOST_GUESSABLE,
    MOST_OF_CONTRACT,
    TooManyTriesError,
    WrongProofError,
    proven_contract,
)
from language.numerals import registry_number_key
from registry.models.letters import Letter
from registry.tracking import code_of
from tests.eservices.bills.bills import a_bill, a_contract
from tests.factories import deposit
from web import proof
from web.throttle import (
    CONTACT_BY_ADDRESS,
    FOLLOW_BY_ADDRESS,
    FOLLOW_BY_NUMBER,
    FOLLOW_FIRST,
    count_attempt,
)

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
    tries = [_follow(citizen, letter) for _ in range(FOLLOW_FIRST.most)]
    assert tries == [303] * FOLLOW_FIRST.most  # no script is needed for these
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


@pytest.mark.parametrize(
    ("where", "names", "proof_of", "most"),
    [
        ("/bills/duplicate/", "contract", {"code": "K7M4XQ2R"}, None),
        ("/bills/duplicate/", "contract", {"bill": "F1", "amount": "128,40"}, MOST_GUESSABLE),
        ("/bills/duplicate/", "contract", {"code": "1234"}, MOST_GUESSABLE),
        ("/pay/find/", "number", {"code": "K7M4XQ2R"}, None),
    ],
)
def test_strangers_lock_nobody_out_of_a_contract(
    where: str, names: str, proof_of: dict[str, str], most: int | None
) -> None:
    code = proof_of.get("code", "")
    a_bill(a_contract("1000001", access_hash=access_hash("1000001", code)), number="F1")
    given = {names: "1000001", **proof_of}
    for stranger in range(MOST_OF_CONTRACT):
        _fail("1000001", f"192.0.2.{stranger}")
    citizen = Client()
    closed = citizen.post(where, given)
    assert closed.status_code == 429
    _compute(citizen, closed)
    assert citizen.post(where, given).status_code in {302, 303}

    # Where the right one can be guessed, not all tries are for sale.
    for stranger in range(MOST_OF_CONTRACT, MOST_GUESSABLE):
        _fail("1000001", f"192.0.2.{stranger}", pays=lambda: True)
    assert citizen.post(where, given).status_code == (429 if most else 303)


def test_one_stranger_uses_up_no_number() -> None:
    """However much they compute."""
    for _try in range(MOST_OF_CONTRACT):
        _fail("1000001", "192.0.2.9", pays=lambda: True)
    with pytest.raises(TooManyTriesError):
        proven_contract("1000001", code="WRONG", askers=["192.0.2.9"], pays=lambda: True)


def _fail(number: str, asker: str, **more: Any) -> None:
    with pytest.raises(WrongProofError):
        proven_contract(number, code="WRONG", askers=[asker], **more)


def _compute(client: Client, page: Any) -> None:
    """Hand in the solution of the task that the page offers."""
    found = re.search(r'name="task" value="([^"]+)"', page.content.decode())
    assert found
    task = unescape(found[1])
    answer = {"task": task, "answer": _solved(task)}
    assert client.post("/portal/proof/", answer).status_code == 200


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

"""Answers that no other test reads: they have the fields of the schema, and moments in UTC."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from org.models import User
from registry.book.voiding import ask_to_void
from registry.models.letters import Letter
from routing.assigning import giving
from routing.inbox import assignments
from tests.factories import department, deposit
from tests.registry.contacts import contact
from tests.web.desk.test_outgoing import sent, work

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]
Said = Callable[[Any, str], dict[str, Any]]


@pytest.fixture
def said(schema: dict[str, Any]) -> Said:
    """The body of an answer with the status 200 or 201, which has the fields of the schema."""
    shapes = schema["components"]["schemas"]

    def check(answer: Any, shape: str) -> dict[str, Any]:
        assert answer.status_code in (200, 201), answer.content
        body: dict[str, Any] = answer.json()
        assert set(body) == set(shapes[shape]["properties"])
        return body

    return check


@pytest.fixture
def letter(amina: User, badr: User) -> Letter:
    """A letter that Badr of EAU has in hand."""
    found = deposit(actor=amina, subject="Fuite").letter
    row = giving.assign(found, department=department("EAU"), actor=amina)
    assignments.accept(row, actor=badr)
    return found


def post(client: APIClient, address: str, **given: Any) -> Any:
    return client.post(f"/api/v1/{address}", given, format="json")


def test_custody_opinions_and_similar_letters_are_listed(
    api_as: Caller, letter: Letter, said: Said
) -> None:
    badr, address = api_as("badr"), f"letters/{letter.pk}"
    asked = {"asked": [{"department": "JUR"}], "question": "Favorable ?"}
    opinion = post(badr, f"{address}/opinions", **asked).json()["opinions"][0]
    post(badr, f"{address}/custody", what="take")

    paper = said(badr.get(f"/api/v1/{address}/custody"), "CustodyOut")
    listed = said(badr.get(f"/api/v1/{address}/opinions"), "OpinionsOut")
    near = said(badr.get(f"/api/v1/{address}/similar"), "NearOut")
    withdrawn = said(post(badr, f"opinions/{opinion['id']}/withdraw"), "OpinionOut")

    assert [stage["person"] for stage in paper["custody"]] == ["badr"]
    assert listed["opinions"] == [opinion]
    assert near["hits"] == []
    assert (withdrawn["state"], withdrawn["letter"]) == ("withdrawn", str(letter.pk))


def test_a_post_that_came_back_is_settled(api_as: Caller, said: Said) -> None:
    dispatch = sent("post")
    post(api_as("amina"), "posting-lists", way="post")
    work()
    address = f"outgoing/{dispatch.pk}"

    back = said(post(api_as("badr"), f"{address}/return", reason="moved"), "DispatchOut")
    done = said(post(api_as("badr"), f"{address}/settle", remark="Vu"), "DispatchOut")

    assert (back["state"], back["problem"]) == ("failed", "returned_moved")
    assert done["list"] == back["list"]
    assert done["list"]


def test_a_submitted_reply_is_withdrawn(api_as: Caller, letter: Letter, said: Said) -> None:
    badr = api_as("badr")
    reply = post(badr, f"letters/{letter.pk}/replies", subject="Re", body="Bonjour").json()
    post(badr, f"replies/{reply['id']}/submit")
    drawn = said(post(badr, f"replies/{reply['id']}/withdraw"), "ReplyOut")
    assert (drawn["state"], drawn["number"]) == ("draft", None)
    assert drawn["steps"]


def test_a_request_to_void_is_refused(
    api_as: Caller, letter: Letter, amina: User, said: Said
) -> None:
    request = ask_to_void(letter, actor=amina, reason="Doublon")
    answer = said(post(api_as("direction"), f"void-requests/{request.pk}/refuse"), "VoidRequestOut")
    assert (answer["decision"], answer["asked_by"], answer["decided_by"]) == (
        *("refused", "amina"),
        "direction",
    )


def test_a_way_to_reach_a_contact_is_added(api_as: Caller, said: Said) -> None:
    row = contact()
    given = {"kind": "phone", "value": "0612345678"}
    answer = said(post(api_as("amina"), f"contacts/{row.pk}/points", **given), "ContactOut")
    assert given.items() <= answer["points"][-1].items()


def test_moments_are_told_in_utc(api_as: Caller, letter: Letter) -> None:
    told = api_as("badr").get(f"/api/v1/letters/{letter.pk}").json()["registered_at"]
    assert told.endswith("Z")
    assert datetime.fromisoformat(told) == letter.registered_at


def test_the_right_is_asked_before_the_body_is_looked_at(api_as: Caller, letter: Letter) -> None:
    assert post(api_as("badr"), f"letters/{letter.pk}/same", others="x").status_code == 403
    assert post(api_as("amina"), f"letters/{letter.pk}/same", others="x").status_code == 400

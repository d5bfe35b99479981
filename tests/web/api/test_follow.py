"""POST /api/v1/follow: by number and code, what the citizen of a letter or request sees."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from eservices.requests.messages import write_message
from org.models import User
from registry.tracking import code_of
from tests.eservices.office import opened
from tests.factories import deposit
from tests.web.portal.test_follow import answered
from web.throttle import FOLLOW_BY_ADDRESS

pytestmark = pytest.mark.django_db
URL = "/api/v1/follow"


def follow(number: str, code: str) -> Any:
    return APIClient().post(URL, {"number": number, "code": code}, format="json")


def test_a_letter_without_a_request_is_followed_with_its_answer() -> None:
    letter = answered()
    answer = follow(letter.number.lower(), code_of(letter.pk).lower())
    assert answer.status_code == 200
    told = answer.json()
    assert (told["number"], told["service"], told["stage"]) == (letter.number, "", "answered")
    assert told["waiting_for"] == "office"
    assert told["timeline"][0]["words"] == "Votre courrier a été enregistré"
    (reply,) = told["replies"]
    assert reply["subject"] == "Réponse"
    assert reply["documents"][0]["media_type"] == "application/pdf"
    assert "Badr" not in answer.content.decode()


def test_a_request_tells_stage_messages_and_what_can_be_done(amina: User) -> None:
    request = opened(email="salma@usager.example")
    write_message(request, text="À quel étage ?", actor=amina)
    told = follow(request.letter.number, code_of(request.letter_id)).json()
    assert told["service"] == "complaint_water"
    assert (told["stage"], told["state"]) == ("received", "Votre signalement est reçu")
    assert [row["text"] for row in told["messages"]] == ["À quel étage ?"]
    assert "withdraw" in {row["name"] for row in told["actions"]}
    assert not told["ended"]
    assert amina.shown_name not in str(told)


def _but_for_counts(answer: Any) -> dict[str, str]:
    """The headers, less the request's own name and what is left of the caller's limit."""
    own = {"X-Request-ID", "RateLimit"}
    return {name: words for name, words in answer.headers.items() if name not in own}


def test_a_wrong_code_is_answered_like_an_unknown_number() -> None:
    letter, other = deposit().letter, deposit().letter
    wrong = follow(letter.number, code_of(other.pk))
    unknown = follow("1999/IN/1", code_of(other.pk))
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    assert wrong.content == unknown.content
    assert _but_for_counts(wrong) == _but_for_counts(unknown)


@pytest.mark.parametrize("body", [{}, {"number": "1"}, {"number": "1", "code": "B", "x": 1}, []])
def test_what_is_no_question_is_refused_by_field(body: Any) -> None:
    assert APIClient().post(URL, body, format="json").status_code == 400


def test_guessing_ends_after_some_attempts() -> None:
    letter = deposit().letter
    for _try in range(FOLLOW_BY_ADDRESS.most):
        follow(letter.number, "BBBB-BBBB")
    assert follow(letter.number, code_of(letter.pk)).status_code == 429

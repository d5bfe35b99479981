"""POST /api/v1/follow: by number and code, what the citizen of a letter or request sees."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from eservices.requests.messages import write_message
from language.numerals import registry_number_key
from org.models import User
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.tracking import code_of
from tests.eservices.office import opened
from tests.factories import deposit, text_file
from tests.web.portal.test_follow import answered
from web.throttle import FOLLOW_BY_ADDRESS, FOLLOW_BY_NUMBER, FOLLOW_WRONG, count_attempt

pytestmark = pytest.mark.django_db
URL = "/api/v1/follow"


def follow(number: str, code: str, *, address: str = "127.0.0.1") -> Any:
    given = {"number": number, "code": code}
    return APIClient().post(URL, given, format="json", REMOTE_ADDR=address)


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


def document_of(letter: Letter, document: str, code: str = "") -> Any:
    given = {"number": letter.number, "code": code or code_of(letter.pk)}
    return APIClient().post(f"{URL}/documents/{document}", given, format="json")


def test_the_answer_itself_is_had_by_number_and_code_and_counts_as_read() -> None:
    letter = answered()
    (reply,) = follow(letter.number, code_of(letter.pk)).json()["replies"]
    assert not LetterEvent.objects.filter(kind="reply_read").exists()
    (document,) = reply["documents"]
    answer = document_of(letter, document["id"])
    content = b"".join(answer.streaming_content)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert content.startswith(b"%PDF-")
    assert len(content) == document["size"]
    assert LetterEvent.objects.filter(kind="reply_read").count() == 1


def test_no_other_document_is_had_by_number_and_code() -> None:
    letter, other = answered(), answered()
    (reply,) = follow(other.number, code_of(other.pk)).json()["replies"]
    theirs = reply["documents"][0]["id"]
    (own,) = follow(letter.number, code_of(letter.pk)).json()["replies"]
    deposited = str(letter.documents.get().pk)
    refused = [
        document_of(letter, theirs),
        document_of(letter, deposited),
        document_of(letter, own["documents"][0]["id"], code_of(other.pk)),
        document_of(letter, "00000000-0000-4000-8000-000000000000"),
    ]
    assert {answer.status_code for answer in refused} == {404}
    assert {answer.json()["error"]["code"] for answer in refused} == {"not_found"}


def test_documents_of_messages_are_had_too(amina: User) -> None:
    request = opened(email="salma@usager.example")
    write_message(request, text="Le plan", actor=amina, files=[text_file()])
    told = follow(request.letter.number, code_of(request.letter_id)).json()
    (document,) = told["messages"][0]["documents"]
    answer = document_of(request.letter, document["id"])
    assert answer.status_code == 200


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


def test_strangers_shut_nobody_out_of_a_number() -> None:
    letter, other = deposit().letter, deposit().letter
    for _try in range(FOLLOW_BY_NUMBER.most):
        count_attempt(FOLLOW_BY_NUMBER, registry_number_key(letter.number) or "")
    for _try in range(FOLLOW_WRONG.most):
        assert follow(letter.number, "BBBB-BBBB", address="10.0.0.9").status_code == 404
    assert follow(letter.number, code_of(letter.pk), address="10.0.0.9").status_code == 429
    assert follow(other.number, code_of(other.pk), address="10.0.0.9").status_code == 200
    assert follow(letter.number, code_of(letter.pk), address="10.0.0.8").status_code == 200


def test_right_codes_use_nothing_up_of_a_number() -> None:
    letter = deposit().letter
    codes = {follow(letter.number, code_of(letter.pk)).status_code for _ in range(25)}
    assert codes == {200}
    assert FOLLOW_WRONG.most < 25

"""Requests at the desk: their list, the panel on the letter's page, actions as forms."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from eservices.kinds import EserviceEvent
from eservices.requests.models import Request
from registry.models.events import LetterEvent
from tests.eservices.office import WATER, opened
from tests.factories import person, text_file
from web.desk.requests.panel import seen_of

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def text_of(answer: Any) -> str:
    """The page as text."""
    assert answer.status_code == 200
    return str(answer.content.decode())


def fresh(request: Request) -> Request:
    """The request as it is now."""
    return Request.objects.select_related("letter", "version").get(pk=request.pk)


def test_the_list_shows_requests_and_their_stages(browser: Browser) -> None:
    request = opened(answers={**WATER, "danger": "yes"})
    page = text_of(browser("badr").get("/requests/"))
    assert request.letter.number in page
    assert "Reçu" in page
    assert "Danger" in page
    assert 'href="/requests/"' in page


def test_another_department_sees_none(browser: Browser) -> None:
    request = opened()
    assert request.letter.number not in text_of(browser("chafik").get("/requests/"))


@pytest.mark.parametrize(
    ("narrowed", "there"),
    [
        ("service=complaint_water", True),
        ("service=enquiry", False),
        ("stage=received", True),
        ("stage=intake", True),
        ("stage=end", False),
        ("late=1", False),
        ("mine=1", False),
        ("q=Bennis", True),
        ("q=4011822", True),
        ("q=personne", False),
        ("ended=1", True),
    ],
)
def test_the_list_is_narrowed(browser: Browser, narrowed: str, there: bool) -> None:
    request = opened(answers={**WATER, "contract": "4011822"})
    page = text_of(browser("badr").get(f"/requests/?{narrowed}"))
    assert (request.letter.number in page) is there


def test_what_is_late_is_found_and_marked(browser: Browser) -> None:
    request = opened()
    yesterday = timezone.localdate() - timedelta(days=1)
    Request.objects.filter(pk=request.pk).update(stage_due_on=yesterday)
    page = text_of(browser("badr").get("/requests/?late=1"))
    assert request.letter.number in page
    assert "req-late" in page


def test_the_list_costs_the_same_queries_for_many(browser: Browser) -> None:
    client = browser("badr")
    opened()
    client.get("/requests/")
    with CaptureQueriesContext(connection) as few:
        client.get("/requests/")
    for _one in range(4):
        opened()
    with CaptureQueriesContext(connection) as many:
        client.get("/requests/")
    assert len(many) == len(few)


def test_the_panel_shows_answers_papers_and_what_can_be_done(browser: Browser) -> None:
    request = opened()
    page = text_of(browser("badr").get(f"/letters/{request.letter_id}/"))
    assert "De l’eau coule sur le trottoir" in page
    assert "Passer au tri" in page
    assert 'aria-current="step"' in page
    assert "request.pdf" in page


def test_a_letter_that_is_no_request_has_no_panel(browser: Browser, letter: Any) -> None:
    assert "req-stages" not in text_of(browser("amina").get(f"/letters/{letter.pk}/"))


def test_an_action_is_taken_by_its_form_and_once(browser: Browser) -> None:
    request, client = opened(), browser("badr")
    address = f"/letters/{request.letter_id}/request/actions/triage/"
    seen = {"seen": seen_of(fresh(request))}
    answer = client.post(address, seen)
    assert answer.status_code == 303
    assert fresh(request).stage == "triage"
    client.post(address, seen)
    assert "Quelqu’un a été plus rapide" in text_of(client.get(f"/letters/{request.letter_id}/"))
    assert fresh(request).stage == "triage"


def test_a_reason_that_just_fits_its_field_is_kept_whole(browser: Browser) -> None:
    request, client = opened(), browser("badr")
    base = f"/letters/{request.letter_id}/request/actions"
    client.post(f"{base}/triage/", {"seen": seen_of(fresh(request))})
    reason = "a\r\n" * 10 + "b" * 976 + " fin"  # a browser counts a line's end once
    client.post(f"{base}/no_action/", {"seen": seen_of(fresh(request)), "reason": reason})
    decided = LetterEvent.objects.get(letter=request.letter_id, kind=EserviceEvent.REQUEST_DECIDED)
    assert decided.data["reason"].endswith(" fin")


def test_what_is_missing_is_said(browser: Browser) -> None:
    request, client = opened(), browser("badr")
    base = f"/letters/{request.letter_id}/request"
    client.post(f"{base}/actions/triage/", {"seen": seen_of(fresh(request))})
    client.post(f"{base}/actions/no_action/", {"seen": seen_of(fresh(request))})
    assert "Indiquez un motif." in text_of(client.get(f"/letters/{request.letter_id}/"))
    assert fresh(request).stage == "triage"


def test_a_message_is_written_with_a_file(browser: Browser) -> None:
    request, client = opened(), browser("badr")
    address = f"/letters/{request.letter_id}/request/messages/"
    upload = text_file(name="avis.txt")
    upload.stream.name = "avis.txt"  # type: ignore[misc]  # what the test client reads
    client.post(address, {"text": "Nous passons demain.", "files": upload.stream})
    page = text_of(client.get(f"/letters/{request.letter_id}/"))
    assert "Nous passons demain." in page
    assert request.messages.get().documents.get().title == "avis.txt"


def test_a_message_with_a_file_that_is_refused_keeps_its_text(browser: Browser) -> None:
    request, client = opened(), browser("badr")
    address = f"/letters/{request.letter_id}/request/messages/"
    program = SimpleUploadedFile("a.pdf", b"MZ\x90 a program")
    answer = client.post(address, {"text": "Nous passons demain.", "files": program})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "a.pdf" in page
    assert "Nous passons demain.</textarea>" in page
    assert not request.messages.exists()
    assert client.post(address, {"text": "Nous passons demain."}).status_code == 303
    assert request.messages.get().text == "Nous passons demain."


def test_who_does_not_read_the_letter_gets_what_is_not_there(browser: Browser) -> None:
    request, client = opened(), browser("chafik")
    address = f"/letters/{request.letter_id}/request/actions/triage/"
    assert client.post(address, {"seen": seen_of(fresh(request))}).status_code == 404
    assert fresh(request).stage == "received"
    assert person("chafik").is_active

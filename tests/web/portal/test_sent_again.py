"""What is sent again (two clicks, a bad line) stands once: messages, announcements, shift notes."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from eservices.relations.centre_models import ShiftNote
from eservices.relations.shifts import write_note
from eservices.requests import messages
from eservices.requests.messages import write_message
from eservices.requests.models import Message, Request
from org.announcements import announce_to_citizens, withdraw
from org.models import Announcement, User
from registry.models.documents import Document
from tests.factories import picture_bytes
from tests.web.portal.test_follow import login
from tests.web.portal.test_request_page import asked_for_pieces, fresh

pytestmark = pytest.mark.django_db
SEND = "/follow/request/message/"


@pytest.fixture
def request_of_amal(badr: User, own_data_dir: Path) -> Request:
    """A request of which pieces are asked."""
    return asked_for_pieces(badr)


def say(client: Client, text: str, picture: bytes | None = None) -> None:
    fields: dict[str, Any] = {"text": text}
    if picture:
        fields["files"] = SimpleUploadedFile("photo.png", picture, "image/png")
    assert client.post(SEND, fields).status_code == 303


def said(request: Request) -> list[str]:
    rows = Message.objects.filter(request=request, from_citizen=True).order_by("pk")
    return [row.text for row in rows]


def test_a_message_with_its_picture_stands_once(request_of_amal: Request) -> None:
    client, photo = login(request_of_amal.letter), picture_bytes()
    before = Document.objects.filter(letter=request_of_amal.letter).count()
    for _again in range(2):
        say(client, "Voici le plan.", photo)
    assert said(request_of_amal) == ["Voici le plan."]
    assert Document.objects.filter(letter=request_of_amal.letter).count() == before + 1


def test_another_picture_other_words_and_an_answer_between_are_messages(
    request_of_amal: Request, badr: User
) -> None:
    client = login(request_of_amal.letter)
    say(client, "Voici.", picture_bytes())
    say(client, "Voici.", picture_bytes("autre"))
    say(client, "Voici.")
    write_message(fresh(request_of_amal), text="Merci.", actor=badr)
    say(client, "Voici.")
    say(client, "Voilà.")
    assert said(request_of_amal) == ["Voici."] * 4 + ["Voilà."]


def test_the_same_words_on_another_day_are_a_message(
    request_of_amal: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = login(request_of_amal.letter)
    say(client, "Où en est-ce ?")
    monkeypatch.setattr(messages, "SAME_CLICK", timedelta(0))
    say(client, "Où en est-ce ?")
    assert len(said(request_of_amal)) == 2


def test_the_same_words_of_two_people_are_two_messages(
    request_of_amal: Request, badr: User, dounia: User
) -> None:
    for actor in (badr, badr, dounia):
        write_message(fresh(request_of_amal), text="Vu.", actor=actor)
    assert Message.objects.filter(request=request_of_amal, text="Vu.").count() == 2


def test_the_same_announcement_stands_once(admin: User) -> None:
    today = timezone.localdate()

    def announce(**more: Any) -> Announcement:
        words = {"ar": "المكتب مغلق", "fr": "Bureau fermé"}
        days = {"first_day": today, "last_day": today}
        return announce_to_citizens(words, **{**days, "urgent": False, "actor": admin, **more})

    first = announce()
    assert announce() == first != announce(urgent=True)
    withdraw(first.pk, actor=admin)
    assert announce() != first
    assert Announcement.objects.count() == 3


def test_the_same_note_for_the_next_shift_stands_once(amina: User, badr: User) -> None:
    now = timezone.now()
    first = write_note("Panne à Agdal.", actor=amina, now=now)
    assert write_note("Panne à Agdal.", actor=amina, now=now) == first
    write_note("Panne à Agdal.", actor=badr, now=now)
    write_note("Panne à Hassan.", actor=amina, now=now)
    assert ShiftNote.objects.count() == 3

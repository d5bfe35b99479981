"""The mailbox's page: what waits for a person, and what they do about it."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from channels.models import Mailbox, MailItem, WatchedItem
from jobs.models import Job
from registry.files.vault import store
from tests.factories import deposit

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]
URL = "imaps://office:secret@mail.example/INBOX"


@pytest.fixture
def mailbox(settings: Any) -> Mailbox:
    settings.MAILBOX_URL = URL
    return Mailbox.objects.create(
        name="office@mail.example/INBOX", fetched_at=timezone.now(), uidvalidity=1
    )


def item(mailbox: Mailbox, uid: int, **fields: Any) -> MailItem:
    now = timezone.now()
    return MailItem.objects.create(
        mailbox=mailbox, uidvalidity=1, uid=uid, arrived_at=now, seen_at=now, **fields
    )


def test_what_was_set_aside_stands_there_with_its_reason(
    mailbox: Mailbox, client_as: Browser
) -> None:
    item(mailbox, 1, state="set_aside", reason="no_text", subject="<b>Vide</b>", sender="a@e.org")
    item(mailbox, 2, state="set_aside", reason="damaged")
    item(mailbox, 3, state="kept", kind="notice", subject="Lu")

    text = client_as("amina").get("/mailbox/").content.decode()

    assert "ni texte ni fichier" in text
    assert "&lt;b&gt;Vide&lt;/b&gt;" in text
    assert "Lu</bdi>" not in text
    assert "Lu</bdi>" in client_as("amina").get("/mailbox/?show=kept").content.decode()
    assert "secret" not in text


def test_a_problem_is_said_in_words(mailbox: Mailbox, client_as: Browser) -> None:
    Mailbox.objects.update(problem="tls")

    assert "certificat" in client_as("amina").get("/mailbox/").content.decode()


def test_an_office_without_a_mailbox_is_told_so(client_as: Browser) -> None:
    for address, setting in (("/mailbox/", "MAILBOX_URL"), ("/mailbox/folder/", "WATCH_FOLDER")):
        text = client_as("amina").get(address).content.decode()
        assert "Adressez-vous à un administrateur" in text
        assert setting not in text


def test_a_mail_is_tried_again_and_looked_into_at_once(
    mailbox: Mailbox, client_as: Browser
) -> None:
    row = item(mailbox, 1, state="set_aside", reason="no_text")

    answer = client_as("amina").post(f"/mailbox/{row.pk}/again/")

    row.refresh_from_db()
    assert (answer.status_code, row.state, row.forced) == (303, "coming", False)
    assert Job.objects.filter(kind="mailbox.fetch", state="ready").count() == 1
    client_as("amina").post(f"/mailbox/{row.pk}/again/")  # a second click does nothing
    assert MailItem.objects.get().state == "coming"


def test_who_saw_to_it_is_kept(mailbox: Mailbox, client_as: Browser, amina: Any) -> None:
    row = item(mailbox, 1, state="kept", kind="bounce")

    client_as("amina").post(f"/mailbox/{row.pk}/looked/")

    row.refresh_from_db()
    assert row.looked_by == amina
    assert client_as("amina").post(f"/mailbox/{row.pk}/nonsense/").status_code == 404


def test_the_mail_is_saved_never_shown(mailbox: Mailbox, client_as: Browser) -> None:
    kept = store(io.BytesIO(b"From: a@e.org\r\n\r\n<script>1</script>"))
    row = item(mailbox, 1, state="kept", kind="auto_reply", sha256=kept.sha256)

    answer = client_as("amina").get(f"/mailbox/{row.pk}/mail.eml")

    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert b"".join(answer.streaming_content).startswith(b"From: a@e.org")  # type: ignore[attr-defined]
    letter = deposit().letter
    MailItem.objects.update(state="registered", letter=letter)
    assert client_as("amina").get(f"/mailbox/{row.pk}/mail.eml").status_code == 404


def test_many_mails_cost_as_many_queries_as_few(
    mailbox: Mailbox, client_as: Browser, django_assert_max_num_queries: Any
) -> None:
    letter = deposit().letter
    for uid in range(40):
        item(mailbox, uid, state="registered", letter=letter, about=letter)
    client = client_as("amina")

    with django_assert_max_num_queries(16):  # seven of them for what menu and bell count
        text = client.get("/mailbox/?show=registered").content.decode()

    assert text.count(letter.number) == 60
    assert "from=" in text


def test_the_watched_folder_says_what_was_set_aside(
    client_as: Browser, settings: Any, tmp_path: Any
) -> None:
    settings.WATCH_FOLDER = str(tmp_path)
    now = timezone.now()
    WatchedItem.objects.create(
        name="<i>x</i>.exe",
        signature="1",
        state="set_aside",
        reason="executable",
        moved=True,
        steady_since=now,
        changed_at=now,
    )

    text = client_as("amina").get("/mailbox/folder/").content.decode()

    assert "&lt;i&gt;x&lt;/i&gt;.exe" in text
    assert "programme" in text

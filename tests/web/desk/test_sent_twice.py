"""A form that is sent twice (two clicks, a reload, a retry) makes its row once."""

import re
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from correspondence.models.drafts import Mailing
from correspondence.models.replies import Reply
from jobs.models import Job
from org.models import User
from routing.models.notes import Note
from tests.factories import own_pdf
from tests.web.desk.cases import Case
from tests.web.desk.test_drafts import NEW

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]


def key_in(client: Client, page: str, action: str) -> str:
    """Return the key of the form with this action, "" standing for the page itself."""
    text = client.get(page).content.decode()
    where = re.escape(action)
    forms = re.findall(rf'<form[^>]*action="{where}".*?</form>', text, re.DOTALL) or [text]
    (key,) = re.findall(r'name="once" value="([^"]+)"', forms[0])
    return str(key)


def twice(client: Client, address: str, fields: dict[str, Any]) -> list[str]:
    """Send the same twice; return where each answer leads."""
    answers = [client.post(address, fields) for _again in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    return [answer["Location"] for answer in answers]


@pytest.mark.parametrize("submit", [{}, {"submit": "1"}])
def test_a_reply_on_the_letters_page(case: Case, browser: Browser, submit: dict[str, str]) -> None:
    badr, before = browser("badr"), Reply.objects.count()
    address = reverse("desk:draft_reply", args=[case.letter.pk])
    key = key_in(badr, f"/letters/{case.letter.pk}/", address)
    first, second = twice(badr, address, {"body": "Réparée.", "once": key, **submit})
    assert first == second
    assert Reply.objects.count() == before + 1


def test_words_changed_after_going_back_are_a_reply_of_their_own(
    case: Case, browser: Browser
) -> None:
    badr, before = browser("badr"), Reply.objects.count()
    address = reverse("desk:draft_reply", args=[case.letter.pk])
    key = key_in(badr, f"/letters/{case.letter.pk}/", address)
    for body in ("Réparée lundi.", "Réparée mardi."):
        badr.post(address, {"body": body, "once": key})
    assert Reply.objects.count() == before + 2


def test_a_reply_from_a_template(case: Case, browser: Browser) -> None:
    badr, before = browser("badr"), Reply.objects.count()
    address = reverse("desk:new_reply", args=[case.letter.pk])
    fields = {"subject": "Fuite", "body": "Réparée.", "once": key_in(badr, address, address)}
    first, second = twice(badr, address, fields)
    assert first == second
    assert Reply.objects.count() == before + 1


@pytest.mark.parametrize("submit", [{}, {"submit": "1"}])
def test_a_letter_of_the_departments_own(browser: Browser, submit: dict[str, str]) -> None:
    badr, address = browser("badr"), reverse("desk:new_draft", args=["outgoing"])
    sent = {**NEW, "once": key_in(badr, address, address), **submit}
    files = [SimpleUploadedFile("a.pdf", own_pdf("Coupure")) for _again in range(2)]
    where = [badr.post(address, {**sent, "file": one})["Location"] for one in files]
    row = Reply.objects.get()
    assert where == [reverse("desk:draft", args=[row.pk])] * 2


def test_a_mailing_and_its_job(browser: Browser) -> None:
    badr, address = browser("badr"), reverse("desk:new_mailing")
    first, second = twice(badr, address, {**NEW, "once": key_in(badr, address, address)})
    row = Mailing.objects.get()
    assert first == second == reverse("desk:mailing", args=[row.pk])
    assert Job.objects.filter(subject=str(row.pk)).count() == 1
    assert row.lines.count() == 1


def test_a_note(case: Case, browser: Browser) -> None:
    badr, address = browser("badr"), reverse("desk:write_note", args=[case.letter.pk])
    key = key_in(badr, f"/letters/{case.letter.pk}/", address)
    twice(badr, address, {"text": "Vu sur place.", "reach": "readers", "once": key})
    assert Note.objects.filter(text="Vu sur place.").count() == 1


def test_the_key_of_another_is_of_no_use(case: Case, browser: Browser) -> None:
    address = reverse("desk:write_note", args=[case.letter.pk])
    fields = {"text": "Vu sur place.", "reach": "readers", "once": "k" * 22}
    for name in ("badr", "amina"):
        assert browser(name).post(address, fields).status_code == 303
    assert Note.objects.filter(text="Vu sur place.").count() == 2


@pytest.mark.parametrize("key", ["", "short", "x" * 500])
def test_without_a_usable_key_each_sending_counts(case: Case, browser: Browser, key: str) -> None:
    address = reverse("desk:write_note", args=[case.letter.pk])
    twice(browser("badr"), address, {"text": "Vu.", "reach": "readers", "once": key})
    assert Note.objects.filter(text="Vu.").count() == 2


def test_a_refused_form_that_is_mended_is_taken(case: Case, browser: Browser) -> None:
    badr, address = browser("badr"), reverse("desk:write_note", args=[case.letter.pk])
    fields = {"text": "", "reach": "readers", "once": "k" * 22}
    assert badr.post(address, fields).status_code == 422
    assert badr.post(address, {**fields, "text": "Vu."}).status_code == 303
    assert Note.objects.get(text="Vu.").author.username == "badr"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment(browser: Browser, badr: User, amina: User) -> None:
    clients, start, where = [browser("badr"), browser("badr")], Barrier(2), list[str]()
    address = reverse("desk:new_draft", args=["outgoing"])

    def click(client: Client) -> None:
        start.wait(timeout=30)
        try:
            where.append(client.post(address, {**NEW, "once": "k" * 22})["Location"])
        finally:
            connection.close()

    threads = [Thread(target=click, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert where == [reverse("desk:draft", args=[Reply.objects.get().pk])] * 2

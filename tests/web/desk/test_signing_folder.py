"""The signing folder as a place to read: the paper, its neighbours, several visas at once."""

import fcntl
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from correspondence.models.replies import Reply
from correspondence.models.steps import ReplyStep
from correspondence.replies import circuit as replies_circuit
from correspondence.replies import drafting
from ocr import drawing
from org.models import User
from registry.models.letters import Letter
from registry.stand_ins import appoint, dismiss
from tests.correspondence.circuits import circuit, fresh, words_of
from tests.factories import pdf_bytes
from tests.web.desk.cases import Case
from web.desk.outgoing import papers
from web.shared import pictures, reply_paper

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]
FOLDER, VISAS = "/signing-folder/", "/signing-folder/visas/"


@pytest.fixture
def three(case: Case, badr: User) -> list[Reply]:
    """Three replies of Badr's for Dounia's visa and the director's signature, the oldest first."""
    circuit()
    made = [
        drafting.draft_reply(case.letter, actor=badr, subject=f"Réponse {n}", body="Réparée.")
        for n in range(3)
    ]
    return [fresh(replies_circuit.submit_reply(reply, actor=badr)) for reply in made]


def step_of(reply: Reply, act: str = "visa") -> ReplyStep:
    return ReplyStep.objects.get(reply=reply, act=act)


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_the_paper_is_shown_as_it_will_go_out(three: list[Reply], browser: Browser) -> None:
    client, reply = browser("dounia"), three[0]
    page = client.get(FOLDER).content.decode()
    assert reverse("desk:reply_paper_page", args=[reply.pk, 1]) in page
    assert reverse("desk:letter", args=[reply.letter_id]) in page
    pages = client.get(reverse("desk:reply_paper_pages", args=[reply.pk])).content.decode()
    assert len(re.findall(r"<img", pages)) == 1
    paper = content(client.get(reverse("desk:reply_paper", args=[reply.pk])))
    words = words_of(paper)
    assert "Réparée." in words
    assert reply.department.name_fr.split()[0] in words
    assert reply.home.number in words
    picture = client.get(reverse("desk:reply_paper_page", args=[reply.pk, 1]))
    assert content(picture)[8:12] == b"WEBP"
    assert client.get(reverse("desk:reply_paper_page", args=[reply.pk, 2])).status_code == 404
    assert Letter.objects.filter(register__direction="out").count() == 0


def test_a_picture_of_a_paper_that_waits_for_others_is_asked_for_again(
    three: list[Reply], browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, reply = browser("dounia"), three[0]
    picture = reverse("desk:reply_paper_page", args=[reply.pk, 1])
    assert "data-picture-state" in client.get(FOLDER).content.decode()
    pages = client.get(reverse("desk:reply_paper_pages", args=[reply.pk])).content.decode()
    assert "data-picture-state" in pages
    monkeypatch.setattr(pictures, "PATIENCE", 0)
    with drawing._places, drawing._places:
        shown = client.get(picture, headers={"accept": "image/webp,*/*;q=0.8"})
        opened = client.get(picture, headers={"accept": "text/html"})
    for later in (shown, opened):
        assert (later.status_code, later["Retry-After"]) == (503, pictures.AGAIN_SECONDS)
    assert shown.content == b""
    assert f'href="{FOLDER}"' in opened.content.decode()
    assert client.get(picture).status_code == 200


def test_pages_of_a_paper_that_is_being_made_are_asked_for_again(
    three: list[Reply], browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client, address = browser("dounia"), reverse("desk:reply_paper_pages", args=[three[0].pk])
    monkeypatch.setattr(papers, "PATIENCE", 0)
    monkeypatch.setattr(reply_paper, "_folder", lambda *_: tmp_path)
    with (tmp_path / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        alone = client.get(address)
        within = client.get(address, headers={"HX-Request": "true"})
    assert (alone.status_code, alone["Retry-After"]) == (503, pictures.AGAIN_SECONDS)
    assert within.status_code == 200
    assert f'hx-get="{address}"' in within.content.decode()
    assert "<img" in client.get(address).content.decode()


@pytest.mark.parametrize("body", ["x " * 20_000, "x\n" * 2_000])
def test_a_text_that_would_take_minutes_to_draw_is_shown_as_words(
    case: Case, badr: User, browser: Browser, body: str
) -> None:
    circuit()
    reply = drafting.draft_reply(case.letter, actor=badr, subject="Longue", body=body)
    replies_circuit.submit_reply(reply, actor=badr)
    client = browser("dounia")
    paper = reverse("desk:reply_paper", args=[reply.pk])
    assert client.get(paper).status_code == 404
    page = client.get(FOLDER).content.decode()
    assert paper not in page
    assert '<details class="more" open>' in page


def test_an_uploaded_pdf_is_shown_with_the_stamp_it_will_get(
    case: Case, browser: Browser, badr: User
) -> None:
    circuit()
    client = browser("badr")
    draft = reverse("desk:draft_reply", args=[case.letter.pk])
    upload = SimpleUploadedFile("a.pdf", pdf_bytes("Plan"), content_type="application/pdf")
    client.post(draft, {"subject": "Plan", "body": "", "file": upload})
    reply = Reply.objects.get(subject="Plan")
    replies_circuit.submit_reply(reply, actor=badr)
    words = words_of(content(client.get(reverse("desk:reply_paper", args=[reply.pk]))))
    assert "Plan" in words
    assert "········" in words


def test_after_an_act_the_next_one_opens_and_a_refusal_stays(
    three: list[Reply], browser: Browser
) -> None:
    client = browser("dounia")
    page = client.get(FOLDER).content.decode()
    assert f'id="step-{step_of(three[0]).pk}"' in page
    assert f"?step={step_of(three[1]).pk}" in page
    back = re.search(r'name="next" value="([^"]+)"', page)
    assert back
    address = back[1].replace("&amp;", "&")
    assert f'id="step-{step_of(three[0]).pk}"' in client.get(address).content.decode()
    approve = reverse("desk:on_reply", args=[three[0].letter_id, three[0].pk, "approve"])
    answer = client.post(approve, {"step": step_of(three[0]).pk, "next": address})
    after = client.get(answer["Location"]).content.decode()
    assert f'id="step-{step_of(three[1]).pk}"' in after
    middle = client.get(f"{FOLDER}?step={step_of(three[2]).pk}").content.decode()
    assert "data-previous" in middle
    assert "data-next" not in middle
    assert client.get(f"{FOLDER}?step=rubbish").status_code == 200


def test_several_visas_are_looked_at_then_given_each_with_its_outcome(
    three: list[Reply], browser: Browser, dounia: User
) -> None:
    client = browser("dounia")
    steps = [step_of(reply) for reply in three]
    looked = client.get(VISAS, {"step": [str(step.pk) for step in steps]}).content.decode()
    assert all(reply.subject in looked for reply in three)
    assert three[0].home.number in looked
    assert all(fresh(reply).state == "submitted" for reply in three)
    replies_circuit.approve_reply(three[1], actor=dounia)
    signature = step_of(three[0], "signature")
    done = client.post(VISAS, {"step": [*(step.pk for step in steps), signature.pk]})
    text = done.content.decode()
    assert 'class="count-big">2<' in text
    assert [fresh(reply).state for reply in three] == ["approved"] * 3
    assert text.count('class="row late"') == 1
    assert "plus rapide" in text


def test_visas_ask_who_it_is_when_the_sign_in_is_long_ago(
    three: list[Reply], browser: Browser, settings: Any
) -> None:
    client = browser("dounia")
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() - 99999, "username": "dounia"}
    ]
    session.save()
    steps = [str(step_of(reply).pk) for reply in three]
    asked = client.post(VISAS, {"step": steps})
    assert asked.status_code == 401
    assert all(f'value="{step}"' in asked.content.decode() for step in steps)
    assert fresh(three[0]).state == "submitted"


def test_signatures_are_never_given_in_bulk(
    three: list[Reply], browser: Browser, dounia: User
) -> None:
    for reply in three:
        replies_circuit.approve_reply(reply, actor=dounia)
    client = browser("direction")
    page = client.get(FOLDER).content.decode()
    assert 'form="visas"' not in page
    assert "/sign/" in page
    steps = [str(step_of(reply, "signature").pk) for reply in three]
    assert "La signature s’appose" in client.get(VISAS, {"step": steps}).content.decode()
    assert client.post(VISAS, {"step": steps}).content.decode().count('class="row late"') == 3
    assert all(fresh(reply).state == "approved" for reply in three)


def test_four_eyes_hold_for_several_visas(
    three: list[Reply], browser: Browser, dounia: User, settings: Any
) -> None:
    settings.FOUR_EYES = True
    reply = drafting.draft_reply(three[0].home, actor=dounia, subject="Mienne", body="x")
    replies_circuit.submit_reply(reply, actor=dounia)
    text = browser("dounia").post(VISAS, {"step": step_of(reply).pk}).content.decode()
    assert "autre personne" in text
    assert fresh(reply).state == "submitted"


def test_none_chosen_and_what_is_not_theirs(three: list[Reply], browser: Browser) -> None:
    assert browser("dounia").get(VISAS).status_code == 200
    assert browser("dounia").post(VISAS).status_code == 303
    text = browser("chafik").post(VISAS, {"step": step_of(three[0]).pk}).content.decode()
    assert three[0].subject not in text
    assert fresh(three[0]).state == "submitted"


def test_who_stands_in_sees_for_whom_and_is_told_when_it_is_over(
    three: list[Reply], browser: Browser, dounia: User, chafik: User
) -> None:
    today = timezone.localdate()
    away = appoint(dounia, actor=dounia, delegate=chafik, starts_on=today, ends_on=today)
    client, step = browser("chafik"), step_of(three[0])
    page = client.get(FOLDER).content.decode()
    assert "Vous assurez l’intérim de \u2068Dounia Rahmani\u2069" in page
    assert "Vous assurez l’intérim" not in browser("dounia").get(FOLDER).content.decode()
    address = reverse("desk:on_reply", args=[step.reply.letter_id, step.reply_id, "return"])
    assert address in page
    dismiss(away, actor=dounia)
    remark = "Le délai du deuxième alinéa est faux"
    answer = client.post(address, {"remark": remark, "next": FOLDER}, follow=True)
    said = answer.content.decode()
    assert "Vous n’assurez plus l’intérim de \u2068Dounia Rahmani\u2069" in said
    assert remark in said  # to be copied
    assert step_of(three[0]).state == step.state


def test_what_was_never_theirs_is_not_there_for_who_stood_in_nowhere(
    three: list[Reply], browser: Browser
) -> None:
    address = reverse("desk:on_reply", args=[three[0].letter_id, three[0].pk, "return"])
    assert browser("chafik").post(address, {"remark": "Non"}).status_code == 404

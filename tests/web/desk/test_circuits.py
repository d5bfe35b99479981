"""Circuits, the signing folder and signatures on the desk's pages."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from correspondence.answers.addressees import AddresseeData
from correspondence.drafts import fresh as drafts_fresh
from correspondence.models.replies import Reply
from correspondence.models.steps import Circuit, ReplyStep
from correspondence.replies import circuit as replies_circuit
from correspondence.replies import drafting
from correspondence.replies.editing import StepData
from correspondence.replies.pictures import give_picture, picture_of
from org.models import User
from tests.correspondence.circuits import circuit, fresh
from tests.factories import drain, person, picture_bytes
from tests.web.desk.cases import Case

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]


@pytest.fixture
def submitted(case: Case, badr: User) -> Reply:
    """Badr's reply, on its way to Dounia's visa and the director's signature."""
    circuit()
    return fresh(replies_circuit.submit_reply(case.reply, actor=badr))


def post(client: Client, reply: Reply, what: str, **fields: Any) -> Any:
    kwargs = {"letter_id": reply.letter_id, "reply_id": reply.pk, "what": what}
    return client.post(reverse("desk:on_reply", kwargs=kwargs), fields)


def form(**changes: str) -> dict[str, str]:
    """The form of a circuit as a browser sends it: visa of the head, signature of the director."""
    rows = {
        "step-TOTAL_FORMS": "3",
        "step-INITIAL_FORMS": "0",
        "step-0-rank": "1",
        "step-0-act": "visa",
        "step-0-who": "head",
        "step-1-rank": "2",
        "step-1-act": "signature",
        "step-1-who": "director",
    }
    names = {"name_ar": "مسطرة", "name_fr": "Deux mains", "name_en": "Two hands", "active": "on"}
    return {**names, **rows, "seen": "0", "save": "1", **changes}


def test_an_administrator_sees_a_circuit_before_it_is_kept(browser: Browser) -> None:
    client, address = browser("admin"), reverse("desk:circuit_new")
    assert client.get(address).status_code == 200
    seen = client.post(address, form(save="", preview="1"))
    assert 'id="preview"' in seen.content.decode()
    assert not Circuit.objects.exists()
    assert client.post(address, form()).status_code == 303
    row = Circuit.objects.get()
    assert [(s.act, s.who) for s in row.steps.all()] == [
        ("visa", "head"),
        ("signature", "director"),
    ]
    text = client.get(reverse("desk:circuits")).content.decode()
    assert "Deux mains" in text
    assert client.get(reverse("desk:circuit", args=[row.pk])).status_code == 200


def test_what_cannot_be_is_said_and_nothing_typed_is_lost(browser: Browser) -> None:
    client, address = browser("admin"), reverse("desk:circuit_new")
    answer = client.post(address, form(**{"step-0-who": "person"}))
    assert answer.status_code == 422
    assert "Deux mains" in answer.content.decode()
    assert client.post(address, form(name_ar="")).status_code == 422
    assert client.post(address, form(**{"step-TOTAL_FORMS": "x"})).status_code == 422
    assert not Circuit.objects.exists()
    more = client.post(address, form(save="", more="1")).content.decode()
    assert 'name="step-5-act"' in more


def test_two_administrators_do_not_write_over_each_other(browser: Browser) -> None:
    row = circuit()
    client, address = browser("admin"), reverse("desk:circuit", args=[row.pk])
    assert client.post(address, form(seen="1")).status_code == 303
    assert client.post(address, form(seen="1")).status_code == 409


def test_who_sees_rules_sees_circuits(browser: Browser) -> None:
    circuit()
    for username in ("audit", "direction"):
        assert "Circuit" in browser(username).get(reverse("desk:circuits")).content.decode()


def test_the_steps_stand_on_the_letter_s_page_and_are_done_from_there(
    submitted: Reply, browser: Browser
) -> None:
    address = reverse("desk:letter", args=[submitted.letter_id])
    step = ReplyStep.objects.get(position=1)
    text = browser("dounia").get(address).content.decode()
    assert str(step.pk) in text
    assert str(step.pk) not in browser("badr").get(address).content.decode()
    assert post(browser("dounia"), submitted, "approve", step=step.pk).status_code == 303
    assert post(browser("dounia"), submitted, "approve", step=step.pk).status_code == 303
    assert "Dounia Rahmani" in browser("badr").get(address).content.decode()
    signing = ReplyStep.objects.get(position=2)
    assert post(browser("direction"), submitted, "sign", step=signing.pk).status_code == 303
    assert fresh(submitted).state == "signed"
    drain("reply.sign")
    outgoing = fresh(submitted).outgoing
    assert outgoing is not None
    assert outgoing.number in browser("badr").get(address).content.decode()
    assert post(browser("badr"), submitted, "send", method="portal").status_code == 303
    assert fresh(submitted).state == "sent"


def test_a_circuit_is_chosen_at_the_submission(case: Case, browser: Browser) -> None:
    circuit()
    other = circuit([StepData(1, "visa", "director")])
    address = reverse("desk:letter", args=[case.letter.pk])
    assert f'value="{other.pk}"' in browser("badr").get(address).content.decode()
    post(browser("badr"), case.reply, "submit", circuit="999999")
    assert fresh(case.reply).state == "draft"
    post(browser("badr"), case.reply, "submit", circuit=str(other.pk))
    assert ReplyStep.objects.get().circuit == other


def test_the_folder_shows_each_person_what_waits_for_them(
    submitted: Reply, browser: Browser
) -> None:
    folder = reverse("desk:signing_folder")
    step = ReplyStep.objects.get(position=1)
    assert str(step.pk) in browser("dounia").get(folder).content.decode()
    assert 'class="waiting"' in browser("dounia").get(reverse("desk:reminders")).content.decode()
    for username in ("badr", "chafik", "amina", "direction"):
        assert str(step.pk) not in browser(username).get(folder).content.decode()
    answer = post(browser("dounia"), submitted, "approve", step=step.pk, next=folder)
    assert answer.headers["Location"] == folder
    assert str(step.pk) not in browser("dounia").get(folder).content.decode()
    assert "Signer" in browser("direction").get(folder).content.decode()


def test_a_long_folder_costs_no_more_queries(
    submitted: Reply, browser: Browser, badr: User
) -> None:
    client, folder = browser("dounia"), reverse("desk:signing_folder")
    client.get(folder)  # the first page of a process and of a session asks more

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(folder)
        return len(seen)

    few = queries()
    for _ in range(25):
        reply = drafting.draft_reply(submitted.home, actor=badr, subject="a", body="b")
        replies_circuit.submit_reply(reply, actor=badr)
    assert queries() == few <= 16
    assert "from=" in client.get(folder).content.decode()


def test_a_signature_is_its_person_s_and_administrators_give_it(browser: Browser) -> None:
    direction = person("direction")
    picture = reverse("desk:signature_picture")
    assert browser("direction").get(picture).status_code == 404
    upload = SimpleUploadedFile("s.png", picture_bytes("N. B."), content_type="image/png")
    give = reverse("desk:give_signature")
    assert browser("direction").post(give, {"file": upload}).status_code == 303
    first = picture_of(direction)
    assert first is not None
    assert browser("direction").get(picture).headers["Content-Type"] == "image/png"
    assert browser("direction").get(reverse("desk:signature")).status_code == 200
    his = {"person": "direction"}
    for verb, address, unknown in (
        ("get", picture, 302),
        ("get", reverse("desk:signature"), 302),
        ("post", give, 401),  # the page that carries on what was sent
    ):
        assert getattr(browser("chafik"), verb)(address, his).status_code == 403
        assert getattr(Client(), verb)(address, his).status_code == unknown
    upload = SimpleUploadedFile("s.png", picture_bytes("N."), content_type="image/png")
    admin = browser("admin")
    assert admin.post(give, {"file": upload, **his}).status_code == 303
    assert picture_of(direction) != first
    assert admin.get(picture, his).status_code == 200
    assert admin.get(reverse("desk:signature"), his).status_code == 200
    admin.post(give, {"file": SimpleUploadedFile("s.png", b"no"), **his})
    admin.post(give, {"drop": "1", **his})
    assert picture_of(direction) is None
    assert browser("chafik").get(give).status_code == 405


def test_a_citizen_sees_no_reply_that_is_signed_and_not_sent(
    submitted: Reply, dounia: User, direction: User
) -> None:
    from correspondence.answers.reading import sent_replies

    give_picture(direction, actor=direction, stream=io.BytesIO(picture_bytes("x")))
    replies_circuit.approve_reply(submitted, actor=dounia)
    replies_circuit.sign_reply(fresh(submitted), actor=direction)
    drain("reply.sign")
    assert not sent_replies(submitted.home).exists()


def test_the_department_takes_a_submitted_reply_back_on_its_page(
    submitted: Reply, case: Case, browser: Browser
) -> None:
    client, address = browser("badr"), reverse("desk:letter", args=[case.letter.pk])
    button = reverse("desk:on_reply", args=[case.letter.pk, submitted.pk, "withdraw"])
    assert button in client.get(address).content.decode()
    assert button not in browser("direction").get(address).content.decode()
    assert post(browser("direction"), submitted, "withdraw").status_code == 303
    assert fresh(submitted).state == "submitted"

    assert post(client, submitted, "withdraw").status_code == 303
    assert fresh(submitted).state == "draft"
    page = client.get(address).content.decode()
    assert button not in page
    assert "reprise par son service" in page


def test_a_letter_of_ones_own_is_taken_back_on_its_page(badr: User, browser: Browser) -> None:
    to = [AddresseeData(name="M. X", address="Rabat")]
    unit = badr.memberships.get().department
    reply = drafts_fresh.draft_letter(
        department=unit, actor=badr, subject="Avis", body="Coupure", addressees=to
    )
    replies_circuit.submit_reply(reply, actor=badr)
    client, address = browser("badr"), reverse("desk:draft", args=[reply.pk])
    button = reverse("desk:on_draft", args=[reply.pk, "withdraw"])
    assert button in client.get(address).content.decode()
    assert client.post(button).status_code == 303
    assert fresh(reply).state == "draft"

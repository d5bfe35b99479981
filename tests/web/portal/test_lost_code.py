"""The sender is told on the ways chosen at the deposit; a lost code goes to that address alone."""

from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client

from correspondence.dispatch import sending
from correspondence.dispatch.sender_messages import notify_sender, notify_sender_work
from correspondence.dispatch.sender_words import About, words_about
from correspondence.replies import circuit, drafting
from jobs.models import Job
from org.models import User
from registry.models.letters import Letter, Party
from registry.tracking import code_of
from registry.verification import verify_register
from routing.assigning import giving
from routing.inbox import assignments
from tests.correspondence.sms_gateway import sms_gateway
from tests.eservices.office import opened
from tests.factories import department, drain

pytestmark = pytest.mark.django_db
SAME = "Pour votre protection"


def deposited(client: Client, **fields: Any) -> Letter:
    given = {"subject": "Fuite", "message": "Il fuit.", "name": "Salma Alami", **fields}
    answer = client.post("/portal/deposit/", given)
    assert answer.status_code == 303, answer.content.decode()
    return Letter.objects.get()


def told(letter: Letter) -> list[tuple[str, str]]:
    events = letter.events.filter(kind="sender_told").order_by("seq")
    return [(event.data["about"], event.data["way"]) for event in events]


def test_a_confirmation_with_number_and_link_but_no_code_is_sent_where_it_was_wanted(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    assert 'name="tell_email"' in client.get("/portal/deposit/").content.decode()
    letter = deposited(client, email="salma@usager.example", tell_email="on")
    assert "salma@usager.example" in client.get("/portal/deposit/done/").content.decode()
    drain("sender.tell")
    (mail,) = mailoutbox
    assert mail.to == ["salma@usager.example"]
    assert letter.number in mail.body
    assert "/follow/" in mail.body
    assert code_of(letter.pk) not in mail.body
    assert told(letter) == [("deposit", "email")]
    client.post("/follow/tell/")
    drain("sender.tell")
    assert told(letter) == [("deposit", "email"), ("request", "email")]
    assert "salma" not in str(letter.events.get(seq=1).data)  # a keyed hash, no address
    assert list(verify_register()) == []


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        ("fr", "votre demande", "courrier"),
        ("ar", "طلبكم", "مراسل"),
        ("en", "our request", "letter"),
    ],
)
def test_who_asked_for_a_service_is_told_of_a_request(
    mailoutbox: list[EmailMessage], language: str, right: str, wrong: str
) -> None:
    letter = opened(email="salma@usager.example", language=language).letter
    with transaction.atomic():
        for about in About:
            notify_sender(letter, about)
    drain("sender.tell")
    assert len(mailoutbox) == len(About)
    for mail in mailoutbox:
        said = f"{mail.subject}\n{mail.body}"
        assert right in said
        assert wrong not in said
    shorts = [words_about(about, is_request=True)[1] for about in About]
    assert not any("courrier" in short for short in shorts)
    assert sum("demande" in short for short in shorts) == len(About) - 1  # an answer is an answer


def test_without_consent_nothing_is_sent(client: Client, mailoutbox: list[EmailMessage]) -> None:
    deposited(client, email="salma@usager.example")
    assert not Job.objects.filter(kind="sender.tell").exists()
    answer = client.get("/follow/letter/").content.decode()
    assert "/follow/tell/" not in answer


@pytest.mark.parametrize(
    "fields", [{"tell_email": "on"}, {"tell_sms": "on"}, {"tell_sms": "on", "phone": "bientôt"}]
)
def test_a_way_without_its_address_is_asked_for(client: Client, fields: dict[str, str]) -> None:
    given = {"subject": "Fuite", "message": "Il fuit.", "name": "Salma", **fields}
    assert client.post("/portal/deposit/", given).status_code == 422
    assert not Letter.objects.exists()


def ask(client: Client, number: str, contact: str) -> str:
    answer = client.post("/follow/lost-code/", {"number": number, "contact": contact})
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_lost_code_goes_to_the_address_of_the_deposit_and_nobody_learns_of_a_letter(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    letter = deposited(client, email="salma@usager.example", tell_email="on")
    drain("sender.tell")
    mailoutbox.clear()
    other = Client()
    for number, contact in (
        (letter.number, "thief@voleur.example"),
        ("2026/IN/999999", "salma@usager.example"),
        (letter.number, "0612345678"),
    ):
        assert SAME in ask(other, number, contact)
        drain("sender.tell")
        assert mailoutbox == []
    assert SAME in ask(other, letter.number, " Salma@Usager.example ")
    drain("sender.tell")
    (mail,) = mailoutbox
    assert mail.to == ["salma@usager.example"]
    assert code_of(letter.pk) in mail.body
    assert Job.objects.filter(kind="sender.tell").count() == 5  # as many for all


def test_a_corrected_address_gets_no_code(client: Client, mailoutbox: list[EmailMessage]) -> None:
    letter = deposited(client, email="salma@usager.example", tell_email="on")
    Party.objects.filter(letter=letter).update(email="autre@usager.example")
    assert not notify_sender_work(f"{letter.pk}:code:email", None)
    assert mailoutbox == []


def test_who_asks_too_often_waits(client: Client) -> None:
    for _ in range(3):
        ask(client, "2026/IN/000001", "salma@usager.example")
    fields = {"number": "2026/IN/000001", "contact": "salma@usager.example"}
    assert client.post("/follow/lost-code/", fields).status_code == 429


def test_no_spelling_of_an_address_gets_its_owner_more_messages(
    client: Client, mailoutbox: list[EmailMessage]
) -> None:
    letter = deposited(client, email="salma@usager.example", tell_email="on")
    drain("sender.tell")
    mailoutbox.clear()
    for contact in ("salma@usager.example", "SALMA@usager.example", "x1 salma@usager.example"):
        ask(Client(), letter.number, contact)
        drain("sender.tell")
    for number in (letter.number, f" {letter.number.lower()}"):
        fields = {"number": number, "contact": "x2 Salma@usager.example"}
        assert Client().post("/follow/lost-code/", fields).status_code == 429
    assert len(mailoutbox) == 3


def test_by_sms_as_well(client: Client, settings: Any) -> None:
    with sms_gateway(settings) as gateway:
        letter = deposited(client, phone="06 12 34 56 78", tell_sms="on")
        drain("sender.tell")
        assert told(letter) == [("deposit", "sms")]
        assert SAME in ask(Client(), letter.number, "+212 612 345 678")
        drain("sender.tell")
    first, second = gateway.taken
    assert (first["to"], second["to"]) == ("0612345678", "0612345678")
    assert letter.number in first["text"]
    assert code_of(letter.pk) in second["text"]
    keys = [headers["Idempotency-Key"] for headers in gateway.headers]
    assert len(set(keys)) == 2


def test_the_sender_is_told_of_the_answer_unless_it_arrives_there_itself(
    client: Client, amina: User, badr: User, dounia: User, mailoutbox: list[EmailMessage]
) -> None:
    letter = deposited(client, email="salma@usager.example", tell_email="on")
    given = giving.assign(letter, department=department("EAU"), actor=amina)
    assignments.accept(given, actor=badr)
    for method in ("email", "portal"):
        reply = drafting.draft_reply(letter, actor=badr, subject="Réponse", body="C'est fait.")
        circuit.submit_reply(reply, actor=badr)
        circuit.approve_reply(reply, actor=dounia)
        sending.send_reply(reply, actor=badr, method=method)
        while drain("reply.dispatch"):
            pass
        drain("sender.tell")
    assert told(letter) == [("deposit", "email"), ("answer", "email")]
    assert [mail.to for mail in mailoutbox] == [["salma@usager.example"]] * 3  # one is the answer


@pytest.mark.parametrize(
    ("contact", "words"),
    [
        ("salma", "ni une adresse électronique ni un numéro"),
        ("salma@usager", "ni une adresse électronique ni un numéro"),
        ("061234567", "téléphone marocain compte"),
        ("0", "par exemple"),
    ],
)
def test_a_mistyped_address_is_said_instead_of_a_code_on_its_way(
    client: Client, contact: str, words: str
) -> None:
    letter = deposited(client, email="salma@usager.example", tell_email="on")
    drain("sender.tell")
    Job.objects.all().delete()
    answer = client.post("/follow/lost-code/", {"number": letter.number, "contact": contact})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert f'value="{letter.number}"' in page
    assert SAME not in page
    assert not Job.objects.exists()


def test_who_may_have_mistyped_can_ask_again_from_the_answer(client: Client) -> None:
    given = {"number": "2026/IN/000001", "contact": "salma@usager.example"}
    page = client.post("/follow/lost-code/", given).content.decode()
    assert SAME in page
    assert page.partition("<main")[2].count('href="/follow/lost-code/"') == 1

"""Who is told of a mandate: the other of its two, on the way that they chose, in their language."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from eservices.people import account, mandates
from eservices.people.ended_mandates import LOOKED_BACK, tell_ended
from eservices.people.mandate_messages import save_told, tell_parked, tell_work
from eservices.people.mandates import MandateInput
from eservices.people.models import Mandate, Person
from eservices.people.persons import person_for
from jobs.models import Job
from org.models import User
from tests.correspondence.sms_gateway import sms_gateway
from tests.eservices.office import opened
from tests.factories import drain, pdf

pytestmark = pytest.mark.django_db
OWNER, ARCHITECT = "owner@usager.example", "architect@usager.example"


@pytest.fixture
def owner() -> Person:
    return person_for("email", OWNER, name="Salma Alami")


@pytest.fixture
def architect() -> Person:
    return person_for("email", ARCHITECT, name="Omar Idrissi")


def told(outbox: list[EmailMessage]) -> list[tuple[str, str]]:
    """Send what waits; return to whom, and what the first line says."""
    outbox.clear()
    drain("mandate.tell")
    return [(mail.to[0], str(mail.body).splitlines()[0]) for mail in outbox]


def kinds(person: Person) -> list[str]:
    return [event.kind for event in person.events.order_by("id")]


def test_the_agent_is_told_of_what_is_given_and_of_its_end(
    owner: Person, architect: Person, mailoutbox: list[EmailMessage]
) -> None:
    row = mandates.give(owner, MandateInput(contact=ARCHITECT))
    assert told(mailoutbox) == [
        (ARCHITECT, f"Vous pouvez désormais agir pour Salma Alami · {OWNER}.")
    ]
    assert "/my/mandates/" in str(mailoutbox[0].body)
    assert kinds(architect)[-2:] == ["mandate_received", "mandate_told"]
    assert mandates.end(owner, row.pk)
    assert told(mailoutbox) == [(ARCHITECT, f"Ce mandat a pris fin\u00a0: Salma Alami · {OWNER}.")]
    assert kinds(architect)[-2:] == ["mandate_ended", "mandate_told"]
    assert "mandate_told" not in kinds(owner)  # who did it knows it


def test_both_are_told_once_that_a_mandate_ended_with_its_day(
    owner: Person, architect: Person, mailoutbox: list[EmailMessage]
) -> None:
    today = timezone.localdate()
    row = mandates.give(owner, MandateInput(contact=ARCHITECT, until=today))
    others = [mandates.give(owner, MandateInput(contact=ARCHITECT, until=today)) for _ in range(2)]
    mandates.end(owner, others[0].pk)  # told then
    drain("mandate.tell")
    assert tell_ended() == 0  # the last day counts
    over = today - timedelta(days=1)
    Mandate.objects.filter(pk__in=[row.pk, others[0].pk]).update(until=over)
    Mandate.objects.filter(pk=others[1].pk).update(until=over - LOOKED_BACK)
    assert (tell_ended(), tell_ended()) == (1, 0)
    words = "Ce mandat a pris fin à sa date d’échéance\u00a0: "
    assert sorted(told(mailoutbox)) == [
        (ARCHITECT, f"{words}Salma Alami · {OWNER}."), (OWNER, f"{words}{ARCHITECT}.")
    ]  # fmt: skip
    assert not any("jusqu’au" in str(mail.body) for mail in mailoutbox)
    assert kinds(owner).count("mandate_over") == kinds(architect).count("mandate_over") == 1


def test_both_are_told_that_what_staff_confirmed_waits_for_the_principal(
    architect: Person, amina: User, mailoutbox: list[EmailMessage]
) -> None:
    row = mandates.ask(architect, MandateInput(contact=OWNER, name="Ali Bennani", proof=pdf()))
    assert mandates.confirm_by_staff(row.pk, actor=amina)
    told(mailoutbox)
    owner = person_for("email", OWNER, name="Salma Alami")
    assert dict(told(mailoutbox)) == {
        OWNER: "Demande à agir pour vous, de la part de\u00a0: Omar Idrissi · "
        f"{ARCHITECT}. Confirmez-la ou refusez-la.",
        ARCHITECT: "Votre mandat attend désormais d’être confirmé par la personne elle-même, qui a "
        f"ouvert son espace\u00a0: Ali Bennani · {OWNER}. D’ici là, vous ne pouvez pas agir pour "
        "elle.",
    }
    assert "mandate_waits" in kinds(architect)
    assert mandates.confirm_by_principal(owner, row.pk)
    [(to, words)] = told(mailoutbox)
    assert (to, "confirmé" in words) == (ARCHITECT, True)


def test_what_is_asked_for_is_told_to_the_principal_and_the_answer_to_the_agent(
    owner: Person, architect: Person, mailoutbox: list[EmailMessage]
) -> None:
    row = mandates.ask(architect, MandateInput(contact=OWNER, proof=pdf()))
    assert [to for to, _said in told(mailoutbox)] == [OWNER]
    assert mandates.confirm_by_principal(owner, row.pk)
    ((to, said),) = told(mailoutbox)
    assert (to, "confirmé" in said) == (ARCHITECT, True)
    second = mandates.ask(architect, MandateInput(contact=OWNER, proof=pdf()))
    told(mailoutbox)
    assert mandates.end(owner, second.pk)
    ((to, said),) = told(mailoutbox)
    assert (to, "refusé" in said) == (ARCHITECT, True)


def test_what_staff_decide_is_told_to_both(
    owner: Person, architect: Person, amina: User, mailoutbox: list[EmailMessage]
) -> None:
    row = mandates.ask(architect, MandateInput(contact=OWNER, proof=pdf()))
    told(mailoutbox)
    assert mandates.confirm_by_staff(row.pk, actor=amina)
    assert {to for to, _said in told(mailoutbox)} == {OWNER, ARCHITECT}
    second = mandates.ask(architect, MandateInput(contact=OWNER, proof=pdf()))
    told(mailoutbox)
    assert mandates.refuse_by_staff(second.pk, actor=amina)
    assert {to for to, _said in told(mailoutbox)} == {OWNER, ARCHITECT}


def test_the_principal_is_told_of_each_request_in_their_name(
    owner: Person, architect: Person, mailoutbox: list[EmailMessage]
) -> None:
    row = mandates.give(owner, MandateInput(contact=ARCHITECT))
    told(mailoutbox)
    request = opened(person=architect, mandate=row, on_behalf_of=owner)
    ((to, said),) = told(mailoutbox)
    assert to == OWNER
    assert request.letter.number in said
    assert "fuite" in said.lower()  # the service, in their language
    assert kinds(owner)[-2:] == ["mandate_used", "mandate_told"]


def test_a_person_s_language_and_way_are_theirs(
    owner: Person, architect: Person, mailoutbox: list[EmailMessage], settings: Any
) -> None:
    account.prefer(architect, language="ar", told_by="none")
    mandates.give(owner, MandateInput(contact=ARCHITECT))
    assert not Job.objects.filter(kind="mandate.tell").exists()
    account.prefer(architect, language="ar", told_by="email")
    mandates.give(owner, MandateInput(contact=ARCHITECT))
    ((to, said),) = told(mailoutbox)
    assert to == ARCHITECT
    assert re.match("[\u0600-\u06ff]", said)
    by_phone = person_for("phone", "0612345678", language="ar")
    with sms_gateway(settings) as gateway:
        mandates.give(owner, MandateInput(contact="06 12 34 56 78"))
        assert told(mailoutbox) == []
    (sent,) = gateway.taken
    assert sent["to"] == "0612345678"
    assert "Salma Alami" in sent["text"]
    assert kinds(by_phone)[-1] == "mandate_told"


def test_whom_somebody_merely_named_reads_no_words_of_a_stranger(
    owner: Person, mailoutbox: list[EmailMessage]
) -> None:
    account.correct(owner, name="GAGNEZ sur http://mal.example", kind="person")
    mandates.give(owner, MandateInput(contact=ARCHITECT, name="Cliquez http://mal.example"))
    ((to, said),) = told(mailoutbox)
    assert to == ARCHITECT
    assert "mal.example" not in str(mailoutbox[0].body)
    assert said == "Vous pouvez désormais agir pour quelqu’un."
    architect = person_for("email", ARCHITECT)
    assert kinds(architect) == ["mandate_received", "mandate_told", "made"]


def test_a_message_is_sent_once_and_one_that_cannot_be_sent_is_on_record(
    owner: Person, architect: Person, mailoutbox: list[EmailMessage]
) -> None:
    mandates.give(owner, MandateInput(contact=ARCHITECT))
    event = architect.events.get(kind="mandate_received")
    save_told(str(event.pk), tell_work(str(event.pk), None))
    assert tell_work(str(event.pk), None) == ""
    assert len(mailoutbox) == 1
    row = mandates.give(owner, MandateInput(contact=ARCHITECT))
    second = architect.events.filter(kind="mandate_received").latest("id")
    tell_parked(str(second.pk), "mail_refused")
    assert kinds(architect)[-1] == "mandate_untold"
    account.delete(architect)
    assert tell_work(str(event.pk), None) == ""
    row.refresh_from_db()
    assert row.revoked_at is not None
    assert {to for to, _said in told(mailoutbox)} == {OWNER}  # their mandates have ended

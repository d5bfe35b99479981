"""A reply that left over SMTP comes back over IMAP: its dispatch says so, and a person has it."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from channels import services
from channels.models import MailItem
from correspondence.dispatch import sending
from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from correspondence.replies import circuit, drafting
from org.models import User
from registry.intake import PartyData
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.verification import verify_register
from routing.assigning import giving
from routing.inbox import assignments
from tests.channels import mails
from tests.correspondence.mail_server import Postman
from tests.correspondence.mail_server import mail_server as smtp_server
from tests.factories import department, deposit, drain
from tests.services.dovecot_server import MailServer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # a mail server for each

ADDRESS = "salma@example.org"


@pytest.fixture
def postman(settings: Any) -> Iterator[Postman]:
    with smtp_server(settings) as postman:
        yield postman


@pytest.fixture
def sent(postman: Postman, amina: User, badr: User, dounia: User) -> Dispatch:
    """A reply to Salma that the mail server took."""
    sender = PartyData("sender", name="Salma", email=ADDRESS)
    letter = deposit(actor=amina, parties=[sender]).letter
    assignment = giving.assign(letter, department=department("EAU"), actor=amina)
    assignments.accept(assignment, actor=badr)
    reply = drafting.draft_reply(letter, actor=badr, subject="Votre fuite", body="Nous venons.")
    circuit.submit_reply(reply, actor=badr)
    circuit.approve_reply(reply, actor=dounia)
    sending.send_reply(reply, actor=dounia, method="email")
    drain("reply.dispatch")
    drain("reply.dispatch")
    dispatch = Dispatch.objects.get()
    assert dispatch.state == "sent"
    return dispatch


def come_back(server: MailServer, postman: Postman, **changes: str) -> None:
    """The mail that the postman took comes back as a bounce, and is fetched."""
    message = postman.taken[0]
    said = {
        "message_id": str(message["Message-ID"]).strip("<>"),
        "subject": str(message["Subject"]),
        "recipient": ADDRESS,
    }
    server.deliver(f"b{os.urandom(4).hex()}", mails.bounce(**(said | changes)))
    services.fetch_work("mailbox", lambda done, total: None)
    drain("mail.bounced")


def test_a_bounce_gives_the_reply_back_to_a_person(
    sent: Dispatch, postman: Postman, mailbox: MailServer
) -> None:
    come_back(mailbox, postman)

    sent.refresh_from_db()
    assert (sent.state, sent.proof["problem"], sent.proof["status"]) == (
        "failed",
        "address_refused",
        "5.1.1",
    )
    assert sent.proof["message_id"]  # that it left is still proven
    reply = Reply.objects.get()
    assert (reply.state, reply.home.stage) == ("bounced", "in_hand")
    item = MailItem.objects.get()
    assert (item.kind, item.state, item.about_id) == ("bounce", "kept", sent.letter_id)
    assert services.to_look_at().count() == 1
    assert not Letter.objects.filter(channel="email", register__code="IN").exists()
    events = LetterEvent.objects.filter(letter=sent.letter, kind="dispatch_failed")
    assert events.count() == 1
    assert list(verify_register()) == []


def test_the_same_bounce_twice_is_told_once(
    sent: Dispatch, postman: Postman, mailbox: MailServer
) -> None:
    come_back(mailbox, postman)
    come_back(mailbox, postman)

    assert LetterEvent.objects.filter(letter=sent.letter, kind="dispatch_failed").count() == 1
    assert sorted(MailItem.objects.values_list("kind", flat=True)) == ["again", "bounce"]


@pytest.mark.parametrize(
    "changes",
    [
        {"message_id": "somebody@else.example"},  # knows the number alone
        {"recipient": "other@example.org"},
        {"action": "delayed"},
    ],
)
def test_what_does_not_prove_itself_changes_nothing_but_is_shown(
    sent: Dispatch, postman: Postman, mailbox: MailServer, changes: dict[str, str]
) -> None:
    come_back(mailbox, postman, **changes)

    sent.refresh_from_db()
    assert (sent.state, Reply.objects.get().state) == ("sent", "sent")
    assert MailItem.objects.get().about_id == sent.letter_id


def test_a_bounced_reply_leaves_again_under_its_number(
    sent: Dispatch, postman: Postman, mailbox: MailServer, dounia: User
) -> None:
    come_back(mailbox, postman)

    sending.send_reply(Reply.objects.get(), actor=dounia, method="email", address="new@e.example")
    drain("reply.dispatch")

    assert [d.state for d in Dispatch.objects.all()] == ["failed", "sent"]
    assert Reply.objects.get().outgoing_id == sent.letter_id


def test_a_citizens_answer_to_our_reply_names_the_letter_it_goes_on_with(
    sent: Dispatch, postman: Postman, mailbox: MailServer
) -> None:
    ours = str(postman.taken[0]["Message-ID"])
    mail = mails.letter("Merci, mais…", subject="RE: votre réponse", In_Reply_To=ours)
    mailbox.deliver("1", mails.raw(mail))

    services.fetch_work("mailbox", lambda done, total: None)

    assert MailItem.objects.get(state="registered").about_id == sent.reply.letter_id

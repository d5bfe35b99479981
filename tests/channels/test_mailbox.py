"""The office's mailbox on a real IMAP server: nothing lost, nothing twice, whatever dies."""

import hashlib
import random
import re
import time
from typing import Any

import pytest

from channels import services
from channels.models import Mailbox, MailItem
from jobs.models import Job
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.models.receipts import Receipt
from tests.channels import mails
from tests.channels.wire import wire_to
from tests.factories import drain
from tests.services.dovecot_server import MailServer

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # a mail server for each


def fetch() -> bool:
    """One round, as the job does it."""
    return services.fetch_work("mailbox", lambda done, total: None)


def fetch_all() -> None:
    while fetch():
        pass


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def ended(content: bytes) -> bool:
    """Whether this very mail is in the register, or kept where a person sees it."""
    registered = Document.objects.filter(file__sha256=sha(content)).exists()
    return registered or MailItem.objects.filter(sha256=sha(content)).exists()


def test_a_mail_becomes_one_letter_with_its_attachments(mailbox: MailServer) -> None:
    mail = mails.letter(subject="Réclamation", message_id="one@example.org")
    mail.add_attachment(b"Texte de la facture.", maintype="text", subtype="plain", filename="f.txt")
    mailbox.deliver("1", mails.raw(mail))

    fetch_all()

    letter = Letter.objects.get(channel="email")
    assert letter.subject == "Réclamation"
    assert letter.sender is not None
    assert (letter.sender.name, letter.sender.email) == ("Salma Idrissi", "salma@example.org")
    assert letter.document_date is not None
    assert letter.document_date.isoformat() == "2026-11-24"
    assert [d.media_type for d in letter.documents.all()] == ["message/rfc822", "text/plain"]
    assert letter.documents.get(position=1).file.sha256 == sha(mails.raw(mail))
    assert Receipt.objects.filter(letter=letter).count() == 1
    assert [path.name.partition(",")[2] for path in mailbox.messages()] == ["S"]


def test_registered_mails_are_moved_where_the_office_wants_them(
    mailbox: MailServer, settings: Any
) -> None:
    settings.MAILBOX_DONE = "Enregistrés"
    mailbox.deliver("1", mails.raw(mails.letter(message_id="1@example.org")))
    mailbox.deliver("2", mails.raw(mails.letter("", message_id="2@example.org")))

    fetch_all()

    assert Letter.objects.filter(channel="email").count() == 1
    assert [path.name.partition(",")[2] for path in mailbox.messages()] == ["F"]  # set aside
    assert len(mailbox.messages(".Enregistr&AOk-s")) == 1


def test_a_mail_that_was_delivered_twice_is_registered_once(mailbox: MailServer) -> None:
    mail = mails.raw(mails.letter(message_id="twice@example.org"))
    mailbox.deliver("1", b"Received: from one.example\r\n" + mail)
    mailbox.deliver("2", b"Received: from two.example\r\n" + mail)

    fetch_all()

    assert Letter.objects.filter(channel="email").count() == 1
    assert sorted(MailItem.objects.values_list("kind", flat=True)) == ["again", "letter"]


def test_two_mails_under_one_message_id_are_two_letters(mailbox: MailServer) -> None:
    """Scanners send every page of a day under the same Message-ID."""
    for number in range(2):
        mail = mails.letter(f"Page {number}", message_id="scanner@device.example")
        mailbox.deliver(str(number), mails.raw(mail))

    fetch_all()

    assert Letter.objects.filter(channel="email").count() == 2


def test_who_sends_a_mail_before_with_its_attachments_hidden_keeps_nothing_out(
    mailbox: MailServer,
) -> None:
    mail = mails.letter(message_id="known@example.org")
    mail.add_attachment("La facture.", filename="facture.txt")
    whole = mails.raw(mail)
    hidden = re.sub(rb"Content-Type: multipart/mixed;[^\n]*\n( [^\n]*\n)*", b"", whole, count=1)
    assert hidden != whole
    for uid, content in enumerate((hidden, whole, hidden, whole, b"Received: from x\r\n" + whole)):
        mailbox.deliver(str(uid), content)

    fetch_all()

    letters = Letter.objects.filter(channel="email").order_by("number")
    assert [letter.documents.count() for letter in letters] == [1, 2]
    kinds = MailItem.objects.order_by("uid").values_list("kind", flat=True)
    assert sorted(kinds) == ["again", "again", "again", "letter", "letter"]


def test_under_a_new_uidvalidity_nothing_is_registered_again(mailbox: MailServer) -> None:
    for number in range(3):
        mail = mails.letter(message_id=f"{number}@example.org", subject=f"Lettre {number}")
        mailbox.deliver(str(number), mails.raw(mail))
    mailbox.deliver("auto", mails.raw(mails.letter(Auto_Submitted="auto-replied")))
    fetch_all()
    before = Mailbox.objects.get().uidvalidity
    (mailbox.child.folder / "mail" / "dovecot-uidlist").unlink()
    for index in (mailbox.child.folder / "mail").glob("dovecot.index*"):
        index.unlink()
    time.sleep(1.1)  # Dovecot draws UIDVALIDITY from the clock, in seconds

    fetch_all()

    assert Mailbox.objects.get().uidvalidity != before
    assert Letter.objects.filter(channel="email").count() == 3
    assert MailItem.objects.filter(kind="again").count() == 4
    assert MailItem.objects.filter(kind="auto_reply").count() == 1


def test_what_cannot_be_registered_is_set_aside_and_can_be_tried_again(
    mailbox: MailServer, settings: Any
) -> None:
    settings.UPLOAD_MAX_MB = 1
    large = mails.letter("x" * 900_000 + "\n" * 900_000, message_id="large@example.org")
    mailbox.deliver("1", mails.raw(large))
    mailbox.deliver("2", mails.raw(mails.letter("", message_id="empty@example.org")))
    parts = b"".join(b"--b\r\nContent-Type: text/plain\r\n\r\nx\r\n" for _ in range(1200))
    head = b"From: a@example.org\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    mailbox.deliver("3", head + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n' + parts)

    fetch_all()

    reasons = dict(MailItem.objects.values_list("uid", "reason"))
    assert sorted(reasons.values()) == ["damaged", "no_text", "too_large"]
    assert Letter.objects.filter(channel="email").count() == 0
    assert services.to_look_at().count() == 3
    settings.UPLOAD_MAX_MB = 50
    item = MailItem.objects.get(reason="too_large")
    services.try_again(item.pk)
    drain("mailbox.fetch")
    item.refresh_from_db()
    assert (item.state, item.letter is not None) == ("registered", True)


def test_a_mail_that_was_taken_for_a_machines_can_be_registered_by_a_person(
    mailbox: MailServer,
) -> None:
    mailbox.deliver("1", mails.raw(mails.letter(Auto_Submitted="auto-replied")))
    fetch_all()
    item = MailItem.objects.get()
    assert (item.state, item.kind, item.subject) == ("kept", "auto_reply", "Fuite d'eau")
    assert Letter.objects.filter(channel="email").count() == 0

    services.try_again(item.pk, as_letter=True)
    drain("mailbox.fetch")

    item.refresh_from_db()
    assert item.letter is not None
    assert (item.state, item.subject) == ("registered", "")


def test_a_mail_that_goes_on_with_a_letter_says_which(mailbox: MailServer) -> None:
    mailbox.deliver("1", mails.raw(mails.letter("Première", message_id="first@example.org")))
    fetch_all()
    first = Letter.objects.get(channel="email")
    by_reference = mails.letter(
        "Deuxième", message_id="2@example.org", References="<x@y.example> <first@example.org>"
    )
    by_number = mails.letter("Troisième", message_id="3@e.example", subject=f"RE: {first.number}")
    mailbox.deliver("2", mails.raw(by_reference))
    mailbox.deliver("3", mails.raw(by_number))

    fetch_all()

    assert MailItem.objects.filter(about=first).count() == 2
    later = Letter.objects.filter(channel="email").exclude(pk=first.pk)
    events = LetterEvent.objects.filter(letter__in=later, kind="registered")
    assert [event.data["answers"] for event in events] == [first.number] * 2
    for step in ("letter.read", "letter.compare"):
        drain(step)
    assert set(first.came_again.values_list("letter", flat=True)) == {one.pk for one in later}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"password": "wrong"}, "login"),
        ({"folder": "Nowhere"}, "folder"),
        ({"port": 1}, "away"),
    ],
)
def test_a_mailbox_that_cannot_be_used_says_why_and_is_tried_later(
    mailbox: MailServer, settings: Any, change: dict[str, Any], problem: str
) -> None:
    settings.MAILBOX_URL = mailbox.url(**change)

    assert fetch() is False

    row = Mailbox.objects.get()
    assert (row.problem, row.failures) == (problem, 1)
    services.queue_mail_fetch()
    assert not Job.objects.filter(kind="mailbox.fetch").exists()  # not before a minute has passed
    Mailbox.objects.update(next_at=None)
    services.queue_mail_fetch()
    assert Job.objects.filter(kind="mailbox.fetch").count() == 1


def test_a_certificate_of_nobody_is_not_trusted(mailbox: MailServer, settings: Any) -> None:
    settings.MAILBOX_URL = mailbox.url().partition("?")[0]

    fetch()

    assert Mailbox.objects.get().problem == "tls"


def test_two_hundred_real_mails_and_fifty_cuts(mailbox: MailServer, settings: Any) -> None:
    sent = mails.two_hundred()
    if not sent:
        pytest.skip("NOT SHOWN: the corpus of real mails is not here")
    for number, content in enumerate(sent):
        mailbox.deliver(f"{number:03d}", content)
    held = mailbox.contents()
    assert len(held) == 200
    before = Letter.objects.count()
    draw = random.Random(7)
    with wire_to(mailbox.port) as wire:
        settings.MAILBOX_URL = mailbox.url(port=wire.port)
        while wire.cuts < 50:
            wire.left = draw.choice([500, 3_000, 8_000, 15_000, 40_000, 100_000])
            fetch()
            Mailbox.objects.update(next_at=None)
        wire.left = None
        fetch_all()
    items = {item.uid: item for item in MailItem.objects.all()}
    assert set(items) == set(held)
    assert {item.state for item in items.values()} <= {"registered", "kept", "set_aside"}
    assert all(item.marked for item in items.values())
    lost = [uid for uid, content in held.items() if not ended(content)]
    assert all(items[uid].kind == "again" for uid in lost)  # the same mail on another way
    letters = [i.letter_id for i in items.values() if i.kind == "letter" and i.letter_id]
    assert len(set(letters)) == len(letters) == Letter.objects.count() - before
    mains = Document.objects.filter(letter__in=letters, position=1)
    assert len(set(mains.values_list("file__sha256", flat=True))) == len(letters) >= 150

"""A reply leaves under a number, and is never called sent without proof."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from email.header import decode_header, make_header
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.utils import timezone

from correspondence.acting import rights
from correspondence.dispatch import sending, undelivered
from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from correspondence.replies import circuit, drafting
from jobs import mailing
from jobs.errors import JobError, Permanent, Unavailable
from jobs.mailing import mail_errors
from jobs.models import Job
from jobs.runner import run_job, try_again
from language.bidi import isolate
from org.models import User
from registry.access import NoSuchLetterError, get_letter
from registry.changes import history_of
from registry.files.vault import open_path
from registry.models.documents import Document
from registry.models.letters import Letter, Party, ReplyLink
from registry.models.registers import NumberSeries
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.inbox import assignments
from routing.models.assignments import Assignment
from tests.correspondence.mail_server import mail_server
from tests.factories import drain, file, pdf_bytes

pytestmark = pytest.mark.django_db


def send(reply: Reply, actor: User, address: str = "client@example.org") -> Letter:
    return sending.send_reply(reply, actor=actor, method="email", address=address)


def dispatch_rounds() -> None:
    for _ in range(3):
        Job.objects.filter(kind="reply.dispatch", state="ready").update(run_after=timezone.now())
        drain("reply.dispatch")


def text_of_pdf(document: Document) -> str:
    import pypdfium2

    with open_path(document.file.sha256) as path, pypdfium2.PdfDocument(path) as paper:
        return "\n".join(page.get_textpage().get_text_bounded() for page in paper)


def test_the_number_is_taken_when_a_reply_is_sent_and_not_before(
    approved: Reply, badr: User
) -> None:
    assert not NumberSeries.objects.filter(register__code="OUT").exists()
    outgoing = send(approved, badr)
    assert outgoing.number.endswith("/OUT/000001")
    assert ReplyLink.objects.filter(incoming=approved.letter, outgoing=outgoing).exists()
    assert Letter.objects.get(pk=approved.home.pk).stage == "answered"
    assert Reply.objects.get(pk=approved.pk).state == "sent"
    assert Dispatch.objects.get().state == "waiting"


def test_the_mail_carries_the_drawn_letter_with_number_and_date(
    approved: Reply, badr: User, settings: Any
) -> None:
    with mail_server(settings) as postman:
        outgoing = send(approved, badr)
        dispatch_rounds()
    [message] = postman.taken
    paper = next(part for part in message.walk() if part.get_content_type() == "application/pdf")
    document = outgoing.documents.get(media_type="application/pdf")
    with open_path(document.file.sha256) as path:
        assert paper.get_payload(decode=True) == path.read_bytes()
    words = text_of_pdf(document)
    for word in (outgoing.number, approved.home.number, "La fuite est réparée."):
        assert word in words
    assert timezone.localtime(outgoing.registered_at).strftime("%d/%m/%Y") in words
    dispatch = Dispatch.objects.get()
    assert dispatch.state == "sent"
    assert dispatch.proof["message_id"] == message["Message-ID"]
    assert Letter.objects.get(pk=outgoing.pk).stage == "closed"


@pytest.mark.parametrize(("language", "apart"), [("ar", True), ("fr", False)])
def test_the_number_in_the_subject_is_set_apart_where_a_language_runs_from_right_to_left(
    language: str, apart: bool, approved: Reply, badr: User, settings: Any
) -> None:
    with mail_server(settings) as postman:
        outgoing = send(approved, badr)
        Letter.objects.filter(pk=outgoing.pk).update(language=language)
        dispatch_rounds()
    number = isolate(outgoing.number) if apart else outgoing.number
    subject = str(make_header(decode_header(postman.taken[0]["Subject"])))
    assert subject.endswith(f" – {number}")


def test_an_uploaded_file_leaves_as_what_was_made_of_it_to_last(
    accepted: Assignment, badr: User, dounia: User, settings: Any
) -> None:
    content = pdf_bytes("Réponse signée")
    reply = drafting.draft_reply(
        accepted.letter, actor=badr, subject="Fuite", body="", file=file("signé.pdf", content)
    )
    circuit.approve_reply(circuit.submit_reply(reply, actor=badr), actor=dounia)
    with mail_server(settings) as postman:
        outgoing = send(reply, badr)
        dispatch_rounds()
    parts = [p for p in postman.taken[0].walk() if p.get_content_type() == "application/pdf"]
    made, original = outgoing.documents.order_by("position")
    assert (made.title, original.title) == ("signé.pdf", "original - signé.pdf")
    with open_path(made.file.sha256) as path:
        assert [part.get_payload(decode=True) for part in parts] == [path.read_bytes()]
    with open_path(original.file.sha256) as path:
        assert path.read_bytes() == content


def test_an_arabic_reply_is_drawn_from_right_to_left(
    accepted: Assignment, badr: User, dounia: User
) -> None:
    body = "نحيطكم علما بأن التسرب قد تم إصلاحه."
    reply = drafting.draft_reply(accepted.letter, actor=badr, subject="إصلاح التسرب", body=body)
    circuit.approve_reply(circuit.submit_reply(reply, actor=badr), actor=dounia)
    outgoing = sending.send_reply(reply, actor=badr, method="portal")
    dispatch_rounds()
    assert outgoing.language == "ar"
    words = text_of_pdf(outgoing.documents.get(media_type="application/pdf"))
    assert outgoing.number in words
    assert "مصلحة الماء" in words


def test_while_the_mail_server_is_away_the_reply_waits_and_its_letter_is_drawn_once(
    approved: Reply, badr: User, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    outgoing = send(approved, badr)
    for _ in range(3):
        dispatch_rounds()
    job = Job.objects.get(kind="reply.dispatch", state="ready")
    assert job.error_code == "mail_away"
    assert Dispatch.objects.get().state == "waiting"
    assert outgoing.documents.filter(media_type="application/pdf").count() == 1
    with mail_server(settings) as postman:
        dispatch_rounds()
    assert len(postman.taken) == 1
    assert Dispatch.objects.get().state == "sent"


def test_a_refused_address_brings_the_letter_back_and_another_way_keeps_its_number(
    approved: Reply, badr: User, amina: User, settings: Any, register_is_clean: Callable[[], None]
) -> None:
    with mail_server(settings) as postman:
        outgoing = send(approved, badr, address="unknown@example.org")
        dispatch_rounds()
        assert Dispatch.objects.get().proof == {"problem": "address_refused"}
        letter, reply = Letter.objects.get(pk=approved.home.pk), Reply.objects.get()
        assert (letter.stage, reply.state) == ("in_hand", "bounced")
        assert Job.objects.filter(kind="reply.dispatch", state="parked").exists()
        assert "send_reply" in rights.actions_for(amina, letter)
        again = sending.send_reply(reply, actor=amina, method="email", address="new@example.org")
        dispatch_rounds()
    assert again == outgoing
    assert [message["To"] for message in postman.taken] == ["new@example.org"]
    assert Letter.objects.get(pk=letter.pk).stage == "answered"
    assert NumberSeries.objects.get(register__code="OUT").last == 1
    register_is_clean()


def test_a_refused_address_is_not_taken_again_where_none_is_given(
    approved: Reply, badr: User, settings: Any
) -> None:
    sender = Party.objects.filter(letter=approved.home, role="sender")
    assert sender.update(email="unknown@example.org")
    with mail_server(settings) as postman:
        send(approved, badr, address="")
        dispatch_rounds()
        reply = Reply.objects.get()
        assert reply.state == "bounced"
        with pytest.raises(NotAllowedError, match="cette adresse"):
            send(reply, badr, address="")
        assert Reply.objects.get().state == "bounced"
        send(reply, badr, address="new@example.org")
        dispatch_rounds()
    assert [message["To"] for message in postman.taken] == ["new@example.org"]


def test_a_parked_dispatch_that_a_person_tries_again_heals_reply_and_letter(
    approved: Reply, badr: User, settings: Any
) -> None:
    with mail_server(settings):
        send(approved, badr, address="unknown@example.org")
        dispatch_rounds()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    try_again(Job.objects.get(kind="reply.dispatch", state="parked").pk)
    dispatch_rounds()
    assert Dispatch.objects.get().state == "sent"
    assert Reply.objects.get().state == "sent"
    assert Letter.objects.get(pk=approved.home.pk).stage == "answered"


def test_an_old_dispatch_tried_again_sends_nothing_once_another_way_was_taken(
    approved: Reply, badr: User, settings: Any
) -> None:
    with mail_server(settings) as postman:
        send(approved, badr, address="unknown@example.org")
        dispatch_rounds()
        parked = Job.objects.get(kind="reply.dispatch", state="parked")
        sending.send_reply(Reply.objects.get(), actor=badr, method="portal")
        try_again(parked.pk)
        dispatch_rounds()
    assert postman.taken == []


def test_a_server_that_says_later_is_waited_for_but_not_for_ever(
    approved: Reply, badr: User, settings: Any
) -> None:
    with mail_server(settings):
        send(approved, badr, address="later@example.org")
        dispatch_rounds()
        assert Job.objects.get(kind="reply.dispatch", state="ready").error_code == "mail_deferred"
        old = timezone.now() - timedelta(days=4)
        Dispatch.objects.update(asked_at=old)
        dispatch_rounds()
    assert Dispatch.objects.get().proof == {"problem": "mail_given_up"}


@pytest.mark.parametrize(
    ("error", "code", "parked"),
    [
        (smtplib.SMTPDataError(554, b"spam"), "mail_refused", True),
        (smtplib.SMTPDataError(452, b"full"), "mail_deferred", False),
        (smtplib.SMTPAuthenticationError(535, b"no"), "mail_login", False),
        (smtplib.SMTPConnectError(421, b"busy"), "mail_away", False),
        (smtplib.SMTPServerDisconnected("gone"), "mail_away", False),
        (TimeoutError(), "mail_away", False),
        (smtplib.SMTPNotSupportedError("utf8"), "mail_refused", True),
    ],
)
def test_every_answer_of_a_mail_server_has_its_meaning(
    error: Exception, code: str, parked: bool
) -> None:
    with pytest.raises(JobError) as told, mail_errors():
        raise error
    assert told.value.code == code
    assert isinstance(told.value, Permanent) is parked
    assert "@" not in str(told.value)


def test_a_server_without_tls_is_away_until_it_offers_some(settings: Any) -> None:
    """What the library says then is said by a real server here."""
    with mail_server(settings) as postman:
        settings.EMAIL_USE_TLS = True
        with pytest.raises(Unavailable) as told:
            mailing.send(EmailMessage("Objet", "Texte", "a@example.org", ["b@example.org"]))
        assert told.value.code == "mail_no_tls"
        assert postman.taken == []


def test_handed_over_says_by_whom_when_and_to_whom(approved: Reply, badr: User) -> None:
    outgoing = sending.send_reply(
        approved, actor=badr, method="handed_over", address="M. Alami, au guichet"
    )
    dispatch_rounds()
    dispatch = Dispatch.objects.get()
    assert dispatch.state == "handed_over"
    assert dispatch.proof["by"] == badr.pk
    assert dispatch.proof["to"] == "M. Alami, au guichet"
    assert Reply.objects.get().state == "delivered"
    assert outgoing.documents.filter(media_type="application/pdf").exists()


def test_a_reply_on_the_citizen_s_page_is_delivered_when_it_is_opened(
    approved: Reply, badr: User
) -> None:
    outgoing = sending.send_reply(approved, actor=badr, method="portal")
    assert not sending.note_portal_reading(outgoing)
    dispatch_rounds()
    assert Reply.objects.get().state == "sent"
    assert sending.note_portal_reading(outgoing)
    assert not sending.note_portal_reading(outgoing)
    assert Reply.objects.get().state == "delivered"


def test_two_who_send_at_once_take_one_number(approved: Reply, badr: User, amina: User) -> None:
    seen_by_amina = Reply.objects.select_related("letter", "department").get(pk=approved.pk)
    send(approved, badr)
    with pytest.raises(ConflictError):
        send(seen_by_amina, amina)
    assert NumberSeries.objects.get(register__code="OUT").last == 1
    assert Letter.objects.filter(register__code="OUT").count() == 1


def test_an_address_that_is_none_is_refused_before_a_number_is_taken(
    approved: Reply, badr: User
) -> None:
    for address in ("", "nobody", "a@b\nBcc: x@example.org"):
        with pytest.raises(NotAllowedError):
            send(approved, badr, address=address)
    assert not Letter.objects.filter(register__code="OUT").exists()


def test_who_reads_the_letter_reads_its_answer_and_no_one_else(
    approved: Reply, badr: User, chafik: User
) -> None:
    outgoing = send(approved, badr)
    assert get_letter(badr, outgoing.pk).department == approved.department
    with pytest.raises(NoSuchLetterError):
        get_letter(chafik, outgoing.pk)


def test_a_voided_outgoing_letter_does_not_leave(
    approved: Reply, badr: User, amina: User, direction: User, settings: Any
) -> None:
    from registry.book.voiding import approve_void, ask_to_void

    with mail_server(settings) as postman:
        outgoing = send(approved, badr)
        approve_void(ask_to_void(outgoing, actor=amina, reason="Erreur"), actor=direction)
        dispatch_rounds()
    assert postman.taken == []
    assert Dispatch.objects.get().proof == {"problem": "voided"}


def test_a_worker_that_died_after_the_server_said_yes_sends_under_the_same_message_id(
    approved: Reply, badr: User, settings: Any
) -> None:
    from correspondence.dispatch.delivery import dispatch_work

    with mail_server(settings) as postman:
        send(approved, badr)
        drain("reply.dispatch")  # the first round draws
        dispatch_work(str(Dispatch.objects.get().pk), None)  # accepted, but nothing was saved
        dispatch_rounds()
    assert len({message["Message-ID"] for message in postman.taken}) == 1
    assert Dispatch.objects.get().state == "sent"


def test_a_whole_life_leaves_a_clean_register_and_a_readable_history(
    approved: Reply,
    accepted: Assignment,
    badr: User,
    settings: Any,
    register_is_clean: Callable[[], None],
) -> None:
    with mail_server(settings):
        outgoing = send(approved, badr)
        assignments.sign_off(
            Assignment.objects.select_related("letter", "department").get(pk=accepted.pk),
            actor=badr,
            method="letter",
        )
        dispatch_rounds()
    assert Letter.objects.get(pk=approved.home.pk).stage == "closed"
    kinds = [event.kind for event in history_of(approved.home.pk)]
    assert kinds == [
        *("registered", "assigned", "accepted", "reply_drafted", "reply_submitted"),
        *("reply_approved", "reply_sent", "signed_off"),
    ]
    assert [event.kind for event in history_of(outgoing.pk)] == [
        *("registered", "dispatch_asked", "reply_drawn", "dispatched", "closed"),
    ]
    register_is_clean()
    Reply.objects.update(body="Autre chose")
    with pytest.raises(AssertionError):
        register_is_clean()


@pytest.mark.parametrize("kind", ["console", "filebased", "dummy"])
def test_what_is_printed_or_kept_as_a_file_is_not_sent(
    approved: Reply, badr: User, settings: Any, tmp_path: Any, kind: str, capsys: Any
) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{kind}.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    send(approved, badr)
    dispatch_rounds()
    dispatch = Dispatch.objects.get()
    assert (dispatch.state, dispatch.proof) == ("waiting", {})
    assert Job.objects.get(kind="reply.dispatch", state="ready").error_code == "no_mail_server"
    assert "messagerie" in undelivered.dispatch_problem(dispatch)
    assert capsys.readouterr().out == ""  # the letter's words stand in no log
    with mail_server(settings) as postman:
        dispatch_rounds()
    assert len(postman.taken) == 1
    assert Dispatch.objects.get().state == "sent"


def test_a_second_worker_changes_nothing(approved: Reply, badr: User, settings: Any) -> None:
    with mail_server(settings) as postman:
        send(approved, badr)
        dispatch_rounds()
        done = Job.objects.filter(kind="reply.dispatch").latest("id")
        assert not run_job(done.pk)
    assert len(postman.taken) == 1

"""A signed reply has number and date on its paper, a signature that holds, and no second one."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from django.utils import timezone

from correspondence.acting import rights
from correspondence.dispatch import sending
from correspondence.models.dispatch import Dispatch
from correspondence.models.steps import ReplyStep
from correspondence.replies import archival_form, drafting
from correspondence.replies import circuit as replies_circuit
from correspondence.replies.editing import StepData
from correspondence.replies.filing import save_signed, sign_work
from correspondence.replies.pictures import drop_picture, give_picture
from jobs.models import Job
from org.absences import announce
from org.models import User
from registry.changes import history_of
from registry.models.documents import Document
from registry.models.letters import Letter, ReplyLink
from registry.models.registers import NumberSeries
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.models.assignments import Assignment
from tests.correspondence.circuits import (
    circuit,
    flipped,
    fresh,
    paper_of,
    pdfsig,
    rewritten,
    signed,
    submitted,
    visaed,
    words_of,
)
from tests.correspondence.mail_server import mail_server
from tests.correspondence.test_archival_form import failing
from tests.correspondence.timestamps import timestamp_authority
from tests.factories import drain, file, own_pdf, pdf_bytes, person, picture_bytes
from tests.registry.papers import make_key

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def way(db: None) -> None:
    circuit()


@pytest.fixture
def key(tmp_path: Path, settings: Any) -> Path:
    """The office signs electronically, by a key of its own."""
    path = tmp_path / "office.p12"
    make_key(path, password=b"geheim")
    settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_PASSWORD = str(path), "geheim"
    settings.REPLY_SIGNATURE = "pades"
    return tmp_path


def test_number_and_date_are_taken_at_the_signature_and_stand_on_the_paper(
    accepted: Assignment, direction: User, badr: User, register_is_clean: Callable[[], None]
) -> None:
    reply = visaed(accepted)
    assert not NumberSeries.objects.filter(register__code="OUT").exists()
    outgoing = replies_circuit.sign_reply(reply, actor=direction)
    assert outgoing.number.endswith("/OUT/000001")
    assert fresh(reply).state == "signed"
    assert "send_reply" not in rights.actions_for(badr, reply.home)  # no paper yet
    drain("reply.sign")
    words = words_of(paper_of(fresh(reply)))
    assert outgoing.number in words
    assert timezone.localtime(outgoing.registered_at).strftime("%d/%m/%Y") in words
    assert direction.get_full_name() in words
    main = Document.objects.get(letter=outgoing, role="main")
    assert (main.file, main.media_type) == (fresh(reply).signed_file, "application/pdf")
    assert "send_reply" in rights.actions_for(badr, reply.home)
    assert not ReplyLink.objects.exists()
    assert Letter.objects.get(pk=reply.home.pk).stage == "in_hand"
    assert Job.objects.filter(kind="letter.read", subject=str(outgoing.pk)).exists()
    register_is_clean()


def test_a_signed_reply_is_sent_under_its_number_as_it_was_signed(
    accepted: Assignment, badr: User, settings: Any, register_is_clean: Callable[[], None]
) -> None:
    reply = signed(accepted, body="", file=file("réponse.pdf", pdf_bytes("Réponse")))
    with mail_server(settings) as postman:
        outgoing = sending.send_reply(
            reply, actor=badr, method="email", address="client@example.org"
        )
        drain("reply.dispatch")
    assert outgoing == reply.outgoing
    assert NumberSeries.objects.get(register__code="OUT").last == 1
    [message] = postman.taken
    parts = [p for p in message.walk() if p.get_content_type() == "application/pdf"]
    assert [part.get_payload(decode=True) for part in parts] == [paper_of(reply)]
    assert ReplyLink.objects.get().outgoing == outgoing
    letter = Letter.objects.get(pk=outgoing.pk)
    assert (letter.channel, letter.stage) == ("email", "closed")
    assert Letter.objects.get(pk=reply.home.pk).stage == "answered"
    assert Dispatch.objects.get().state == "sent"
    register_is_clean()


def test_an_upload_named_as_the_signed_paper_does_not_leave_in_its_place(
    accepted: Assignment, badr: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archival_form, "make_archival", failing("unfit"))
    name = f"{timezone.localdate().year}-OUT-000001.pdf"
    content = own_pdf("Réponse")
    reply = drafting.draft_reply(
        accepted.letter, actor=badr, subject="Réponse", body="", file=file(name, content)
    )
    archival_form.choose_archival_form(reply, actor=badr, way="as_is")
    replies_circuit.submit_reply(fresh(reply), actor=badr)
    replies_circuit.approve_reply(fresh(reply), actor=person("dounia"))
    outgoing = replies_circuit.sign_reply(fresh(reply), actor=person("direction"))
    drain("reply.sign")
    assert [d.title for d in outgoing.documents.all()] == [name, name]
    with mail_server(settings) as postman:
        sending.send_reply(fresh(reply), actor=badr, method="email", address="client@example.org")
        drain("reply.dispatch")
    [message] = postman.taken
    parts = [p for p in message.walk() if p.get_content_type() == "application/pdf"]
    assert [part.get_payload(decode=True) for part in parts] == [paper_of(fresh(reply))]


def test_a_signed_reply_is_not_edited_returned_or_signed_again(
    accepted: Assignment, badr: User, direction: User
) -> None:
    reply = signed(accepted)
    with pytest.raises((NotAllowedError, ConflictError)):
        drafting.edit_reply(reply, actor=badr, subject="x", body="y")
    with pytest.raises((NotAllowedError, ConflictError)):
        replies_circuit.return_reply(reply, actor=direction, remark="Non")
    with pytest.raises(ConflictError):
        replies_circuit.sign_reply(reply, actor=direction)
    assert NumberSeries.objects.get(register__code="OUT").last == 1


def test_who_has_not_the_step_does_not_sign(accepted: Assignment, dounia: User) -> None:
    reply = visaed(accepted)
    with pytest.raises(NotAllowedError):
        replies_circuit.sign_reply(reply, actor=dounia)
    assert not Letter.objects.filter(register__code="OUT").exists()


def test_a_circuit_of_a_signature_alone_needs_no_visa(
    accepted: Assignment, direction: User, register_is_clean: Callable[[], None]
) -> None:
    way = circuit([StepData(1, "signature", "director")], department=accepted.department)
    reply = submitted(accepted)
    assert ReplyStep.objects.get().circuit == way
    replies_circuit.sign_reply(reply, actor=direction)
    assert (fresh(reply).state, fresh(reply).approved_by) == ("signed", direction)
    register_is_clean()


def test_an_uploaded_pdf_bears_number_date_and_signer(accepted: Assignment) -> None:
    content = pdf_bytes("Voici notre réponse", pages=2)
    reply = signed(accepted, body="", file=file("réponse.pdf", content))
    assert reply.outgoing is not None
    with pikepdf.open(io.BytesIO(paper_of(reply))) as paper:
        assert len(paper.pages) == 2
    words = words_of(paper_of(reply))
    assert words.count("Voici notre réponse") == 2
    assert reply.outgoing.number in words.split("\f")[0]
    assert "Nadia Berrada" in words.split("\f")[1]
    assert [d.role for d in reply.outgoing.documents.all()] == ["enclosure", "main"]


def test_a_page_that_is_turned_bears_the_stamp_upright(accepted: Assignment) -> None:
    with pikepdf.open(io.BytesIO(pdf_bytes("Paysage"))) as turned:
        turned.pages[0].Rotate = 90
        out = io.BytesIO()
        turned.save(out)
    reply = signed(accepted, body="", file=file("paysage.pdf", out.getvalue()))
    assert reply.outgoing is not None
    assert reply.outgoing.number in words_of(paper_of(reply))


def test_a_pdf_that_is_signed_already_is_not_taken_for_signing(
    accepted: Assignment, key: Path, badr: User
) -> None:
    from registry.book.signing import signed as by_the_office

    content = by_the_office(pdf_bytes("Signé ailleurs"))
    reply = drafting.draft_reply(
        accepted.letter, actor=badr, subject="a", body="", file=file("a.pdf", content)
    )
    with pytest.raises(NotAllowedError):
        replies_circuit.submit_reply(reply, actor=badr)


@pytest.mark.shells_out
@pytest.mark.usefixtures("libreoffice")
def test_a_document_waits_until_it_is_pdf_and_is_stamped_then(
    accepted: Assignment, direction: User, tmp_path: Path
) -> None:
    from registry.files.renditions import record_rendition
    from registry.files.vault import store
    from registry.models.documents import Rendition

    made = docx.Document()
    made.add_paragraph("Bonjour")
    made.save(str(tmp_path / "a.docx"))
    content = (tmp_path / "a.docx").read_bytes()
    reply = visaed(accepted, body="", file=file("réponse.docx", content))
    outgoing = replies_circuit.sign_reply(reply, actor=direction)
    drain("reply.sign")
    job = Job.objects.get(kind="reply.sign")
    assert (job.state, job.error_code) == ("ready", "pdf_awaited")
    document = outgoing.documents.get()
    record_rendition(
        document.pk,
        Rendition.Kind.PDF,
        stored=store(io.BytesIO(pdf_bytes("Bonjour"))),
        media_type="application/pdf",
        pages=1,
    )
    Job.objects.filter(kind="reply.sign").update(run_after=timezone.now())
    drain("reply.sign")
    assert outgoing.number in words_of(paper_of(fresh(reply)))
    assert fresh(reply).archive_level == "pdfa"


def test_a_scanned_signature_is_printed_and_its_use_is_on_record(
    accepted: Assignment, direction: User, settings: Any, register_is_clean: Callable[[], None]
) -> None:
    settings.REPLY_SIGNATURE = "stamp"
    reply = visaed(accepted)
    with pytest.raises(NotAllowedError):  # before a number is taken
        replies_circuit.sign_reply(reply, actor=direction)
    assert not Letter.objects.filter(register__code="OUT").exists()
    given = give_picture(direction, actor=direction, stream=io.BytesIO(picture_bytes("N. B.")))
    replies_circuit.sign_reply(reply, actor=direction)
    drop_picture(direction, actor=direction)  # what it signed keeps it
    drain("reply.sign")
    step = ReplyStep.objects.get(act="signature")
    assert (step.level, step.picture) == ("stamp", given.file)
    assert fresh(reply).signed_level == "stamp"
    [event] = [e for e in history_of(reply.home.pk) if e.kind == "reply_signed"]
    assert event.data["picture"] == given.file.sha256
    with pikepdf.open(io.BytesIO(paper_of(fresh(reply)))) as paper:
        assert "/XObject" in paper.pages[0].Resources
    register_is_clean()


def test_a_signature_by_a_stand_in_says_for_whom(
    accepted: Assignment, direction: User, dounia: User
) -> None:
    reply = visaed(accepted)
    today = timezone.localdate()
    announce(direction, delegate=dounia, starts_on=today, ends_on=today, actor=direction)
    replies_circuit.sign_reply(reply, actor=dounia)
    drain("reply.sign")
    step = ReplyStep.objects.get(act="signature")
    assert (step.done_by, step.for_person) == (dounia, direction)
    words = " ".join(words_of(paper_of(fresh(reply))).split())
    assert "Dounia Rahmani" in words
    assert "Nadia Berrada" in words


def test_a_worker_that_is_lost_files_one_paper(
    accepted: Assignment, direction: User, register_is_clean: Callable[[], None]
) -> None:
    from django.db import transaction

    reply = visaed(accepted)
    outgoing = replies_circuit.sign_reply(reply, actor=direction)
    first = sign_work(str(reply.pk), None)  # drawn; then the worker was killed
    drain("reply.sign")
    with transaction.atomic():
        save_signed(str(reply.pk), first)  # a lease that came back late
    assert sign_work(str(reply.pk), None) is None
    assert outgoing.documents.filter(role="main").count() == 1
    assert [e.kind for e in history_of(outgoing.pk)].count("signature_filed") == 1
    register_is_clean()


def test_an_outgoing_letter_that_was_voided_is_not_signed(
    accepted: Assignment, direction: User, amina: User
) -> None:
    from registry.book.voiding import approve_void, ask_to_void

    reply = visaed(accepted)
    outgoing = replies_circuit.sign_reply(reply, actor=direction)
    approve_void(ask_to_void(outgoing, actor=amina, reason="Erreur"), actor=direction)
    drain("reply.sign")
    assert Job.objects.get(kind="reply.sign").error_code == "voided"
    assert fresh(reply).signed_file is None
    assert history_of(reply.home.pk)[-1].kind == "signature_failed"


def test_a_stranger_s_validator_finds_the_signature_valid_and_every_change_of_the_file(
    accepted: Assignment, key: Path, tmp_path: Path
) -> None:
    reply = signed(accepted)
    assert reply.signed_level == "pades_b"
    paper = paper_of(reply)
    assert reply.outgoing is not None
    assert reply.outgoing.number in words_of(paper)
    said = pdfsig(paper, tmp_path)
    assert "Signature is Valid." in said
    assert "ETSI.CAdES.detached" in said
    assert "Total document signed" in said
    assert "Signature is Valid." not in pdfsig(flipped(paper), tmp_path)
    grown = pdfsig(rewritten(paper), tmp_path)
    assert "Total document signed" not in grown


def embedded(pdf: bytes) -> Any:
    """The signature as pyHanko reads it."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    return PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]


def timestamped(signature: Any) -> bool:
    """Whether an authority says when it was made."""
    attributes = signature.signer_info["unsigned_attrs"]
    return "signature_time_stamp_token" in [one["type"].native for one in attributes]


def test_with_an_authority_the_signature_bears_its_timestamp(
    accepted: Assignment, direction: User, key: Path, settings: Any
) -> None:
    reply = visaed(accepted)
    with timestamp_authority() as settings.TIMESTAMP_URL:
        replies_circuit.sign_reply(reply, actor=direction)
        drain("reply.sign")
    done = fresh(reply)
    assert done.signed_level == "pades_t"
    assert ReplyStep.objects.get(act="signature").level == "pades_t"
    signature = embedded(paper_of(done))
    assert timestamped(signature)
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert "Signature is Valid." in pdfsig(paper_of(done), key)


def test_while_the_authority_is_away_the_signature_waits(
    accepted: Assignment, direction: User, key: Path, settings: Any
) -> None:
    settings.TIMESTAMP_URL = "http://127.0.0.1:1/"
    reply = visaed(accepted)
    replies_circuit.sign_reply(reply, actor=direction)
    drain("reply.sign")
    job = Job.objects.get(kind="reply.sign")
    assert (job.state, job.error_code) == ("ready", "timestamp_away")
    assert fresh(reply).signed_file is None
    with timestamp_authority() as settings.TIMESTAMP_URL:
        Job.objects.filter(kind="reply.sign").update(run_after=timezone.now())
        drain("reply.sign")
    assert timestamped(embedded(paper_of(fresh(reply))))


def test_a_person_signs_with_their_own_key(
    accepted: Assignment, direction: User, key: Path, settings: Any, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    keys.mkdir()
    make_key(keys / "direction.p12", password=b"mien", name="Nadia Berrada")
    (keys / "direction.pass").write_text("mien\n")
    settings.SIGNING_KEYS_DIR = str(keys)
    certificate = embedded(paper_of(signed(accepted))).signer_cert
    assert certificate.subject.native["common_name"] == "Nadia Berrada"


def test_without_a_usable_key_nothing_is_signed_and_no_number_taken(
    accepted: Assignment, direction: User, key: Path, settings: Any
) -> None:
    reply = visaed(accepted)
    for password, path in (("falsch", settings.SIGNING_KEY_FILE), ("geheim", "")):
        settings.SIGNING_KEY_PASSWORD, settings.SIGNING_KEY_FILE = password, path
        with pytest.raises(NotAllowedError):
            replies_circuit.sign_reply(reply, actor=direction)
    assert not NumberSeries.objects.filter(register__code="OUT").exists()


def test_a_signature_picture_is_a_picture_given_by_who_may(direction: User, chafik: User) -> None:
    from correspondence.replies.pictures import picture_of

    with pytest.raises(NotAllowedError):
        give_picture(direction, actor=chafik, stream=io.BytesIO(picture_bytes("x")))
    for content in (b"", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n" + b"0" * 40, b"0" * 6_000_000):
        with pytest.raises(NotAllowedError):
            give_picture(direction, actor=direction, stream=io.BytesIO(content))
    assert picture_of(direction) is None
    one = give_picture(direction, actor=direction, stream=io.BytesIO(picture_bytes("un")))
    two = give_picture(direction, actor=direction, stream=io.BytesIO(picture_bytes("deux")))
    assert picture_of(direction) == two.file != one.file

"""Uploaded replies last: PDF/A before number and signature, or as their author says; recorded."""

import io
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.urls import reverse
from pikepdf import Array, Dictionary, Name, String

from correspondence.dispatch import sending
from correspondence.models.dispatch import Dispatch
from correspondence.models.replies import Reply
from correspondence.replies import archival_form, drafting
from correspondence.replies import circuit as replies_circuit
from org.models import User
from registry.archival.pdfa import claims
from registry.archival.problems import NotArchival
from registry.changes import history_of
from registry.files.vault import open_path
from registry.models.files import StoredFile
from routing.acting.errors import NotAllowedError
from routing.models.assignments import Assignment
from tests.correspondence.circuits import circuit, fresh, paper_of, pdfsig, signed, words_of
from tests.correspondence.mail_server import mail_server
from tests.factories import drain, file, own_pdf, picture_bytes
from tests.registry.papers import make_key
from tests.registry.test_archival import judged

pytestmark = pytest.mark.django_db


def drafted(accepted: Assignment, badr: User, name: str, content: bytes) -> Reply:
    reply = drafting.draft_reply(
        accepted.letter, actor=badr, subject="Fuite", body="", file=file(name, content)
    )
    return fresh(reply)


def bytes_of(stored: StoredFile | None) -> bytes:
    assert stored is not None
    with open_path(stored.sha256) as path:
        return path.read_bytes()


def is_archival(content: bytes) -> bool:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return claims(pdf)


def with_signature() -> bytes:
    """A PDF whose form holds a signature of somebody."""
    with pikepdf.open(io.BytesIO(own_pdf("Signé ailleurs"))) as pdf:
        field = Dictionary(FT=Name.Sig, T=String("S"), V=Dictionary(Type=Name.Sig))
        pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(field)]))
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def failing(code: str) -> Any:
    """What makes every conversion end like this."""

    def fail(*_path: Path, conversion: str, **_more: Any) -> int:
        raise NotArchival(code)

    return fail


@pytest.mark.slow
def test_a_signed_upload_is_pdf_a_before_and_after_its_signature(
    accepted: Assignment, settings: Any, tmp_path: Path, register_is_clean: Any
) -> None:
    circuit()
    key = tmp_path / "office.p12"
    make_key(key, password=b"geheim")
    settings.SIGNING_KEY_FILE, settings.SIGNING_KEY_PASSWORD = str(key), "geheim"
    settings.REPLY_SIGNATURE = "pades"
    content = own_pdf("Voici notre réponse<br><span dir=rtl>السيد المدير العام</span>", pages=2)
    reply = signed(accepted, body="", file=file("réponse.pdf", content))
    assert reply.outgoing is not None
    assert reply.archive_level == "pdfa"
    assert bytes_of(reply.file) == content  # the upload is in the vault as it came
    paper = paper_of(reply)
    assert is_archival(paper)
    said = pdfsig(paper, tmp_path)
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    text = " ".join(words_of(paper).split())
    assert reply.outgoing.number in text
    assert text.count("Voici notre réponse") == 2
    assert "السيد المدير العام" in text
    titles = {d.role: d.title for d in reply.outgoing.documents.all()}
    assert titles["enclosure"] == "original - réponse.pdf"
    [event] = [e for e in history_of(reply.home.pk) if e.kind == "signature_filed"]
    assert event.data["archive"] == "pdfa"
    register_is_clean()
    (tmp_path / "paper.pdf").write_bytes(paper)
    assert judged(tmp_path / "paper.pdf") == []


def test_an_upload_without_signature_leaves_as_pdf_a_with_the_original_beside(
    accepted: Assignment, badr: User, dounia: User, settings: Any, register_is_clean: Any
) -> None:
    content = own_pdf("Voici notre réponse")
    reply = drafted(accepted, badr, "réponse.pdf", content)
    replies_circuit.submit_reply(reply, actor=badr)
    replies_circuit.approve_reply(fresh(reply), actor=dounia)
    with mail_server(settings) as postman:
        outgoing = sending.send_reply(
            fresh(reply), actor=badr, method="email", address="client@example.org"
        )
        drain("reply.dispatch")
    assert Dispatch.objects.get().state == "sent"
    [message] = postman.taken
    [part] = [p for p in message.walk() if p.get_content_type() == "application/pdf"]
    sent = part.get_payload(decode=True)
    assert isinstance(sent, bytes)
    assert is_archival(sent)
    assert sent == bytes_of(fresh(reply).archive_file)
    documents = list(outgoing.documents.order_by("position"))
    assert [(d.role, d.title) for d in documents] == [
        ("main", "réponse.pdf"),
        ("enclosure", "original - réponse.pdf"),
    ]
    assert bytes_of(documents[1].file) == content
    register_is_clean()


def test_an_image_becomes_a_page_that_can_be_signed(accepted: Assignment) -> None:
    circuit()
    reply = signed(accepted, body="", file=file("scan.png", picture_bytes("Voici")))
    assert reply.archive_level == "picture"
    assert is_archival(paper_of(reply))
    assert reply.outgoing is not None
    assert reply.outgoing.number in words_of(paper_of(reply))


def test_who_uploads_a_signed_pdf_is_told_and_decides(
    accepted: Assignment, badr: User, register_is_clean: Any
) -> None:
    circuit()
    reply = drafted(accepted, badr, "signé.pdf", with_signature())
    assert (reply.archive_level, reply.archive_problem) == ("", "signed")
    assert archival_form.ways_on(reply) == ("copy", "picture", "as_is")
    with pytest.raises(NotAllowedError, match="signature"):
        replies_circuit.submit_reply(reply, actor=badr)
    archival_form.choose_archival_form(reply, actor=badr, way="copy")
    reply = fresh(reply)
    assert (reply.archive_level, reply.archive_problem) == ("pdfa", "signed")
    assert b"/Sig" not in bytes_of(reply.archive_file)
    replies_circuit.submit_reply(reply, actor=badr)
    [event] = [e for e in history_of(reply.home.pk) if e.kind == "reply_lasting"]
    assert (event.data["archive"], event.data["archive_problem"]) == ("pdfa", "signed")
    register_is_clean()


def test_as_it_is_goes_on_and_is_on_record_as_not_archival(
    accepted: Assignment, badr: User, monkeypatch: pytest.MonkeyPatch, register_is_clean: Any
) -> None:
    monkeypatch.setattr(archival_form, "make_archival", failing("unfit"))
    circuit()
    content = own_pdf("Encre")
    reply = drafted(accepted, badr, "a.pdf", content)
    with pytest.raises(NotAllowedError):  # this way fails too
        archival_form.choose_archival_form(reply, actor=badr, way="picture")
    with pytest.raises(NotAllowedError):
        archival_form.choose_archival_form(reply, actor=badr, way="copy")
    archival_form.choose_archival_form(reply, actor=badr, way="as_is")
    with pytest.raises(NotAllowedError):  # once
        archival_form.choose_archival_form(fresh(reply), actor=badr, way="picture")
    from tests.factories import person

    replies_circuit.submit_reply(fresh(reply), actor=badr)
    replies_circuit.approve_reply(fresh(reply), actor=person("dounia"))
    replies_circuit.sign_reply(fresh(reply), actor=person("direction"))
    drain("reply.sign")
    reply = fresh(reply)
    assert reply.archive_level == "as_is"
    assert not is_archival(paper_of(reply))
    told = [e.data.get("archive") for e in history_of(reply.home.pk)]
    assert told.count("as_is") == 2  # chosen, and filed
    register_is_clean()


def test_a_locked_pdf_is_refused_with_words(accepted: Assignment, badr: User) -> None:
    with pikepdf.open(io.BytesIO(own_pdf("Secret"))) as pdf:
        out = io.BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    with pytest.raises(NotAllowedError, match="mot de passe"):
        drafted(accepted, badr, "a.pdf", out.getvalue())
    assert not Reply.objects.exists()


def test_another_file_takes_the_decision_back(
    accepted: Assignment, badr: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(archival_form, "make_archival", failing("timeout"))
        reply = drafted(accepted, badr, "a.pdf", own_pdf("A"))
        assert archival_form.ways_on(reply)[0] == "text"
        archival_form.choose_archival_form(reply, actor=badr, way="as_is")
    drafting.edit_reply(reply, actor=badr, subject="S", body="", file=file("b.pdf", own_pdf("B")))
    assert (fresh(reply).archive_level, fresh(reply).archive_problem) == ("pdfa", "")
    drafting.edit_reply(reply, actor=badr, subject="S", body="Texte", drop_file=True)
    assert (fresh(reply).archive_level, fresh(reply).archive_file) == ("", None)


def test_only_who_may_edit_decides_and_pages_show_it(
    accepted: Assignment, badr: User, dounia: User, client: Any, chafik: User
) -> None:
    reply = drafted(accepted, badr, "signé.pdf", with_signature())
    with pytest.raises(NotAllowedError):
        archival_form.choose_archival_form(reply, actor=chafik, way="as_is")
    kwargs = {"letter_id": reply.home.pk, "reply_id": reply.pk, "what": "lasting"}
    address = reverse("desk:on_reply", kwargs=kwargs)
    client.force_login(chafik)
    assert client.post(address, {"way": "as_is"}).status_code == 404
    client.force_login(badr)
    page = client.get(reverse("desk:letter", args=[reply.home.pk]), HTTP_ACCEPT_LANGUAGE="fr")
    assert 'value="copy"' in page.content.decode()
    assert "signature numérique" in page.content.decode()
    assert client.post(address, {"way": "picture"}).status_code == 303
    assert fresh(reply).archive_level == "picture"
    made = reverse("desk:reply_file", args=[reply.home.pk, reply.pk]) + "?made=1"
    assert b"".join(client.get(made).streaming_content).startswith(b"%PDF")
    page = client.get(reverse("desk:letter", args=[reply.home.pk]), HTTP_ACCEPT_LANGUAGE="fr")
    assert "PDF/A d’images" in page.content.decode()


def test_the_api_tells_and_takes_the_decision(accepted: Assignment, badr: User) -> None:
    from rest_framework.test import APIClient

    reply = drafted(accepted, badr, "signé.pdf", with_signature())
    api = APIClient()
    api.force_authenticate(badr)
    address = f"/api/v1/replies/{reply.pk}/lasting"
    assert api.post(address, {"lasting": "text"}, format="json").status_code == 403
    answer = api.post(address, {"lasting": "as_is"}, format="json")
    assert answer.status_code == 200, answer.content
    assert (answer.json()["archive_level"], answer.json()["archive_ways"]) == ("as_is", [])

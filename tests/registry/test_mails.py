"""A mail is one letter: the mail itself first, what was attached to it behind."""

from email.message import EmailMessage

import pytest

from registry.models.events import LetterEvent
from tests.factories import deposit, file, pdf_bytes, picture_bytes

pytestmark = pytest.mark.django_db


def mail(*attachments: tuple[str, bytes, str], body: str = "Bonjour") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.example", "c@d.example", "Fuite"
    message.set_content(body)
    for name, content, media_type in attachments:
        main, _, sub = media_type.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def documents(content: bytes) -> list[tuple[str, str, int | None]]:
    letter = deposit(files=[file("fuite.eml", content)]).letter
    return [
        (d.title, d.media_type, d.attached_to.position if d.attached_to else None)
        for d in letter.documents.select_related("attached_to")
    ]


def test_attachments_are_documents_of_their_own_in_order() -> None:
    content = mail(
        ("facture.pdf", pdf_bytes(), "application/pdf"),
        ("صورة العداد.png", picture_bytes(), "image/png"),
    )
    assert documents(content) == [
        ("fuite.eml", "message/rfc822", None),
        ("facture.pdf", "application/pdf", 1),
        ("صورة العداد.png", "image/png", 1),
    ]


def test_an_attachment_is_judged_by_its_bytes_not_by_what_the_mail_says() -> None:
    content = mail(("facture.pdf", picture_bytes(form="JPEG"), "application/pdf"))
    assert documents(content)[1][1] == "image/jpeg"


def test_a_bad_attachment_stays_in_the_mail_and_does_not_refuse_the_letter() -> None:
    content = mail(
        ("jeu.exe", b"MZ\x90\0" + b"\0" * 99, "application/octet-stream"),
        ("facture.pdf", pdf_bytes(), "application/pdf"),
    )
    assert [title for title, _, _ in documents(content)] == ["fuite.eml", "facture.pdf"]
    assert LetterEvent.objects.get().data["refused"] == ["executable"]


def test_a_mail_of_a_thousand_attachments_is_bounded() -> None:
    many = [(f"{n}.txt", f"piece {n}".encode(), "application/octet-stream") for n in range(300)]
    assert len(documents(mail(*many))) == 101


@pytest.mark.parametrize(
    "headers",
    [
        b'Content-Disposition: attachment; filename="=?x-unknown?B?////?="\n',
        b"Content-Disposition: attachment; filename*=utf-99''%ff%fe\n",
        b"Content-Disposition: attachment; filename=\n",
        b"Content-Disposition: attachment; filename=../../etc/passwd\n",
    ],
)
def test_hostile_names_of_attachments_do_no_harm(headers: bytes) -> None:
    content = (
        b"From: a@b.example\nTo: c@d.example\nSubject: x\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/mixed; boundary="B"\n\n'
        b"--B\nContent-Type: text/plain\n\nbonjour\n"
        b"--B\nContent-Type: application/octet-stream\n" + headers + b"\nla piece\n--B--\n"
    )
    found = documents(content)
    assert len(found) == 2
    assert found[1][0]

"""A mail is one letter: the mail itself first, what was attached to it behind."""

from email.message import EmailMessage

import pytest

from registry.models.events import LetterEvent
from registry.pieces import add_documents
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


def test_a_mail_of_many_attachments_names_those_after_the_hundredth() -> None:
    many = [(f"{n}.txt", f"piece {n}".encode(), "application/octet-stream") for n in range(300)]
    assert len(documents(mail(*many))) == 101
    data = LetterEvent.objects.get().data
    assert data["refused"] == ["too_many_attachments"] * 200
    left = [(one["mail"], one["name"]) for one in data["attachments_left"]]
    assert left == [(1, f"{n}.txt") for n in range(100, 300)]


def test_an_empty_attachment_is_named_as_such() -> None:
    documents(
        mail(("vide.txt", b"", "text/plain"), ("facture.pdf", pdf_bytes(), "application/pdf"))
    )
    data = LetterEvent.objects.get().data
    assert data["attachments_left"] == [{"mail": 1, "name": "vide.txt", "code": "empty"}]


def test_attachments_of_a_mail_that_is_added_later_are_named_too() -> None:
    letter = deposit().letter
    content = mail(("jeu.exe", b"MZ\x90\0" + b"\0" * 99, "application/octet-stream"))
    add_documents(letter, files=[file("suite.eml", content)], then=lambda _rows: None)
    data = LetterEvent.objects.get(kind="attachments_left").data
    assert data["refused"] == ["executable"]
    position = letter.documents.get(title="suite.eml").position
    assert data["attachments_left"] == [{"mail": position, "name": "jeu.exe", "code": "executable"}]


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

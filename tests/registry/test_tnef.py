"""What Outlook packs into a winmail.dat is taken out of it, or kept as it is; never dropped."""

import contextlib
import struct
import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.written.mailtext import eml_text, tnef_text
from registry.rtf_packing import unpacked_rtf
from registry.tnef import MARK, BadTnefError, read_tnef
from tests.factories import deposit, drain, file, pdf_bytes
from tests.registry import winmail as made

# MS-OXRTFCP 4.1: the example of the specification.
EXAMPLE = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a00726370673132354232"
    "0af32068656c090020627705b06c647d0a800fa0"
)


def mail(content: bytes, *, text: str = "Voir les pièces.", name: str = "winmail.dat") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.example", "c@d.example", "Fuite"
    if text:
        message.set_content(text)
        message.add_attachment(content, maintype="application", subtype="ms-tnef", filename=name)
    else:
        message.set_content(content, maintype="application", subtype="ms-tnef", filename=name)
    return message.as_bytes()


def documents(content: bytes, name: str = "fuite.eml") -> list[tuple[str, str, str]]:
    letter = deposit(files=[file(name, content)]).letter
    drain("letter.read")
    return [(d.title, d.media_type, d.problem) for d in letter.documents.order_by("position")]


@pytest.mark.django_db
def test_attachments_inside_a_winmail_are_documents_of_the_mail() -> None:
    packed = made.winmail(
        made.attachment("FACTUR~1.PDF", pdf_bytes("Facture"), long_name="صورة الفاتورة.pdf"),
        made.attachment("relevé.pdf", pdf_bytes("Relevé")),
        text="Bonjour",
    )
    assert documents(mail(packed)) == [
        ("fuite.eml", "message/rfc822", ""),
        ("صورة الفاتورة.pdf", "application/pdf", ""),
        ("relevé.pdf", "application/pdf", ""),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "broken",
    [
        made.winmail(made.attachment("a.pdf", b"%PDF-" + b"x" * 500))[:-200],
        MARK + b"\x01\x02rubbish that is no attribute at all",
        b"no mark at all \x00\x01\x02",
    ],
)
def test_a_winmail_that_cannot_be_opened_is_a_file_of_its_own(broken: bytes) -> None:
    assert documents(mail(broken))[1:] == [("winmail.dat", "application/ms-tnef", "unsupported")]


@pytest.mark.django_db
def test_a_winmail_with_a_mail_inside_gives_its_files_and_stays() -> None:
    inner = made.winmail(made.attachment("plan.pdf", pdf_bytes("Plan")), text="Voici le plan.")
    packed = made.winmail(made.attachment("Fwd", b"", inside=inner))
    assert [title for title, *_rest in documents(mail(packed))] == [
        "fuite.eml",
        "winmail.dat",
        "plan.pdf",
    ]


@pytest.mark.django_db
def test_a_winmail_that_is_deposited_by_itself_is_opened_too() -> None:
    packed = made.winmail(made.attachment("plan.pdf", pdf_bytes("Plan")))
    assert [title for title, *_rest in documents(packed, "winmail.dat")] == [
        "winmail.dat",
        "plan.pdf",
    ]


def test_words_that_stand_in_the_winmail_alone_are_text_of_the_mail(tmp_path: Path) -> None:
    path = tmp_path / "m.eml"
    path.write_bytes(mail(made.winmail(text="Une fuite, rue B."), text=""))
    assert "Une fuite, rue B." in eml_text(path)
    path.write_bytes(mail(made.winmail(text="Deux fois."), text="Une fois."))
    assert "Deux fois." not in eml_text(path)


def test_an_rtf_body_is_read() -> None:
    rtf = made.plain_rtf(rb"{\rtf1\ansi Une \b fuite\b0  d'eau.}")
    assert "Une fuite d'eau." in tnef_text(made.winmail(rtf=rtf))
    assert tnef_text(made.winmail(rtf=b"LZFu rubbish")) == ""


def test_packed_rtf_is_unpacked_as_the_specification_s_example() -> None:
    assert unpacked_rtf(EXAMPLE) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


@given(st.binary(max_size=400), st.integers(0, 400))
def test_any_bytes_end_in_a_result_or_the_one_error(noise: bytes, at: int) -> None:
    whole = made.winmail(made.attachment("a.pdf", b"x" * 60), text="Bonjour", rtf=EXAMPLE)
    for content in (MARK + noise, whole[:at] + noise + whole[at:], whole[:at]):
        with contextlib.suppress(BadTnefError):
            read_tnef(content)
        tnef_text(content)
        unpacked_rtf(noise)


def test_lengths_that_lie_cost_no_time() -> None:
    endless = struct.pack("<I", 0xFFFFFFFF) + made.flag(0x3705, 1) * 300_000
    many = struct.pack("<IHHI", 0xFFFFFFFF, 0x1003, 0x3705, 0xFFFFFFFF) + b"\0" * 1_000_000
    began = time.process_time()
    for props in (endless, many):
        content = made.winmail(made.attribute(1, 6, 0x9003, props))
        with pytest.raises(BadTnefError):
            read_tnef(content)
    small = made.winmail() + made.attribute(1, 6, 0x8007, b"") * 500_000
    with pytest.raises(BadTnefError):
        read_tnef(small)
    assert time.process_time() - began < 5

"""Files made to exhaust the office while it only judges them: refused early, never a crash."""

import io
import struct
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from org.models import User
from registry.files.judging import MOST_DIRECTORY_BYTES, Most, judge
from registry.files.kinds import RefusedError
from registry.files.media import check_media
from registry.intake import LetterData, receive_letter
from registry.mails import MOST_PARTS
from registry.models.documents import Document
from registry.models.events import LetterEvent
from tests.factories import file

HEAD = b"From: a@b.example\nTo: c@d.example\nSubject: s\nDate: Mon, 1 Jan 2024 00:00:00 +0000\n"


def _verdict(folder: Path, content: bytes, name: str) -> str:
    path = folder / name
    path.write_bytes(content)
    with pytest.raises(RefusedError) as error:
        check_media(path, name=name)
    return error.value.code


def _package(members: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for number in range(members):
            package.writestr(f"{number}{'-' * 200}", b"")
        package.writestr("word/document.xml", b"<a/>")
    return buffer.getvalue()


def test_a_package_that_lists_too_many_members_is_refused_unread(tmp_path: Path) -> None:
    members = MOST_DIRECTORY_BYTES // 240
    assert _verdict(tmp_path, _package(members), "a.docx") == "damaged"


def test_a_package_cannot_hide_the_length_of_its_list(tmp_path: Path) -> None:
    content = bytearray(_package(MOST_DIRECTORY_BYTES // 240))
    end = content.rindex(b"PK\x05\x06")
    entries = struct.unpack_from("<H", content, end + 10)[0]
    size, start = struct.unpack_from("<II", content, end + 12)
    record = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44, 45, 45, 0, 0, entries, entries, size, start)
    locator = struct.pack("<IIQI", 0x07064B50, 0, end, 1)
    content[end + 12 : end + 20] = b"\xff" * 8
    content[end:end] = record + locator
    assert zipfile.ZipFile(io.BytesIO(bytes(content))).namelist()
    assert _verdict(tmp_path, bytes(content), "a.docx") == "damaged"


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_package_whose_type_cannot_be_unpacked_is_damaged(tmp_path: Path, method: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as package:
        package.writestr("mimetype", b"application/vnd.oasis.opendocument.text")
    content = bytearray(buffer.getvalue())
    content[38:58] = b"\xff" * 20  # the packed bytes behind the name
    assert _verdict(tmp_path, bytes(content), "a.odt") == "damaged"


def test_frames_of_a_tiff_are_counted_no_further_than_the_limit(tmp_path: Path) -> None:
    frames = 30_000
    tags = [(256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 0), (277, 1), (279, 1)]
    content = bytearray(b"II*\0" + struct.pack("<I", 8))
    for number in range(frames):
        content += struct.pack("<H", len(tags))
        content += b"".join(struct.pack("<HHII", tag, 3, 1, value) for tag, value in tags)
        content += struct.pack("<I", len(content) + 4 if number < frames - 1 else 0)
    path = tmp_path / "a.tif"
    path.write_bytes(bytes(content))
    looked_at = _frames_looked_at(path)
    assert looked_at <= 2001


def _frames_looked_at(path: Path) -> int:
    from PIL import TiffImagePlugin

    seen: set[int] = set()
    original = TiffImagePlugin.TiffImageFile._seek

    def seek(self: TiffImagePlugin.TiffImageFile, frame: int) -> None:
        original(self, frame)
        seen.add(len(self._frame_pos))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TiffImagePlugin.TiffImageFile, "_seek", seek)
        with path.open("rb") as file, pytest.raises(RefusedError, match="too_many_pages"):
            judge(file, name=path.name, most=Most(pages=2000, pixels=10**8))
    return max(seen)


def _nested(levels: int) -> bytes:
    opening = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(levels)
    )
    return HEAD + b"MIME-Version: 1.0\n" + opening + b"Content-Type: text/plain\n\nhello\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(_nested(1500), id="nested"),
        pytest.param(HEAD + b"Content-Type: message/rfc822\n\n" * 1500 + b"hi", id="forwarded"),
        pytest.param(
            HEAD
            + b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
            + b"--x\nContent-Type: text/plain\n\nx\n" * (MOST_PARTS + 1),
            id="many parts",
        ),
    ],
)
def test_a_mail_of_endless_parts_is_registered_as_it_is(amina: User, mail: bytes) -> None:
    letter = receive_letter(
        LetterData(channel="email"), actor=amina, files=[file("a.eml", mail)]
    ).letter
    assert Document.objects.get(letter=letter).media_type == "message/rfc822"
    assert LetterEvent.objects.get(letter=letter, kind="registered").data["refused"] == ["damaged"]


@pytest.mark.django_db
def test_a_mail_with_many_parts_still_gives_its_attachments(amina: User) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@b.example", "c@d.example", "s"
    mail.set_content("body")
    for number in range(60):
        mail.add_attachment(f"plain text {number}", filename=f"{number}.txt")
    letter = receive_letter(
        LetterData(channel="email"), actor=amina, files=[file("a.eml", mail.as_bytes())]
    ).letter
    assert Document.objects.filter(letter=letter).count() == 61

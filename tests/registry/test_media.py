"""What a file is, is judged by its bytes: taken, taken although unreadable, or refused in words."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentText
from PIL import Image

from registry.files.drawings import DWG, DXF
from registry.files.kinds import Media, RefusedError
from registry.files.media import check_media
from tests.factories import pdf_bytes, picture_bytes

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "files"


def judge(tmp_path: Path, content: bytes, name: str = "fichier") -> Media | str:
    """The verdict, or the code of the refusal."""
    path = tmp_path / "incoming"
    path.write_bytes(content)
    try:
        return check_media(path, name=name)
    except RefusedError as error:
        return error.code


def many_frames(count: int = 3) -> bytes:
    frames = [Image.new("1", (200, 300), number % 2) for number in range(count)]
    out = io.BytesIO()
    frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def noise(form: str) -> bytes:
    """A picture whose bytes cannot be squeezed, so that half of it is half of its pixels."""
    image = Image.frombytes("RGB", (200, 200), random.Random(1).randbytes(120_000))
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def heic() -> bytes:
    import pillow_heif

    out = io.BytesIO()
    heif = pillow_heif.from_pillow(Image.open(io.BytesIO(picture_bytes())))
    heif.save(out)
    return out.getvalue()


def word() -> bytes:
    out = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Bonjour")
    document.save(out)
    return out.getvalue()


def sheet() -> bytes:
    out = io.BytesIO()
    openpyxl.Workbook().save(out)
    return out.getvalue()


def odt() -> bytes:
    out = io.BytesIO()
    OpenDocumentText().write(out)
    return out.getvalue()


def mail() -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.example", "c@d.example", "Fuite"
    message.set_content("Bonjour")
    return message.as_bytes()


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def encrypted_pdf() -> bytes:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.writer import copy_into_new_writer

    writer: Any = copy_into_new_writer(PdfFileReader(io.BytesIO(pdf_bytes("secret"))))
    writer.encrypt(owner_pass="patron", user_pass="client")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def huge_png(side: int = 40_000) -> bytes:
    """A true PNG of side × side pixels in a few hundred kilobytes."""

    def part(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return struct.pack("!I", len(body)) + kind + body + struct.pack("!I", check)

    rows = zlib.compress((b"\0" + b"\0" * (side // 8)) * 200)
    head = struct.pack("!IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


GOOD: dict[str, tuple[Callable[[], bytes], str]] = {
    "pdf": (lambda: pdf_bytes("Bonjour"), "application/pdf"),
    "png": (picture_bytes, "image/png"),
    "jpeg": (lambda: picture_bytes(form="JPEG"), "image/jpeg"),
    "webp": (lambda: picture_bytes(form="WEBP"), "image/webp"),
    "tiff": (many_frames, "image/tiff"),
    "heic": (heic, "image/heic"),
    "docx": (word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (sheet, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "odt": (odt, "application/vnd.oasis.opendocument.text"),
    "eml": (mail, "message/rfc822"),
    "txt": (lambda: "مرحبا\nBonjour".encode(), "text/plain"),
    "old txt": (lambda: "Réclamation: fuite d'eau à l'école".encode("cp1252"), "text/plain"),
    "utf-16 txt": (lambda: "Réclamation: fuite d'eau".encode("utf-16"), "text/plain"),
}


@pytest.mark.parametrize("name", GOOD)
def test_each_allowed_type_is_known_by_its_bytes_whatever_its_name(
    tmp_path: Path, name: str
) -> None:
    make, media_type = GOOD[name]
    for file_name in (f"lettre.{name}", "lettre.exe", "sans-nom"):
        assert judge(tmp_path, make(), file_name) == Media(media_type)


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda path: path.name[:2])
def test_every_bundled_letter_is_taken(path: Path) -> None:
    assert check_media(path, name=path.name).problem == ""


def test_an_encrypted_pdf_is_taken_and_says_so(tmp_path: Path) -> None:
    assert judge(tmp_path, encrypted_pdf()) == Media("application/pdf", problem="encrypted")


def cut(make: Callable[[], bytes]) -> bytes:
    content = make()
    return content[: len(content) // 2]


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty"),
    "Windows program": (lambda: b"MZ\x90\0" + b"\0" * 500, "executable"),
    "Linux program": (lambda: Path("/bin/true").read_bytes(), "executable"),
    "script": (lambda: b"#!/bin/sh\nrm -rf /\n", "executable"),
    "HTML": (lambda: b"<!doctype html><script>alert(1)</script>", "not_allowed"),
    "SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "not_allowed"),
    "ZIP": (lambda: zipped(**{"a.txt": b"a"}), "not_allowed"),
    "ZIP bomb": (lambda: zipped(**{"a.txt": b"\0" * 50_000_000}), "not_allowed"),
    "GIF": (lambda: picture_bytes(form="GIF"), "not_allowed"),
    "noise": (lambda: random.Random(2).randbytes(5000), "not_allowed"),
    "zeros": (lambda: b"\0" * 5000, "not_allowed"),
    "PDF cut off": (lambda: cut(lambda: pdf_bytes("x", pages=5)), "damaged"),
    "sample PDF cut off": (
        lambda: cut((SAMPLES / "01-fuite-zankat-louz.pdf").read_bytes),
        "damaged",
    ),
    "PDF without its last tenth": (
        lambda: (SAMPLES / "09-fibre-autorisation-voirie.pdf").read_bytes()[:-90_000],
        "damaged",
    ),
    "PDF head alone": (lambda: b"%PDF-1.7\n", "damaged"),
    "PNG cut off": (lambda: cut(lambda: noise("PNG")), "damaged"),
    "JPEG cut off": (lambda: cut(lambda: noise("JPEG")), "damaged"),
    "TIFF cut off": (lambda: cut(lambda: noise("TIFF")), "damaged"),
    "WebP cut off": (lambda: cut(lambda: noise("WEBP")), "damaged"),
    "HEIC cut off": (lambda: cut(heic), "damaged"),
    "PNG head alone": (lambda: picture_bytes()[:30], "damaged"),
    "DOCX cut off": (lambda: cut(word), "damaged"),
    "PDF of 2001 pages": (lambda: pdf_bytes("x", pages=2001), "too_many_pages"),
    "PDF of 10,000 pages": (lambda: pdf_bytes("x", pages=10_000), "too_many_pages"),
    "picture of 1600 megapixels": (huge_png, "too_many_pixels"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_registered_is_refused_with_its_reason(tmp_path: Path, name: str) -> None:
    make, code = BAD[name]
    for file_name in ("lettre.pdf", "lettre.txt"):
        assert judge(tmp_path, make(), file_name) == code


DWG_HEAD = b"AC1032" + bytes(5)
DXF_TEXT = b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n  0\r\nENDSEC\r\n  0\r\nEOF\r\n"
PLANS: dict[str, tuple[bytes, Media | str]] = {
    "DWG": (DWG_HEAD + bytes(500), Media(DWG, problem="unsupported")),
    "DWG of 2000": (b"AC1015" + bytes(5) + b"x" * 300, Media(DWG, problem="unsupported")),
    "DXF": (DXF_TEXT, Media(DXF, problem="unsupported")),
    "DXF with a remark": (b"999\nmade by\n" + DXF_TEXT, Media(DXF, problem="unsupported")),
    "binary DXF": (
        b"AutoCAD Binary DXF\r\n\x1a\0" + bytes(60) + b"\0EOF\0",
        Media(DXF, problem="unsupported"),
    ),
    "DWG head alone": (DWG_HEAD, "damaged"),
    "DWG of no version": (b"AC1099" + bytes(500), "not_allowed"),
    "DWG head before a program": (
        b"AC1032MZ\x90\0" + random.Random(5).randbytes(500),
        "not_allowed",
    ),
    "program named as a plan": (b"MZ\x90\0" + DWG_HEAD + bytes(500), "executable"),
    "script named as a plan": (b"#!/bin/sh\n" + DXF_TEXT, "executable"),
    "page before a DXF": (b"<!doctype html><script>x</script>\n" + DXF_TEXT, "not_allowed"),
    "DXF cut off": (DXF_TEXT[:-8], "damaged"),
    "DWG around a PDF": (DWG_HEAD + b"%PDF-1.7\n" + bytes(300), "damaged"),
}


@pytest.mark.parametrize("name", PLANS)
def test_drawings_of_plans_are_kept_as_files_and_told_by_their_bytes(
    tmp_path: Path, name: str
) -> None:
    content, verdict = PLANS[name]
    for file_name in ("plan.dwg", "plan.pdf", "plan.exe"):
        assert judge(tmp_path, content, file_name) == verdict


def test_a_tiff_of_too_many_frames_is_refused(tmp_path: Path, settings: Any) -> None:
    settings.UPLOAD_MAX_PAGES = 2
    assert judge(tmp_path, many_frames(3)) == "too_many_pages"
    assert judge(tmp_path, many_frames(2)) == Media("image/tiff")


def test_an_office_file_under_a_password_is_taken_and_says_so(tmp_path: Path) -> None:
    compound = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    content = compound + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    verdict = judge(tmp_path, content)
    assert isinstance(verdict, Media)
    assert verdict.problem == "encrypted"


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.sampled_from([*GOOD]),
    where=st.floats(0, 1),
    garbage=st.binary(min_size=1, max_size=40),
    keep=st.floats(0.05, 1),
)
def test_any_damage_ends_in_a_verdict_never_in_a_crash(
    tmp_path: Path, name: str, where: float, garbage: bytes, keep: float
) -> None:
    content = SEEDS.setdefault(name, GOOD[name][0]())
    place = int(where * len(content))
    harmed = content[:place] + garbage + content[place + len(garbage) :]
    verdict = judge(tmp_path, harmed[: max(1, int(keep * len(harmed)))], f"lettre.{name}")
    assert isinstance(verdict, (Media, str))


SEEDS: dict[str, bytes] = {}

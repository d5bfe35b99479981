"""The bundled letters are what the demo promises: of each kind of file, invented, readable."""

from __future__ import annotations

import email
import io
import json
import re
from email import policy
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageSequence

from samples.ageing import scanned
from samples.draw import manifest
from samples.letter import HERE, Letter, all_letters

DEPARTMENTS = {
    *("DG", "BO", "EAU", "ELEC", "ASS", "COM", "REC", "CPT"),
    *("BRT", "TRX", "ACH", "JUR", "RH", "FIN", "SI"),
}
LETTERS = all_letters()
BY_FORM = {letter.form: letter for letter in LETTERS}


def path_of(letter: Letter) -> Path:
    return HERE / "files" / letter.files[0]


def text_layers(data: bytes) -> list[str]:
    document = pdfium.PdfDocument(data)
    try:
        return [page.get_textpage().get_text_range().strip() for page in document]
    finally:
        document.close()


def source_text(letter: Letter) -> str:
    text = "\n".join([*(page.text for page in letter.pages), letter.mail.get("body", "")])
    return text.replace("**", "")


def test_the_manifest_is_drawn_from_the_sources() -> None:
    stored = json.loads((HERE / "manifest.json").read_text(encoding="utf-8"))
    assert stored == manifest(LETTERS)


def test_there_are_enough_letters_of_enough_departments_and_kinds() -> None:
    assert len(LETTERS) >= 14
    assert len({letter.department for letter in LETTERS}) >= 12
    assert len({letter.kind for letter in LETTERS}) >= 10
    assert {letter.department for letter in LETTERS} <= DEPARTMENTS
    assert [letter.ident for letter in LETTERS if letter.reply_shown]


def test_the_files_stay_small_enough_to_ship() -> None:
    assert sum(path_of(letter).stat().st_size for letter in LETTERS) < 6_000_000


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.ident)
def test_the_word_to_find_stands_in_the_letter(letter: Letter) -> None:
    assert letter.find_word in source_text(letter)


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: letter.ident)
def test_nobody_real_can_be_reached(letter: Letter) -> None:
    text = source_text(letter) + json.dumps(letter.mail)
    for number in re.findall(r"\b0[5-7](?:[ .]?\d\d){4}\b", text):
        assert re.sub(r"\D", "", number).startswith("05230000"), number
    for domain in re.findall(r"@([\w.-]+\w)", re.sub(r"(?m)^@\w+.*$", "", text)):
        assert domain.endswith(("example.org", "example.ma")), domain


@pytest.mark.parametrize(
    "letter", [one for one in LETTERS if one.form == "scan_pdf"], ids=lambda letter: letter.ident
)
def test_a_scan_has_pictures_only(letter: Letter) -> None:
    assert text_layers(path_of(letter).read_bytes()) == [""] * len(letter.pages)


def test_the_mixed_file_has_a_page_of_text_and_a_page_of_picture() -> None:
    first, second = text_layers(path_of(BY_FORM["mixed_pdf"]).read_bytes())
    assert "fourreaux" in first
    assert second == ""


def test_the_arabic_born_digital_file_carries_its_text_in_logical_order() -> None:
    letters = [one for one in LETTERS if one.form == "born_pdf" and one.language == "ar"]
    (text,) = text_layers(path_of(letters[0]).read_bytes())
    assert "وزارة الداخلية" in text


def test_the_fax_has_two_frames_and_the_mail_its_scan() -> None:
    with Image.open(path_of(BY_FORM["scan_tiff"])) as picture:
        assert [frame.mode for frame in ImageSequence.Iterator(picture)] == ["1", "1"]
    mails = [one for one in LETTERS if one.form == "mail" and one.pages]
    message = email.message_from_bytes(path_of(mails[0]).read_bytes(), policy=policy.default)
    (attachment,) = message.iter_attachments()
    assert text_layers(attachment.get_content()) == [""]
    body = message.get_body()
    assert body is not None
    assert "العداد" in body.get_content()


def test_a_page_ages_the_same_way_each_time() -> None:
    page = Image.new("RGB", (300, 420), "white")
    look = BY_FORM["scan_pdf"].look
    drawn = []
    for _ in range(2):
        out = io.BytesIO()
        scanned(page, look, 7).save(out, "PNG")
        drawn.append(out.getvalue())
    assert drawn[0] == drawn[1]
    assert scanned(page, look, 8).tobytes() != scanned(page, look, 7).tobytes()

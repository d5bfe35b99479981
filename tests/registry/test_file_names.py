"""A file goes out under the extension of what it is."""

import pytest

from registry.files.kinds import DOCX, IMAGES, PDF, TEXT
from registry.files.names import fitting_name


@pytest.mark.parametrize(
    ("name", "media_type", "given"),
    [
        ("lettre.PDF", PDF, "lettre.PDF"),
        ("lettre.pdf.exe", PDF, "lettre.pdf.exe.pdf"),
        ("page.html", TEXT, "page.html.txt"),
        ("notes.csv", f"{TEXT}; charset=utf-8", "notes.csv"),
        ("lettre", DOCX, "lettre.docx"),
        ("photo.jpeg", IMAGES["JPEG"], "photo.jpeg"),
        ("photo.png", IMAGES["JPEG"], "photo.png.jpg"),
        ("رسالة", PDF, "رسالة.pdf"),
        ("lettre. ", PDF, "lettre.pdf"),
        ("a.bin", "application/x-unknown", "a.bin"),
    ],
)
def test_a_name_says_the_type(name: str, media_type: str, given: str) -> None:
    assert fitting_name(name, media_type) == given

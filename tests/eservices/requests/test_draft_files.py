"""Files of a form: what a piece does not take is refused with what it does take."""

import io

import pikepdf
import pytest
from django.utils.translation import override

from eservices.requests.draft_files import judged
from registry.intake import IncomingFile

PAGE = b"<!doctype html><html><script>alert(1)</script></html>"


@pytest.mark.parametrize("content", [b"L'index est 1215.", PAGE], ids=["text", "page"])
@pytest.mark.parametrize(
    ("accept", "code", "drawings"),
    [
        (["image"], "not_picture", False),
        (["pdf"], "not_pdf", False),
        (["image", "pdf"], "not_paper", False),
        (["pdf", "image", "plan"], "not_plan", True),
    ],
)
def test_a_piece_says_what_it_takes_itself(
    accept: list[str], code: str, content: bytes, *, drawings: bool
) -> None:
    refusal = judged(IncomingFile("releve.docx", io.BytesIO(content)), accept)
    assert refusal is not None
    assert refusal.code == code
    with override("en"):
        words = refusal.words().replace("releve.docx", "")
    assert ("DWG" in words) == drawings
    assert "DOCX" not in words


@pytest.mark.parametrize("accept", [[], ["any"]])
def test_a_piece_that_takes_anything_names_all_that_the_register_takes(accept: list[str]) -> None:
    refusal = judged(IncomingFile("page.html", io.BytesIO(PAGE)), accept)
    assert refusal is not None
    assert refusal.code == "not_allowed"


@pytest.mark.parametrize("accept", [["pdf", "image"], ["plan"], ["any"], []])
@pytest.mark.parametrize("password", ["", "secret"], ids=["of its owner alone", "to open it"])
def test_a_file_that_nobody_could_open_is_refused_with_what_to_do(
    accept: list[str], password: str
) -> None:
    with pikepdf.new() as pdf, io.BytesIO() as file:
        pdf.add_blank_page()
        pdf.save(file, encryption=pikepdf.Encryption(owner="owner", user=password))
        file.seek(0)
        refusal = judged(IncomingFile("plan.pdf", file), accept)
    if not password:
        assert refusal is None  # it opens, as what many offices and banks send
        return
    assert refusal is not None
    assert refusal.code == "locked"
    with override("fr"):
        assert "mot de passe" in refusal.words()

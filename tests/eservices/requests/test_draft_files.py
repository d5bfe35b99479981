"""Files of a form: what a piece does not take is refused with what it does take."""

import io

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

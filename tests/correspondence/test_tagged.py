"""A drawn reply tells a screen reader its title, language, headings, tables and reading order."""

import io
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from django.utils import timezone

from correspondence.models.replies import Reply
from correspondence.replies import drafting
from correspondence.replies.paper import draw_reply, reply_context
from org.institution import keep_institution, keep_logo
from org.models import User
from registry.models.receipts import Receipt
from registry.paper import bilingual_pdf
from registry.receipts import draw_receipt_work, verification_url
from routing.models.assignments import Assignment
from tests.org.test_institution import png
from tests.plugins.wanting import wanting_service
from tests.services import verapdf
from tests.services.process import ServiceMissingError

pytestmark = pytest.mark.django_db
BODY = "La fuite est réparée.\n\nVeuillez agréer nos salutations."


def drawn(accepted: Assignment, badr: User, *, language: str = "fr") -> bytes:
    names = {"name_ar": "جماعة المحمدية", "name_fr": "Commune de Mohammedia"}
    logo = keep_logo(png())
    keep_institution(names, actor=None, valid_from=timezone.localdate(), logo=logo)
    reply = drafting.draft_reply(accepted.letter, actor=badr, subject="Fuite d'eau", body=BODY)
    # Drawn as if it were registered under the number of the letter that it answers.
    outgoing = accepted.letter
    outgoing.language = language
    return draw_reply(Reply.objects.get(pk=reply.pk), outgoing)


def tags_of(element: Any, depth: int = 0) -> list[tuple[int, str, str]]:
    """Return the tag tree in reading order: depth, tag, and what stands for a picture."""
    found = []
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found.append((depth, str(kid.S), str(kid.get("/Alt", ""))))
            found += tags_of(kid, depth + 1)
    return found


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_reply_is_tagged(accepted: Assignment, badr: User, language: str) -> None:
    content = drawn(accepted, badr, language=language)

    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.Root.Lang) == language
        assert str(pdf.docinfo["/Title"]).endswith("Fuite d'eau")
        with pdf.open_metadata() as told:
            assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("3", "A")
        tags = tags_of(pdf.Root.StructTreeRoot)
    named = [tag for _depth, tag, _alt in tags]
    assert named[0] == "/Document"
    assert named.count("/H1") == 1
    assert {"/Table", "/TR", "/TH", "/TD", "/P"} <= set(named)
    organisation = "جماعة المحمدية" if language == "ar" else "Commune de Mohammedia"
    assert [alt for _depth, tag, alt in tags if tag == "/Figure"] == [organisation]
    # Read as on paper: letterhead, then the subject, then the text.
    body = [place for place, tag in enumerate(named) if tag == "/P"]
    assert named.index("/Figure") < named.index("/H1") < body[0] < body[1]


def test_the_words_come_in_the_order_of_reading(accepted: Assignment, badr: User) -> None:
    content = drawn(accepted, badr)
    text = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_bounded()
    places = [
        text.index(words)
        for words in ("Commune de Mohammedia", "Fuite d'eau", "réparée", "salutations")
    ]
    assert places == sorted(places)


def test_a_receipt_is_tagged_and_its_code_has_words(accepted: Assignment) -> None:
    receipt = accepted.letter.receipts.get(kind=Receipt.Kind.REGISTRATION)
    paper = draw_receipt_work(str(receipt.pk), None).sender
    assert paper
    with pikepdf.open(io.BytesIO(paper)) as pdf:
        assert str(pdf.Root.Lang) == "fr"
        tags = tags_of(pdf.Root.StructTreeRoot)
    named = [tag for _depth, tag, _alt in tags]
    assert named.count("/H1") == 1
    assert {"/Table", "/TH"} <= set(named)
    alts = [alt for _depth, tag, alt in tags if tag == "/Figure"]
    assert alts == [verification_url(receipt.token)]


def test_what_is_laid_over_another_page_has_no_tags(accepted: Assignment, badr: User) -> None:
    reply = drafting.draft_reply(accepted.letter, actor=badr, subject="Fuite", body=BODY)
    told = reply_context(reply, accepted.letter)
    sheet = bilingual_pdf(
        "correspondence/stamp.html", {**told, "width": "595", "height": "842", "corner": True}
    )
    with pikepdf.open(io.BytesIO(sheet)) as pdf:
        assert "/StructTreeRoot" not in pdf.Root


# A paper is made as PDF/UA-1 demands and claims PDF/A alone, which one file declares at a time.
CLAIM = "5 The PDF/UA version and conformance level"


@pytest.mark.slow
def test_verapdf_finds_nothing_wrong(accepted: Assignment, badr: User, tmp_path: Path) -> None:
    paths = [tmp_path / f"{language}.pdf" for language in ("fr", "ar")]
    for path in paths:
        path.write_bytes(drawn(accepted, badr, language=path.stem))
    try:
        lasting = verapdf.problems_of(paths, flavour="PDFA_3_A")
        accessible = verapdf.problems_of(paths, flavour="PDFUA_1")
    except ServiceMissingError as missing:
        wanting_service(f"veraPDF: {missing}")
    assert lasting == {path: [] for path in paths}
    for found in accessible.values():
        assert [one for one in found if not one.startswith(CLAIM)] == []

"""The searchable PDF of a scan, beside the original, for those who may read the letter."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from registry.files import vault
from registry.files.renditions import record_rendition
from registry.models.documents import Rendition
from tests.web.desk.cases import Case

pytestmark = pytest.mark.django_db

Browser = Callable[[str], Client]


@pytest.fixture
def made(case: Case, own_data_dir: Any) -> bytes:
    """The PDF that was made of the letter's document."""
    content = b"%PDF-1.7 made"
    record_rendition(
        case.document.pk,
        Rendition.Kind.SEARCHABLE,
        stored=vault.store(io.BytesIO(content)),
        media_type="application/pdf",
    )
    return content


def address(case: Case) -> str:
    return reverse("desk:searchable", args=[case.letter.pk, case.document.pk])


def test_it_is_offered_beside_the_original_and_downloaded(
    case: Case, made: bytes, browser: Browser
) -> None:
    badr = browser("badr")
    shown = badr.get(reverse("desk:letter", args=[case.letter.pk])).content.decode()
    assert address(case) in shown
    answer: Any = badr.get(address(case))
    assert (answer.status_code, b"".join(answer.streaming_content)) == (200, made)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_who_may_not_read_the_letter_finds_none(case: Case, made: bytes, browser: Browser) -> None:
    assert browser("chafik").get(address(case)).status_code == 404


def test_where_none_was_made_none_is_offered(case: Case, browser: Browser) -> None:
    amina = browser("amina")
    shown = amina.get(reverse("desk:letter", args=[case.letter.pk])).content.decode()
    assert address(case) not in shown
    assert amina.get(address(case)).status_code == 404

"""A free sticker is put on a letter by hand: on its page and over the API."""

from collections.abc import Callable
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from django.test import Client

from channels.batch.marks import SEPARATOR, STICKER, Mark, check_of, code_of, sticker_of
from channels.services import letter_of_code, sticker_sheets, stickers_on
from org.models import User
from registry.changes import history_of
from registry.verification import verify_register
from tests.factories import deposit
from tests.web.desk.cases import Case

pytestmark = pytest.mark.django_db
FREE = Mark(STICKER, "K7MPQ2R4T")


def test_a_code_is_read_from_a_scanner_and_from_a_hand() -> None:
    assert sticker_of(code_of(FREE)) == FREE
    check = check_of(FREE)
    for typed in (f"{FREE.number} {check}", f" k7mpq2r4t-{check.lower()} ",
                  f"{FREE.number}{check.replace('O', '0').replace('I', '1')}"):  # fmt: skip
        assert sticker_of(typed) == FREE, typed
    for foreign in ("", "K7MPQ2R4T", "2026/IN/000001", f"{FREE.number} AAAAAAAAAA",
                    code_of(Mark(SEPARATOR, "1")), f"OTHER/STK/{FREE.number}/{check}"):  # fmt: skip
        assert sticker_of(foreign) is None, foreign


def _put(client: Client, letter_id: Any, code: str) -> str:
    address = f"/letters/{letter_id}/stickers/"
    return client.post(address, {"code": code}, follow=True).content.decode()


def test_a_sticker_leads_to_the_letter_that_it_is_put_on(
    client_as: Callable[[str], Client], case: Case, amina: User
) -> None:
    letter, other, clerk = case.letter, deposit(actor=amina).letter, client_as("amina")
    page = _put(clerk, letter.pk, f"{FREE.number} {check_of(FREE)}")
    assert "est désormais sur ce courrier" in page
    assert stickers_on(letter) == [FREE.number]
    assert letter_of_code(code_of(FREE)) == letter.pk
    event = list(history_of(letter.pk))[-1]
    assert (event.kind, event.data, event.actor) == ("sticker_put", {"sticker": FREE.number}, amina)
    assert "apposée sur l" in page

    assert "déjà sur ce courrier" in _put(clerk, letter.pk, code_of(FREE))
    assert "déjà sur un autre courrier" in _put(clerk, other.pk, code_of(FREE))
    assert "étiquette de ce bureau" in _put(clerk, other.pk, "SIJILL/STK/K7MPQ2R4T/AAAAAAAAAA")
    assert stickers_on(other) == []
    assert [str(one) for one in verify_register()] == []


def test_only_who_works_on_the_letter_puts_stickers(
    client_as: Callable[[str], Client], case: Case
) -> None:
    for who, status in (("chafik", 404), ("audit", 403), ("admin", 403)):
        answer = client_as(who).post(
            f"/letters/{case.letter.pk}/stickers/", {"code": code_of(FREE)}
        )
        assert answer.status_code == status, who
    assert stickers_on(case.letter) == []


def test_each_label_bears_its_own_number_beside_its_code() -> None:
    document = pypdfium2.PdfDocument(sticker_sheets(24))
    page = document[0]
    picture, height = page.render(scale=4).to_pil(), page.get_height()
    millimetre = 72 / 25.4
    codes = zxingcpp.read_barcodes(picture)
    assert len(codes) == 24
    for code in codes:
        mark = sticker_of(code.text)
        assert mark
        corner = code.position.top_left
        left, top = corner.x / 4 / millimetre // 70 * 70, corner.y / 4 / millimetre // 37 * 37
        box = (left, top, left + 70, top + 37)
        words = page.get_textpage().get_text_bounded(
            left=box[0] * millimetre,
            top=height - box[1] * millimetre,
            right=box[2] * millimetre,
            bottom=height - box[3] * millimetre,
        )
        assert words.split()[:2] == [mark.number, check_of(mark)]
    document.close()

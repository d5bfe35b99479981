"""Plain text of any usual charset is read as what was typed."""

import pytest

from ocr.written.plaintext import decode
from tests.ocr.conftest import ARABIC, FRENCH


@pytest.mark.parametrize(
    "codec",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256", "iso8859-6"],
)
def test_arabic_in_every_usual_charset(codec: str) -> None:
    assert decode(ARABIC.encode(codec)) == ARABIC


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "cp1252", "iso8859-15"])
def test_french_in_every_usual_charset(codec: str) -> None:
    assert decode(FRENCH.encode(codec)) == FRENCH


def test_text_cut_inside_a_character_keeps_the_rest() -> None:
    assert decode("réf é".encode()[:-1]) == "réf "


@pytest.mark.parametrize("data", [b"", b"\x00", b"\xff\xfe", bytes(range(256))])
def test_any_bytes_give_some_text(data: bytes) -> None:
    assert isinstance(decode(data), str)

"""Bytes of unknown charset into text: Unicode when it is valid, else the likelier Windows page."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Arabic letters seldom stand alone, French accents nearly always do: é is one byte between others.
_ARABIC_PAIR = re.compile(r"[\u0621-\u064a]{2}")
_COMMON_ARABIC = re.compile(r"ال|من|في|لم|ات|ية|وا|ها")


def decode(data: bytes) -> str:
    """Decode bytes by byte order mark, as UTF-8, as UTF-16 without mark, else by a code page.

    That is the Arabic (cp1256, ISO 8859-6) or Western (cp1252) page whose result looks more like a
    language.
    """
    for mark, codec in _BOMS:
        if data.startswith(mark):
            return data.decode(codec, errors="replace")
    if (wide := _utf16(data)) is not None:
        return wide
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 4 and error.reason == "unexpected end of data":
            return data[: error.start].decode("utf-8")  # cut off by the reading limit
    arabic = max((_try(data, codec) for codec in ("cp1256", "iso8859-6")), key=_arabic_score)
    return arabic if _arabic_score(arabic) > 0 else data.decode("cp1252", errors="replace")


def _utf16(data: bytes) -> str | None:
    """Decode UTF-16 without a mark, or return None.

    Every other byte of its beginning is 0 (Latin) or 6 (Arabic).
    """
    head = data[:2000]
    for offset, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = head[offset::2]
        if len(high) > 3 and sum(byte in {0, 6} for byte in high) > 0.9 * len(high):
            return data[: len(data) // 2 * 2].decode(codec, errors="replace")
    return None


def _try(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return data.decode("cp1256", errors="replace") if codec == "cp1256" else ""


def _arabic_score(text: str) -> int:
    """Return how likely it is Arabic: common pairs, if most of what is not ASCII is in pairs."""
    foreign = sum(ord(c) > 0x7F for c in text)
    if not foreign or 2 * len(_ARABIC_PAIR.findall(text)) < 0.6 * foreign:
        return 0
    return 1 + len(_COMMON_ARABIC.findall(text))

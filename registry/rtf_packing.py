"""The RTF of an Outlook mail, unpacked (LZFu, MS-OXRTFCP). Pure: no Django."""

import struct
from typing import Final

MOST_BYTES: Final = 5_000_000
_PACKED, _PLAIN = b"LZFu", b"MELA"
_WINDOW: Final = 4096
# What the window holds at the beginning, by MS-OXRTFCP 2.1.2.1.
_BEGINNING: Final = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def unpacked_rtf(content: bytes) -> bytes:
    """Return the RTF; b"" for invalid data. Truncated data gives what is there."""
    if len(content) < 16:
        return b""
    size, mark = struct.unpack_from("<I4s", content, 4)
    if mark == _PLAIN:
        return content[16 : 16 + size]
    return _unpacked(content, min(size, MOST_BYTES)) if mark == _PACKED else b""


def _unpacked(content: bytes, size: int) -> bytes:
    window = bytearray(_WINDOW)
    window[: len(_BEGINNING)] = _BEGINNING
    write, at = len(_BEGINNING), 16
    made = bytearray()
    while at < len(content) and len(made) < size:
        control, at = content[at], at + 1
        for bit in range(8):
            if at >= len(content) or len(made) >= size:
                break
            if not control >> bit & 1:
                found, at = content[at : at + 1], at + 1
            else:
                found, at = _again(content, at, window, write)
                if not found:
                    return bytes(made)
            for one in found:
                window[write] = one
                write = (write + 1) % _WINDOW
            made += found
    return bytes(made)


def _again(content: bytes, at: int, window: bytearray, write: int) -> tuple[bytes, int]:
    """Return the bytes that a reference names in the window; b"" at the end."""
    if at + 2 > len(content):
        return b"", at
    (word,) = struct.unpack_from(">H", content, at)
    place, length = word >> 4, (word & 15) + 2
    if place == write:
        return b"", at
    found = bytearray()
    for step in range(length):
        source = (place + step) % _WINDOW
        behind = (source - write) % _WINDOW  # a byte that this very reference has just written
        found.append(found[behind] if behind < len(found) else window[source])
    return bytes(found), at + 2

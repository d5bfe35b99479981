"""Drawings of plans (DWG, DXF), known by their bytes: kept as files, never drawn nor run.

A DWG begins with its version (AC1012 to AC1032) and zeros; a DXF is a text of pairs, or has a mark
of its own where it is binary. The types are none of images, so that no reader of pictures is tried.
"""

import re
from typing import Final

DWG: Final = "application/x-dwg"
DXF: Final = "application/x-dxf"
DRAWINGS: Final = frozenset({DWG, DXF})
SMALLEST_DWG: Final = 128
_VERSIONS: Final = re.compile(rb"AC10(?:12|14|15|18|21|24|27|32)\0{5}")
_BINARY: Final = b"AutoCAD Binary DXF\r\n\x1a\0"
_COMMENT: Final = rb"(?:[ \t]*999[ \t]*\r?\n[^\r\n]{0,256}\r?\n){0,20}"
_TEXT: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?" + _COMMENT + rb"[ \t]*0[ \t]*\r?\nSECTION[ \t]*\r?\n"
)
_END: Final = re.compile(rb"(?:^|\n)[ \t]*0[ \t]*\r?\nEOF\s*$")


def kind_of(head: bytes) -> str:
    """Return the type of a drawing by its first bytes, "" for what is none."""
    if _VERSIONS.match(head):
        return DWG
    if head.startswith(_BINARY) or (b"\0" not in head and _TEXT.match(head)):
        return DXF
    return ""


def is_whole(size: int, tail: bytes, *, kind: str) -> bool:
    """Return whether the end of the drawing is there, as far as its bytes say."""
    if kind == DWG:
        return size >= SMALLEST_DWG
    return bool(_END.search(tail)) or tail.rstrip(b"\0").endswith(b"EOF")

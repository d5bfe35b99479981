"""What in a file would run on the machine of who opens it: macros, scripts. No Django."""

from __future__ import annotations

import contextlib
import mmap
import re
import zlib
from collections.abc import Iterable
from typing import BinaryIO, Final

_MOST_OBJECTS: Final = 5_000  # of a PDF are looked at
_RUNS: Final = re.compile(rb"/(?:JS|JavaScript|Launch|ImportData|RichMedia)(?![\w#])")

# What is looked for in the bytes as they are: names of that kind, or escaped ones.
_MAY_RUN: Final = re.compile(
    rb"/(?:JS|JavaScript|Launch|ImportData|RichMedia)(?!\w)|/[A-Za-z]{0,12}#[0-9A-Fa-f]{2}"
)
_PACKED: Final = re.compile(rb"/ObjStm.{0,1000}?stream\r?\n", re.DOTALL)
_MOST_PACKED: Final = 200  # streams of objects, and bytes of each
_MOST_UNPACKED: Final = 2_000_000


def has_macros(names: Iterable[str]) -> bool:
    """Return whether the members of an office package hold programs, whatever its ending is."""
    return any(_is_program(name.lower()) for name in names)


def _is_program(name: str) -> bool:
    parts = name.split("/")
    word = "vbaproject" in parts[-1] or parts[-1] in ("vbadata.xml", "macros") or "activex" in name
    old = "xl/macrosheets/" in name or "xl/dialogsheets/" in name
    return word or old or parts[0] in ("basic", "scripts")  # the last: of OpenDocument


def has_scripts(file: BinaryIO) -> bool:
    """Return whether a PDF holds scripts, or starts programs, as far as its first objects show.

    Its objects are opened only where its bytes are no evidence.
    """
    if not _may_run(file):
        return False
    import pikepdf

    file.seek(0)
    # Damaged ones are judged elsewhere: here it is only said what is seen.
    with (
        contextlib.suppress(pikepdf.PdfError, ValueError, TypeError, RuntimeError, OverflowError),
        pikepdf.open(file) as pdf,
    ):
        for count, found in enumerate(pdf.objects):
            if count >= _MOST_OBJECTS:
                break
            if isinstance(found, pikepdf.Dictionary | pikepdf.Array) and _RUNS.search(
                found.unparse(resolved=True)
            ):
                return True
    return False


def _may_run(file: BinaryIO) -> bool:
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if _MAY_RUN.search(content):
            return True
        for count, packed in enumerate(_PACKED.finditer(content)):
            try:
                inside = zlib.decompressobj().decompress(
                    content[packed.end() : packed.end() + _MOST_UNPACKED], _MOST_UNPACKED
                )
            except zlib.error:  # packed or locked in another way
                return True
            if count >= _MOST_PACKED or _MAY_RUN.search(inside):
                return True
    return False

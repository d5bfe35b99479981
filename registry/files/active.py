"""What in a file would run on the machine of who opens it: macros, scripts. No Django."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable
from typing import BinaryIO, Final

_MOST_OBJECTS: Final = 5_000  # of a PDF are looked at
_RUNS: Final = re.compile(rb"/(?:JS|JavaScript|Launch|ImportData|RichMedia)(?![\w#])")


def has_macros(names: Iterable[str]) -> bool:
    """Return whether the members of an office package hold programs, whatever its ending is."""
    return any(_is_program(name.lower()) for name in names)


def _is_program(name: str) -> bool:
    parts = name.split("/")
    word = "vbaproject" in parts[-1] or parts[-1] in ("vbadata.xml", "macros") or "activex" in name
    old = "xl/macrosheets/" in name or "xl/dialogsheets/" in name
    return word or old or parts[0] in ("basic", "scripts")  # the last: of OpenDocument


def has_scripts(file: BinaryIO) -> bool:
    """Return whether a PDF holds scripts, or starts programs, as far as its first objects tell."""
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

"""What in a file would run on the machine of who opens it: macros, scripts. No Django."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from typing import Any, BinaryIO, Final

_MOST_OBJECTS: Final = 5_000  # of a PDF are looked at
_RUNS: Final = frozenset({"/JavaScript", "/Launch", "/ImportData", "/RichMedia"})


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
            if _runs(found):
                return True
    return False


def _runs(found: Any) -> bool:
    import pikepdf

    if not isinstance(found, pikepdf.Dictionary):
        return False
    if "/JS" in found:
        return True
    inner = [found.get(name) for name in ("/A", "/OpenAction", "/AA")]
    kinds = [
        found.get("/S"),
        *(one.get("/S") for one in inner if isinstance(one, pikepdf.Dictionary)),
    ]
    return any(str(kind) in _RUNS for kind in kinds if isinstance(kind, pikepdf.Name))

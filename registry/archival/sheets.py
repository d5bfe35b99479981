"""The child's half of inspecting a PDF and laying sheets over its pages. No Django."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pikepdf

from registry.archival import pdfa
from registry.archival.problems import NotArchival


def facts(path: Path) -> dict[str, Any]:
    """Return what `registry.archival.laying.Facts` holds. Raise NotArchival."""
    with _opened(path) as pdf:
        return {
            "pages": len(pdf.pages),
            "signed": pdfa.is_signed(pdf),
            "lasts": pdfa.claims(pdf),
            "sizes": [_size(pdf.pages[0]), _size(pdf.pages[-1])],
        }


def lay(path: Path, out: Path, *, first: Sequence[Path], last: Sequence[Path]) -> None:
    """Write the PDF with these sheets over its first and its last page. Raise NotArchival."""
    with _opened(path) as pdf:
        for page, sheets in ((pdf.pages[0], first), (pdf.pages[-1], last)):
            rect = pikepdf.Rectangle(*(float(edge) for edge in page.cropbox))
            for sheet in sheets:
                with pikepdf.open(sheet) as drawn:
                    page.add_overlay(drawn.pages[0], rect)
        pdf.save(out)


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    width, height = right - left, top - bottom
    return (height, width) if int(page.obj.get("/Rotate", 0)) % 180 else (width, height)


def _opened(path: Path) -> pikepdf.Pdf:
    try:
        pdf = pikepdf.open(path)
        if not pdf.pages:
            raise NotArchival("damaged")
    except pikepdf.PasswordError:
        raise NotArchival("encrypted") from None
    except (pikepdf.PdfError, TypeError, ValueError, AttributeError):
        raise NotArchival("damaged") from None
    return pdf

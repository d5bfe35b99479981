"""Join the parts of a searchable PDF into one document that declares itself PDF/A-2b.

A module of its own, since the child process that joins needs none of the rendering dependencies.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pikepdf
from pikepdf import Dictionary, Pdf

from registry.archival import pdfa

FONT = "F"  # the invisible font's name in a page's resources
WITH_TEXT = "/SijillText"  # marks pages of a part that need it, until they are joined


def join_parts(parts: Sequence[Path], out: Path, *, language: str) -> None:
    """Join the parts into one PDF/A-2b.

    `language` ("ar", "fr", "en" or "") is that of most of the document.
    """
    with tempfile.TemporaryDirectory(dir=out.parent) as scratch:
        joined = Path(scratch) / "joined.pdf"
        # qpdf's own joining reads as it writes; pages taken over one by one stay in memory.
        pikepdf.Job(
            [
                "qpdf",
                "--deterministic-id",
                "--empty",
                "--pages",
                *map(str, parts),
                "--",
                str(joined),
            ]
        ).run()
        with Pdf.open(joined, access_mode=pikepdf.AccessMode.stream) as whole:
            font = pdfa.invisible_font(whole)
            for page in whole.pages:
                if WITH_TEXT in page.obj:
                    del page.obj[WITH_TEXT]
                    page.obj.Resources.Font = Dictionary({"/" + FONT: font})
            pdfa.declare(whole, language=language)
            pdfa.save(whole, out)

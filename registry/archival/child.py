"""The process in which an upload is made a PDF/A: `python -m registry.archival.child …`.

    text PATH OUT LANGUAGE       a PDF, its text kept; refused where it is signed
    unsigned PATH OUT LANGUAGE   the same, though a digital signature is lost
    pictures PATH OUT LANGUAGE   a PDF, each page a picture
    image PATH OUT LANGUAGE      an image, each frame a page
    facts PATH                   pages, sizes, whether signed or PDF/A
    lay PATH FOLDER COUNT SHEET…   COUNT sheets over the first page, the others over the last

One line of JSON: how many pages, or what is in the way. No Django.
"""

import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import Final

from registry.archival.problems import NotArchival
from sandbox.serve import Allowance, Answer, Request, serve

ALLOWANCE: Final = Allowance(
    address_bytes=2_500_000_000,
    memory_bytes=520_000_000,
    file_bytes=200_000_000,
    cpu_seconds=60,
)


def keep_text(request: Request, *, signed: bool = False) -> Answer:
    """Convert a PDF to PDF/A with its text; `signed`: even if a digital signature is lost."""
    from registry.archival import converting

    path, out, language = request.arguments
    scratch = Path(tempfile.gettempdir())
    pages = converting.keep_text(
        Path(path), Path(out), language=language, scratch=scratch, signed=signed
    )
    return {"pages": pages}


def as_pictures(request: Request, *, is_pdf: bool) -> Answer:
    """Convert to a PDF/A of pictures: the pages of a PDF, or the frames of an image."""
    from registry.archival import converting

    path, out, language = request.arguments
    pages = converting.as_pictures(Path(path), Path(out), language=language, is_pdf=is_pdf)
    return {"pages": pages}


def facts(request: Request) -> Answer:
    """Say what is known of a PDF."""
    from registry.archival import sheets

    return sheets.facts(Path(request.arguments[0]))


def lay(request: Request) -> Answer:
    """Lay sheets over a PDF's first and last page."""
    from registry.archival import sheets

    path, folder, count, *drawn = request.arguments
    papers = [Path(one) for one in drawn]
    sheets.lay(
        Path(path),
        Path(folder) / "made.pdf",
        first=papers[: int(count)],
        last=papers[int(count) :],
    )
    return {"laid": len(papers)}


if __name__ == "__main__":
    sys.exit(
        serve(
            {
                "text": keep_text,
                "unsigned": partial(keep_text, signed=True),
                "pictures": partial(as_pictures, is_pdf=True),
                "image": partial(as_pictures, is_pdf=False),
                "facts": facts,
                "lay": lay,
            },
            allowance=ALLOWANCE,
            refusals={NotArchival: lambda problem: {"code": problem.code}},
        )
    )

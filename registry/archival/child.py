"""The process in which an upload is made a PDF/A: `python -m registry.archival.child …`.

    text PATH OUT LANGUAGE       a PDF, its text kept; refused where it is signed
    unsigned PATH OUT LANGUAGE   the same, though a digital signature is lost
    pictures PATH OUT LANGUAGE   a PDF, each page a picture
    image PATH OUT LANGUAGE      an image, each frame a page

One line of JSON: how many pages, or what is in the way. No Django.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Final

from jobs.children.inside import confine, die_with_parent, more_cpu
from registry.archival.problems import NotArchival

MEMORY: Final = 900_000_000
ADDRESSES: Final = 2_500_000_000
MOST_WRITTEN: Final = 200_000_000
CPU_SECONDS: Final = 60


def main(arguments: list[str]) -> int:
    """Exit code 0 when an answer was printed."""
    die_with_parent()
    confine(address_bytes=ADDRESSES, memory_bytes=MEMORY, file_bytes=MOST_WRITTEN)
    more_cpu(CPU_SECONDS)
    answer: dict[str, object]
    try:
        answer = {"pages": convert(*arguments)}
    except NotArchival as problem:
        answer = {"code": problem.code}
    except MemoryError:
        answer = {"code": "too_large"}
    except Exception as error:  # its message may quote the file; its class does not
        answer = {"code": "damaged", "detail": type(error).__name__}
    sys.stdout.write(json.dumps(answer))
    return 0


def convert(deed: str, path: str, out: str, language: str) -> int:
    """Do one deed; returns the pages. Raises NotArchival, and what libraries raise on bad bytes."""
    from registry.archival.converting import as_pictures, keep_text

    source, target = Path(path), Path(out)
    if deed in {"text", "unsigned"}:
        scratch = Path(tempfile.gettempdir())
        signed = deed == "unsigned"
        return keep_text(source, target, language=language, scratch=scratch, signed=signed)
    return as_pictures(source, target, language=language, is_pdf=deed == "pictures")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

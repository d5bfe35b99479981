"""Fill templates: `python -m correspondence.forms.child fill FORMAT PATH OUT LANGUAGE`.

A process of its own with limits on memory, processor time and written bytes. The first line of
stdin holds a list of values, JSON; each filled letter becomes the file OUT/0, OUT/1… It prints one
line of JSON: how many, or what is wrong.
"""

import json
import sys
from pathlib import Path
from typing import Any

from correspondence.forms.grammar import TemplateRefused
from sandbox.limits import more_cpu
from sandbox.serve import Allowance, Answer, Request, serve

MEMORY = 1536 * 1024 * 1024
CPU_SECONDS = 20
CPU_SECONDS_EACH = 2
MOST_WRITTEN = 60 * 1024 * 1024


def fill(request: Request) -> Answer:
    """Fill the template for each of the values on the first line of the pipe."""
    form, path, out, language = request.arguments
    many = json.loads(request.pipe.readline())
    more_cpu(CPU_SECONDS + CPU_SECONDS_EACH * len(many))
    for count, values in enumerate(many):
        letter = write(form, Path(path), values, language=language)
        (Path(out) / str(count)).write_bytes(letter)
    return {"made": len(many)}


def write(form: str, path: Path, values: dict[str, str], *, language: str) -> bytes:
    """Return one letter as bytes: a DOCX, a PDF out of HTML, or UTF-8 text."""
    from correspondence.forms.writing import write_docx, write_html, write_text

    if form == "docx":
        return write_docx(path, values)
    source = path.read_text(encoding="utf-8")
    if form == "html":
        return write_html(source, values, language=language)
    return write_text(source, values).encode()


def _as_answer(refused: Any) -> Answer:
    first = {"code": refused.code, "detail": refused.detail, "line": refused.line}
    return {**first, "others": [list(one) for one in refused.others]}


if __name__ == "__main__":
    sys.exit(
        serve(
            {"fill": fill},
            allowance=Allowance(address_bytes=MEMORY, file_bytes=MOST_WRITTEN),
            refusals={TemplateRefused: _as_answer},
        )
    )

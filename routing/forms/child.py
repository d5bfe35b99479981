"""Where templates are filled: `python -m routing.forms.child FORMAT PATH OUT LANGUAGE`.

A process of its own with limits on memory, processor time and written bytes. The first line of
stdin holds a list of values, JSON; each filled letter becomes the file OUT/0, OUT/1… It prints one
line of JSON: how many, or what is wrong.
"""

import json
import sys
from pathlib import Path

from jobs.children.inside import confine, die_with_parent, more_cpu
from routing.forms.grammar import TemplateRefused

MEMORY = 1536 * 1024 * 1024
CPU_SECONDS = 20
CPU_SECONDS_EACH = 2
MOST_WRITTEN = 60 * 1024 * 1024


def main(arguments: list[str]) -> int:
    """Exit code 0 when an answer was printed."""
    form, path, out, language = arguments
    answer: dict[str, object]
    asked = die_with_parent()
    confine(address_bytes=MEMORY, file_bytes=MOST_WRITTEN)
    many = json.loads(asked.readline())
    more_cpu(CPU_SECONDS + CPU_SECONDS_EACH * len(many))
    try:
        for count, values in enumerate(many):
            letter = write(form, Path(path), values, language=language)
            (Path(out) / str(count)).write_bytes(letter)
        answer = {"made": len(many)}
    except TemplateRefused as error:
        answer = {"code": error.code, "detail": error.detail}
    except MemoryError:
        answer = {"code": "too_large"}
    except Exception as error:  # its message may quote the letter; its class does not
        answer = {"code": "damaged", "detail": type(error).__name__}
    sys.stdout.write(json.dumps(answer))
    return 0


def write(form: str, path: Path, values: dict[str, str], *, language: str) -> bytes:
    """One letter as bytes: a DOCX, a PDF out of HTML, or UTF-8 text."""
    from routing.forms.writing import write_docx, write_html, write_text

    if form == "docx":
        return write_docx(path, values)
    source = path.read_text(encoding="utf-8")
    if form == "html":
        return write_html(source, values, language=language)
    return write_text(source, values).encode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Fill templates in a confined child (`correspondence.forms.child`): values in, letters out."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from correspondence.forms.grammar import TemplateRefused
from sandbox.process import ChildDied, SandboxedProcess

SECONDS: Final = 20.0
SECONDS_EACH: Final = 1.0


def fill(
    path: Path, *, form: str, language: str, values: Sequence[Mapping[str, str]]
) -> list[bytes]:
    """Fill the template at `path` (docx, html, text) with each of the values.

    Raise TemplateRefused. The limit is SECONDS and a second for each letter.
    """
    with tempfile.TemporaryDirectory(prefix="sijill-forms-") as scratch:
        said = _run(form, path, values, scratch=scratch, language=language)
        if not said:  # killed by its own limits
            raise TemplateRefused("timeout")
        answer = json.loads(said)
        if "code" in answer:
            others = [(str(c), str(d), int(line)) for c, d, line in answer.get("others", ())]
            line = int(answer.get("line", 0))
            raise TemplateRefused(
                str(answer["code"]), str(answer.get("detail", "")), line, others=others
            )
        return [(Path(scratch) / str(count)).read_bytes() for count in range(len(values))]


def _run(
    form: str, path: Path, values: Sequence[Mapping[str, str]], *, scratch: str, language: str
) -> bytes:
    seconds = SECONDS + SECONDS_EACH * len(values)
    arguments = ["fill", form, str(path.absolute()), scratch, language]
    with SandboxedProcess(
        "correspondence.forms.child", arguments, reads=[path], writes=[scratch]
    ) as child:
        try:
            child.ask(json.dumps([dict(one) for one in values]), seconds=seconds)
            return child.everything(seconds)
        except ChildDied as death:
            raise TemplateRefused("timeout") from death

"""`routing.forms.child`, started, listened to and ended: the parent trusts only the clock."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from routing.forms.grammar import TemplateRefused

ROOT: Final = Path(__file__).resolve().parents[2]
SECONDS: Final = 20.0
SECONDS_EACH: Final = 1.0


def fill(
    path: Path, *, form: str, language: str, values: Sequence[Mapping[str, str]]
) -> list[bytes]:
    """The template at `path` (docx, html, text) filled with each of the values. Raises
    TemplateRefused, within SECONDS and a second for each letter."""
    with tempfile.TemporaryDirectory(prefix="sijill-forms-") as scratch:
        said = _run([form, str(path.absolute()), scratch, language], values, scratch=scratch)
        if not said:  # killed by its own limits
            raise TemplateRefused("timeout")
        answer = json.loads(said)
        if "code" in answer:
            raise TemplateRefused(str(answer["code"]), str(answer.get("detail", "")))
        return [(Path(scratch) / str(count)).read_bytes() for count in range(len(values))]


def _run(arguments: list[str], values: Sequence[Mapping[str, str]], *, scratch: str) -> bytes:
    process = subprocess.Popen(
        [sys.executable, "-m", "routing.forms.child", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": scratch, "TMPDIR": scratch},
        start_new_session=True,
    )
    try:
        given = json.dumps([dict(one) for one in values]).encode()
        return process.communicate(given, timeout=SECONDS + SECONDS_EACH * len(values))[0]
    except subprocess.TimeoutExpired as error:
        raise TemplateRefused("timeout") from error
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()

"""Conversion of an upload to PDF/A in a confined child process: without network, within limits."""

import json
import shutil
import threading
from pathlib import Path
from typing import Final, Literal

from registry.archival.problems import NotArchival
from sandbox.process import ChildDied, SandboxedProcess

SECONDS: Final = 45.0
# Each may take gigabytes and a core for a while; the others wait their turn as long as one lasts.
_AT_ONCE: Final = threading.BoundedSemaphore(2)
_MAY_DRAW: Final = ("text", "unsigned")  # by Ghostscript, where it is installed
Conversion = Literal["text", "unsigned", "pictures", "image"]


def make_archival(
    path: Path, out: Path, *, conversion: Conversion, language: str = "", seconds: float = SECONDS
) -> int:
    """Write the file as PDF/A-2b; return its number of pages.

    `conversion` as in `registry.archival.child`, `language` ("ar", "fr", "en" or "") is what the
    file says of its text. Raise NotArchival.
    """
    arguments = [conversion, str(path.absolute()), str(out.absolute()), language]
    if not _AT_ONCE.acquire(timeout=seconds):
        raise NotArchival("timeout")
    try:
        with SandboxedProcess(
            "registry.archival.child",
            arguments,
            reads=[path],
            writes=[out.parent],
            programs=[found] if conversion in _MAY_DRAW and (found := shutil.which("gs")) else [],
        ) as child:
            said = child.everything(seconds, most=10_000)
    except ChildDied as death:
        raise NotArchival("timeout" if death.code == "timeout" else "damaged") from death
    finally:
        _AT_ONCE.release()
    try:
        answer = json.loads(said)
        if "code" not in answer:
            return int(answer["pages"])
        code = str(answer["code"])
    except (ValueError, KeyError, TypeError):
        code = "too_large"  # ended by its limits, or by the system
    raise NotArchival(code)

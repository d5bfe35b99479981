"""Inspecting an untrusted PDF, and laying sheets over its pages, in a confined child."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from registry.archival.problems import NotArchival
from sandbox.process import ChildDied, SandboxedProcess

_SECONDS: Final = 45.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a PDF; `sizes` are width and height, as seen, of the first and last page."""

    pages: int
    signed: bool
    lasts: bool
    sizes: tuple[tuple[float, float], tuple[float, float]]


def facts_of(path: Path) -> Facts:
    """Return the facts of a PDF with pages. Raise NotArchival."""
    answer = _answer(["facts", str(path.absolute())], reads=[path])
    try:
        first, last = ((float(width), float(height)) for width, height in answer["sizes"])
        return Facts(
            pages=int(answer["pages"]),
            signed=bool(answer["signed"]),
            lasts=bool(answer["lasts"]),
            sizes=(first, last),
        )
    except (KeyError, TypeError, ValueError):
        raise NotArchival("damaged") from None


def lay_over(path: Path, *, first: Sequence[bytes], last: Sequence[bytes]) -> bytes:
    """Return the PDF with sheets laid over its first and its last page. Raise NotArchival."""
    with tempfile.TemporaryDirectory(prefix="sijill-laying-") as name:
        folder = Path(name)
        arguments = ["lay", str(path.absolute()), name, str(len(first))]
        for number, sheet in enumerate([*first, *last]):
            (folder / f"{number}.pdf").write_bytes(sheet)
            arguments.append(str(folder / f"{number}.pdf"))
        _answer(arguments, reads=[path], writes=[folder])
        try:
            return (folder / "made.pdf").read_bytes()
        except OSError:
            raise NotArchival("damaged") from None


def _answer(
    arguments: list[str], *, reads: Sequence[Path], writes: Sequence[Path] = ()
) -> dict[str, Any]:
    try:
        with SandboxedProcess(
            "registry.archival.child", arguments, reads=reads, writes=writes
        ) as child:
            answer: dict[str, Any] = json.loads(child.everything(_SECONDS, most=10_000))
    except ChildDied as death:
        raise NotArchival("timeout" if death.code == "timeout" else "damaged") from death
    except ValueError:  # ended by its limits
        raise NotArchival("too_large") from None
    if "code" in answer:
        raise NotArchival(str(answer["code"]))
    return answer

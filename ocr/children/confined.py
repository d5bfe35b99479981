"""A process in which a file of strangers is read: `ocr.children.child`, with what it must know."""

from __future__ import annotations

from pathlib import Path

from ocr.limits import Limits
from sandbox.process import SandboxedProcess


class Child(SandboxedProcess):
    """A reading child; its models lie where the office's do."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(
            "ocr.children.child", arguments, kept=("OCR_MODELS_DIR", "TESSDATA_PREFIX")
        )


def options(path: Path, media_type: str | None, seconds: float, limits: Limits) -> list[str]:
    """The arguments by which a child knows its file, its time for a page, and its limits."""
    said = [str(path.absolute()), "--page-seconds", str(seconds)]
    said += ["--most-pages", str(limits.pages), "--most-pixels", str(limits.pixels)]
    said += ["--most-memory", str(limits.memory_bytes)]
    return said + (["--media-type", media_type] if media_type else [])

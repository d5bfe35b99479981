"""The child process in which an untrusted file is read, started with the settings it needs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ocr.limits import Limits
from sandbox.process import SandboxedProcess

MODELS: Final = ("OCR_MODELS_DIR", "TESSDATA_PREFIX")  # variables that name their folders


class Child(SandboxedProcess):
    """A reading child, which uses the same models as the office."""

    def __init__(
        self,
        arguments: list[str],
        *,
        reads: Sequence[Path],
        writes: Sequence[Path] = (),
        programs: Sequence[str | Path] = (),
    ) -> None:
        models = [os.environ[name] for name in MODELS if name in os.environ]
        super().__init__(
            "ocr.child",
            arguments,
            reads=[*reads, *models],
            writes=writes,
            programs=programs,
            kept=MODELS,
        )


def options(path: Path, media_type: str | None, seconds: float, limits: Limits) -> list[str]:
    """Return the arguments that give a child its file, its time for a page, and its limits."""
    said = [str(path.absolute()), "--page-seconds", str(seconds)]
    said += ["--most-pages", str(limits.pages), "--most-pixels", str(limits.pixels)]
    said += ["--most-memory", str(limits.memory_bytes)]
    return said + (["--media-type", media_type] if media_type else [])

"""Move registered files to `done`, and failed ones to `failed` with a file that says why."""

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.utils import translation

from channels.folder.entries import DONE, FAILED


def move_done(folder: Path, name: str, *, day: date) -> None:
    """Move to `done/DAY/NAME`; harmless where it is gone already.

    Raise OSError.
    """
    _move(folder / name, folder / DONE / day.isoformat())


def move_failed(folder: Path, name: str, *, reason: str, words: Callable[[], str]) -> None:
    """Move to `failed/NAME`, and write `NAME.reason.txt` beside it: three languages and the code.

    Raise OSError.
    """
    target = _move(folder / name, folder / FAILED)
    if target is None:
        return
    said = []
    for language in ("ar", "fr", "en"):
        with translation.override(language):
            said.append(words())
    note = target.with_name(f"{target.name[:200]}.reason.txt")
    note.write_text("\n".join([*said, reason, ""]), encoding="utf-8")


def _move(source: Path, folder: Path) -> Path | None:
    """Move without overwriting anything in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / source.name
    number = 1
    while os.path.lexists(target):
        number += 1
        target = folder / f"{source.stem[:200]}-{number}{source.suffix[:20]}"
    try:
        source.rename(target)
    except FileNotFoundError:
        return None
    return target

"""The list of words in use: written from the database to files once, mapped by every process."""

import contextlib
import logging
import os
import threading
import time
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from django.conf import settings

from search.meaning.models import WordList, WordPart
from search.meaning.near_words import Script, Words, by_script

ONLY: Final = 1  # key of the one row that says which list is in use
_WRITTEN_BY: Final = 3_600.0  # seconds
_opening = threading.Lock()
log = logging.getLogger(__name__)


def words_in_use() -> WordList:
    """Return which list is in use; an empty one before the first."""
    return WordList.objects.filter(pk=ONLY).first() or WordList(pk=ONLY)


def known_words(version: str) -> Words | None:
    """Return the list in use; None before the first, or where it is of another model."""
    row = words_in_use()
    words = words_of(row.made) if row.made and row.model == version else None
    return words._replace(common=frozenset(row.common.split())) if words else None


def words_of(made: str) -> Words | None:
    """Return that list; None where it is not in the database, or cannot be written to disk."""
    with _opening:
        try:
            return _opened(made, Path(settings.DATA_DIR) / "meaning-words")
        except (OSError, ValueError) as error:
            log.warning("list of words: %s", type(error).__name__)
            return None


@lru_cache(maxsize=2)
def _opened(made: str, folder: Path) -> Words:
    if not (folder / made).is_dir():
        _write(made, folder)
    latin, arabic = (
        Script(
            np.load(folder / made / f"words-{script}.npy", mmap_mode="r"),
            np.load(folder / made / f"vectors-{script}.npy", mmap_mode="r"),
        )
        for script in range(2)
    )
    return Words(latin, arabic)


def _write(made: str, folder: Path) -> None:
    """Write the list beside and rename it; forget earlier ones, which others may still map."""
    parts = WordPart.objects.filter(made=made).order_by("position")
    rows = list(parts.values_list("words", "vectors"))
    if not rows:
        raise ValueError("no such list")
    words = [word for part, _ in rows for word in part.split("\n")]
    fresh = folder / f"new-{uuid.uuid4().hex}"
    fresh.mkdir(parents=True)
    made_now = by_script(words, b"".join(bytes(vectors) for _, vectors in rows))
    for script, known in enumerate((made_now.latin, made_now.arabic)):
        np.save(fresh / f"words-{script}.npy", known.words)
        np.save(fresh / f"vectors-{script}.npy", known.vectors)
    with contextlib.suppress(OSError):  # another process was faster
        fresh.rename(folder / made)
    for old in folder.iterdir():
        if old.name != made and not _is_being_written(old):
            _forget(old)


def _is_being_written(folder: Path) -> bool:
    """Return whether another process may be at it; it takes a second."""
    begun = folder.name.startswith("new-")
    return begun and time.time() - folder.stat().st_mtime < _WRITTEN_BY


def _forget(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for file in folder.iterdir():
            os.unlink(file)
        folder.rmdir()

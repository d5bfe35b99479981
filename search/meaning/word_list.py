"""The list of words in use: written from the database to files once, mapped by every process.

Files are on disk before the list has its name; what cannot be read is written once more. Lists that
are not in use are deleted on each machine, whether or not anybody searches there.
"""

import contextlib
import logging
import os
import shutil
import threading
import time
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from django.conf import settings

from org.durable_files import sync_folder
from search.meaning.engines import has_meaning
from search.meaning.models import WordList, WordPart
from search.meaning.near_words import Script, Words, by_script

ONLY: Final = 1  # key of the one row that says which list is in use
_WRITTEN_BY: Final = 3_600.0  # seconds
_opening = threading.Lock()
log = logging.getLogger(__name__)


def words_in_use() -> WordList:
    """Return which list is in use, without the draft; an empty one before the first."""
    return WordList.objects.defer("draft").filter(pk=ONLY).first() or WordList(pk=ONLY)


def draft_of_words() -> bytes:
    """Return the draft of the next list; nothing where none is being made."""
    return bytes(WordList.objects.filter(pk=ONLY).values_list("draft", flat=True).first() or b"")


def known_words(version: str) -> Words | None:
    """Return the list in use; None before the first, or where it is of another model."""
    row = words_in_use()
    words = words_of(row.made) if row.made and row.model == version else None
    return words._replace(common=frozenset(row.common.split())) if words else None


def words_of(made: str) -> Words | None:
    """Return that list; None where it is not in the database, or cannot be written to disk."""
    with _opening:
        try:
            return _opened(made, _folder())
        except (OSError, ValueError, EOFError) as error:
            log.warning("list of words: %s", type(error).__name__)
            return None


def forget_words() -> None:
    """Forget the list and the one being made, in the database; `forget_old_words` their files."""
    WordPart.objects.all().delete()
    WordList.objects.filter(pk=ONLY).delete()


def forget_old_words() -> None:
    """Forget files of lists that are not in use, and this process's view of them; harmless."""
    made = words_in_use().made if has_meaning() else ""
    with _opening:
        _opened.cache_clear()
        _forget_others(made, _folder())


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "meaning-words"


@lru_cache(maxsize=1)
def _opened(made: str, folder: Path) -> Words:
    """Return the list from its files, which are written where they are not there, or damaged."""
    if (folder / made).exists():
        try:
            return _mapped(folder / made)
        except Exception as error:  # whatever a damaged file says
            log.warning("list of words, written again: %s", type(error).__name__)
            _remove(folder / made)
    _write(made, folder)
    _forget_others(made, folder)
    return _mapped(folder / made)


def _mapped(folder: Path) -> Words:
    latin, arabic = (
        Script(
            np.load(folder / f"words-{script}.npy", mmap_mode="r"),
            np.load(folder / f"vectors-{script}.npy", mmap_mode="r"),
        )
        for script in range(2)
    )
    return Words(latin, arabic)


def _write(made: str, folder: Path) -> None:
    """Write the list beside, and give it its name when it is on disk."""
    parts = WordPart.objects.filter(made=made).order_by("position")
    rows = list(parts.values_list("words", "vectors"))
    if not rows:
        raise ValueError("no such list")
    words = [word for part, _ in rows for word in part.split("\n")]
    made_now = by_script(words, b"".join(bytes(vectors) for _, vectors in rows))
    fresh = folder / f"new-{uuid.uuid4().hex}"
    fresh.mkdir(parents=True)
    try:
        for script, known in enumerate((made_now.latin, made_now.arabic)):
            _save(fresh / f"words-{script}.npy", known.words)
            _save(fresh / f"vectors-{script}.npy", known.vectors)
        sync_folder(fresh)
        with contextlib.suppress(OSError):  # another process was faster
            fresh.rename(folder / made)
        sync_folder(folder)
    finally:
        _remove(fresh)


def _save(path: Path, rows: Any) -> None:
    with path.open("wb") as handle:
        np.save(handle, rows)
        handle.flush()
        os.fsync(handle.fileno())


def _forget_others(made: str, folder: Path) -> None:
    """Forget all but this list; others may still map it, and lose nothing."""
    for old in folder.iterdir() if folder.is_dir() else ():
        if old.name != made and not _is_being_written(old):
            _remove(old)


def _is_being_written(folder: Path) -> bool:
    """Return whether another process may be at it; it takes a second."""
    if not folder.name.startswith("new-"):
        return False
    try:
        return time.time() - folder.stat().st_mtime < _WRITTEN_BY
    except OSError:
        return False


def _remove(path: Path) -> None:
    """Remove a folder or file; harmless where another process does it as well."""
    shutil.rmtree(path, ignore_errors=True)
    with contextlib.suppress(OSError):
        path.unlink()

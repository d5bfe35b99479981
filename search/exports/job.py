"""The job that makes an export: page after page of the search, as the person may read now."""

import contextlib
import errno
import hashlib
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils import translation

from jobs.errors import Permanent, Transient, Unavailable
from registry.access import reader_tokens
from registry.models import Letter
from registry.vault import CHUNK, VaultError
from search.contract import MOST_HITS
from search.exports.asking import MadeExport, path_of
from search.exports.files import open_export
from search.exports.models import Export
from search.query.asked import AskedSearch

Progress = Callable[[int, int], None]
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def export_work(export_id: str, progress: Progress) -> MadeExport | None:
    """Make the file, outside any transaction; None when there is nothing left to do.

    What fails leaves no file. Raises jobs' Permanent (too many, too large, disk full, no right),
    Unavailable while engine or vault are away.
    """
    rows = Export.objects.select_related("person").filter(pk=export_id, finished_at=None)
    export = rows.first()
    if export is None:
        return None
    if not reader_tokens(export.person):
        raise Permanent("export_no_right", "This person reads no letters.")
    name = f"{export.pk}-{uuid.uuid4().hex[:8]}.{export.format}"
    part = path_of(f"{name}.part")
    try:
        part.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with translation.override(export.language):
            letters = _write(export, part, progress)
        size, sha256 = _sealed(part)
        part.rename(path_of(name))
    except VaultError as error:
        raise Unavailable("vault", "The vault cannot be reached.") from error
    except OSError as error:
        if error.errno in _FULL:
            raise Permanent("export_disk_full", "There is no room on the disk.") from error
        raise Transient("export_disk", f"The disk refused: errno {error.errno}.") from error
    finally:
        part.unlink(missing_ok=True)
    return MadeExport(name, size, sha256, letters)


def _write(export: Export, path: Path, progress: Progress) -> list[UUID]:
    """Write the file; the letters that stand in it."""
    written: dict[UUID, None] = {}
    out = open_export(export.format, path)
    try:
        for letters, total in _pages(export):
            fresh = [letter for letter in letters if letter.pk not in written]
            written |= dict.fromkeys(letter.pk for letter in fresh)
            if len(written) > settings.EXPORT_MAX_LETTERS:
                raise Permanent("export_too_many", "More letters than an export may hold.")
            out.add(fresh)
            progress(len(written), max(total, len(written)))
        if not written:
            raise Permanent("export_nothing", "Nothing is found any more.")
    except BaseException:
        with contextlib.suppress(Exception):
            out.close()
        raise
    out.close()
    return list(written)


def _pages(export: Export) -> Iterator[tuple[list[Letter], int]]:
    """The letters found, newest first, a hundred at a time, and how many there are."""
    asked = replace(AskedSearch.of_address(export.address), order="newest")
    cursor, total = "", 0
    while True:
        found = asked.find(export.person, limit=MOST_HITS, cursor=cursor, facets=(), excerpts=False)
        if found.engine_down:
            raise Unavailable("search_unavailable", "The search engine is away.")
        total = total or found.total
        yield [hit.letter for hit in found.hits], total
        cursor = found.next_cursor
        if not cursor:
            return


def _sealed(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file that is safely on disk."""
    sha, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            sha.update(chunk)
            size += len(chunk)
        os.fsync(stream.fileno())
    return size, sha.hexdigest()

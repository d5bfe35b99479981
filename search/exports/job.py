"""The job that makes an export: page after page of its source, by the person's present rights."""

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
from registry.files.receiving import CHUNK, VaultError
from registry.sheets.files import SheetPage, Source
from search.address.request import SearchRequest
from search.contract import MOST_HITS
from search.exports.export_requests import MadeExport, path_of
from search.exports.files import letters_sheet, open_export
from search.exports.models import Export

Progress = Callable[[int, int], None]
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def make_export(
    export_id: str, progress: Progress, *, source_of: Callable[[Export], Source]
) -> MadeExport | None:
    """Make the file, outside any transaction; return None when there is nothing left to do.

    A failure leaves no file. Raise jobs' Permanent (too many, too large, disk full, no right),
    Unavailable while engine or vault are unavailable.
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
            count, letters = _write(export, source_of(export), part, progress)
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
    return MadeExport(name, size, sha256, letters, count)


def _write(
    export: Export, source: Source, path: Path, progress: Progress
) -> tuple[int, list[UUID]]:
    """Write the file; return how many rows, and the letters that it shows for reading."""
    written: list[UUID] = []
    count = 0
    opened = source.open
    out = opened(path) if opened else open_export(export.format, path, source.sheet)
    try:
        for page in source.pages:
            count += len(page.rows)
            written += page.letters
            if count > source.most:
                raise Permanent("export_too_many", "More letters than an export may hold.")
            out.add(page.rows)
            progress(count, max(page.total, count))
        if not count:
            raise Permanent("export_nothing", "Nothing is found any more.")
        out.close()
    except BaseException:
        out.drop()
        raise
    return count, list(dict.fromkeys(written))


def search_source(export: Export) -> Source:
    """Return the letters that a search finds as a source."""
    return Source(letters_sheet(), _pages(export), settings.EXPORT_MAX_LETTERS)


def _pages(export: Export) -> Iterator[SheetPage]:
    """Yield the letters found, newest first, a hundred at a time, each once."""
    asked = replace(SearchRequest.of_address(export.address), order="newest")
    seen: set[UUID] = set()
    cursor, total = "", 0
    while True:
        found = asked.find(
            export.person,
            limit=MOST_HITS,
            cursor=cursor,
            facets=(),
            excerpts=False,
            leave_out=True,
        )
        if found.engine_down:
            raise Unavailable("search_unavailable", "The search engine is away.")
        total = total or found.total
        fresh = [hit.letter for hit in found.hits if hit.letter.pk not in seen]
        seen |= {letter.pk for letter in fresh}
        yield SheetPage(fresh, [letter.pk for letter in fresh], total)
        cursor = found.next_cursor
        if not cursor:
            return


def _sealed(path: Path) -> tuple[int, str]:
    """Return size and SHA-256 of a file that is safely on disk."""
    sha, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            sha.update(chunk)
            size += len(chunk)
        os.fsync(stream.fileno())
    return size, sha.hexdigest()

"""An export with the documents themselves: a ZIP with an index that a browser opens."""

import codecs
import contextlib
import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import IO, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jobs.errors import Permanent
from registry.files.names import fitting_name
from registry.files.receiving import CHUNK, VaultError
from registry.files.vault import get_vault
from registry.models.documents import Document
from registry.models.letters import Letter
from registry.sheets.cells import defused, plain
from registry.sheets.files import abandon
from search.exports.rows import HEADINGS, row_of

_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_SQUEEZED: Final = ("text/", "application/rtf", "message/", "image/tiff", "image/bmp")
_SPOOL: Final = 4 * 1024 * 1024


class ZipFileOut:
    """Documents in a folder for each letter, index.csv and index.html beside them."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_STORED)
        self._left = settings.EXPORT_MAX_MB * 1_000_000
        folder = path.parent
        # What grows with the export lies on its disk, never in memory.
        self._csv: IO[bytes] = _spool(folder)
        self._html: IO[bytes] = _spool(folder)
        self._csv.write(codecs.BOM_UTF8)
        self._line([*(str(heading) for heading in HEADINGS), _("Documents")])
        self._html.write(render_to_string("search/export_index_head.html").encode())

    def add(self, letters: Sequence[Letter]) -> None:
        """Add the documents of these letters, and their lines of the index."""
        documents: dict[object, list[Document]] = {}
        rows = Document.objects.filter(letter__in=list(letters)).select_related("file")
        for document in rows.order_by("position"):
            documents.setdefault(document.letter_id, []).append(document)
        for letter in letters:
            files = [self._put(letter, document) for document in documents.get(letter.pk, [])]
            self._index(letter, files)

    def _put(self, letter: Letter, document: Document) -> tuple[str, bool]:
        """Return (name in the ZIP, whether the bytes are there); raise Permanent if too large."""
        named = fitting_name(safe_name(document.title), document.media_type)
        name = f"{folder_of(letter)}/{document.position:02d}-{named}"
        self._left -= document.file.size
        if self._left < 0:
            raise Permanent("export_too_large", "The documents are larger than an export may be.")
        info = zipfile.ZipInfo(name, letter.registered_at.timetuple()[:6])
        info.external_attr = 0o644 << 16
        if document.media_type.startswith(_SQUEEZED):
            info.compress_type = zipfile.ZIP_DEFLATED
        try:
            source = get_vault().open(document.file.sha256)
        except VaultError as error:
            if error.code != "missing":
                raise
            return name, False
        with source, self._zip.open(info, "w", force_zip64=True) as target:
            while chunk := source.read(CHUNK):
                target.write(chunk)
        return name, True

    def put(self, name: str, content: bytes) -> None:
        """Add a file of ours beside the documents."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        self._zip.writestr(info, content)

    def _index(self, letter: Letter, files: list[tuple[str, bool]]) -> None:
        cells = row_of(letter)
        names = (name for name, _there in files)
        self._line([defused(cell) for cell in (*cells, *names)])
        context = {"letter": letter, "cells": cells, "files": files}
        self._html.write(render_to_string("search/export_index_row.html", context).encode())

    def _line(self, cells: Sequence[str]) -> None:
        line = io.StringIO(newline="")
        csv.writer(line).writerow(cells)
        self._csv.write(line.getvalue().encode())

    def close(self) -> None:
        """Write the index and complete the file."""
        self._html.write(render_to_string("search/export_index_foot.html").encode())
        for name, start, stream in (
            ("index.html", b"", self._html),
            ("index.csv", b"\xef\xbb\xbf", self._csv),
        ):
            stream.seek(0)
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with stream, self._zip.open(info, "w", force_zip64=True) as target:
                target.write(start)
                while chunk := stream.read(CHUNK):
                    target.write(chunk)
        self._zip.close()

    def drop(self) -> None:
        """Close the file and the index without completing them."""
        abandon(self._zip)
        for stream in (self._csv, self._html):
            with contextlib.suppress(OSError):
                stream.close()


def _spool(folder: Path) -> IO[bytes]:
    return tempfile.SpooledTemporaryFile(_SPOOL, dir=str(folder))


def folder_of(letter: Letter) -> str:
    """Return the letter's folder: its number, in characters that every file system takes."""
    return safe_name(letter.number.replace("/", "-"))


def safe_name(title: str) -> str:
    """Return a file name without path, control or reserved characters, at most 100 characters."""
    name = _UNSAFE.sub("-", plain(title)).strip(" .-")
    path = PurePosixPath(name)
    stem, suffix = path.stem[: 100 - len(path.suffix[:12])], path.suffix[:12]
    return f"{stem}{suffix}" if stem.strip(" .-") else "document"

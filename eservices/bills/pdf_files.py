"""PDFs of bills that lie beside the table that names them."""

import hashlib
from pathlib import Path, PurePosixPath
from typing import Final

from eservices.bills.bill_lines import BillRow
from eservices.contracts.importing import LineRefusedError
from registry.files.stored import stored_row
from registry.files.vault import store
from registry.models.files import StoredFile

MOST_BYTES: Final = 20 * 1024 * 1024
_PDF: Final = b"%PDF-"


class PdfFolder:
    """The folder of a table; None where a table came without one (from a page)."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder.resolve() if folder else None
        self._paths: dict[str, Path] = {}

    def hash_of(self, name: str) -> str:
        """Return the hash of a PDF that a line names. Raise LineRefusedError where it is none."""
        path = self._path(name)
        try:
            if not path.is_file():  # a pipe would be waited for
                raise LineRefusedError("no_pdf", value=name[:200])
            if path.stat().st_size > MOST_BYTES:
                raise LineRefusedError("pdf_too_large", value=name[:200])
            content = path.read_bytes()
        except OSError as error:
            raise LineRefusedError("no_pdf", value=name[:200]) from error
        if not content.startswith(_PDF):
            raise LineRefusedError("not_pdf", value=name[:200])
        digest = hashlib.sha256(content).hexdigest()
        self._paths[digest] = path
        return digest

    def kept(self, row: BillRow) -> StoredFile | None:
        """Return the row of a bill's PDF, which is put into the vault; None where it has none."""
        path = self._paths.get(row.file_hash)
        if path is None:
            return None
        with path.open("rb") as stream:
            return stored_row(store(stream), media_type="application/pdf")

    def _path(self, name: str) -> Path:
        """Return the path of a name inside the folder; nothing outside it is opened."""
        pure = PurePosixPath(name.replace("\\", "/"))
        if self._folder is None or pure.is_absolute() or ".." in pure.parts:
            raise LineRefusedError("no_pdf", value=name[:200])
        try:
            path = (self._folder / pure).resolve()
        except (OSError, RuntimeError, ValueError) as error:  # links in a ring, a NUL
            raise LineRefusedError("no_pdf", value=name[:200]) from error
        if not path.is_relative_to(self._folder):
            raise LineRefusedError("no_pdf", value=name[:200])
        return path

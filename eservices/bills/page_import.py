"""Bills that come by the page of imports: a table, an XML bill, or an archive of XML bills."""

import shutil
import tempfile
from collections.abc import Callable
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Final, cast

from eservices.bills.importing import BillTable
from eservices.bills.xml_importing import import_xml
from eservices.contracts.importing import run_import
from eservices.contracts.models import ImportRun

_ZIP: Final = b"PK\x03\x04"
_BOM: Final = b"\xef\xbb\xbf"
_LOOKED: Final = 64


def import_by_page(stream: BinaryIO, run: ImportRun, progress: Callable[[int], None]) -> None:
    """Import what the stream holds, recognised by its first bytes. Raise BadFileError."""
    buffered = cast("BufferedReader", stream)  # it can be peeked into
    first = buffered.peek(_LOOKED)[:_LOOKED].removeprefix(_BOM).lstrip()
    ending = ".zip" if first.startswith(_ZIP) else ".xml" if first.startswith(b"<") else ""
    if not ending:
        run_import(run.kind, buffered, run.name, handler=BillTable(), run=run, progress=progress)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{Path(run.name).stem[:80] or 'bills'}{ending}"
        with path.open("wb") as copy:
            shutil.copyfileobj(buffered, copy)
        import_xml(path, run=run, progress=progress)

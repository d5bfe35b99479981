"""Imports by the page: a file waits in parts, and a job takes it by the importer of its kind.

Rooms above register their kinds. The parts are deleted once the import has ended.
"""

import io
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, BinaryIO, Final
from uuid import UUID

from django.db import transaction

from eservices.contracts.contract_lines import ContractLines
from eservices.contracts.csv_lines import BadFileError
from eservices.contracts.importing import Handler, begin_run, end_run, run_import
from eservices.contracts.meter_lines import MeterLines
from eservices.contracts.models import ImportPart, ImportRun
from eservices.kinds import EserviceJob
from jobs.outbox import enqueue
from org.models import User

PART: Final = 256 * 1024  # bytes of a row
Importer = Callable[[BinaryIO, ImportRun, Callable[[int], None]], None]
_IMPORTERS: Final[dict[str, Importer]] = {}
_COLUMNS: Final[dict[str, Sequence[str]]] = {}


def add_kind(kind: str, importer: Importer, columns: Sequence[str] = ()) -> None:
    """Let files of this kind be imported by the page, tables with these columns.

    The importer takes the stream into the run, reports how many lines it has done, ends the run,
    and may raise BadFileError. It may be called again for a run that was cut off.
    """
    _IMPORTERS[kind] = importer
    _COLUMNS[kind] = columns


def table(make: Callable[[], Handler]) -> Importer:
    """Return the importer of a table with this handler."""

    def take(stream: BinaryIO, run: ImportRun, progress: Callable[[int], None]) -> None:
        run_import(run.kind, stream, run.name, handler=make(), run=run, progress=progress)

    return take


def kinds() -> list[tuple[str, str]]:
    """Return the kinds that may be imported by the page, with their words."""
    return [(kind.value, str(kind.label)) for kind in ImportRun.Kind if kind in _IMPORTERS]


def headers() -> list[tuple[str, str]]:
    """Return the words of each kind of table, and the line with which it begins."""
    return [(words, ";".join(_COLUMNS[kind])) for kind, words in kinds() if _COLUMNS[kind]]


def keep_for_import(
    kind: str, stream: BinaryIO, name: str, *, by: User | None, dry_run: bool = False
) -> ImportRun:
    """Keep a file in parts, and have it imported."""
    with transaction.atomic():
        run = begin_run(kind, name, dry_run=dry_run, by=by)
        ImportRun.objects.filter(pk=run.pk).update(waiting=True)
        position = 0
        while content := stream.read(PART):
            ImportPart.objects.create(run=run, position=position, content=content)
            position += 1
        enqueue(EserviceJob.CONTRACTS_IMPORT, run.pk)
    return run


def import_work(subject: str, progress: Callable[[int, int], None]) -> None:
    """Import a file that waits; one that was cut off is begun anew."""
    run = ImportRun.objects.filter(pk=subject, waiting=True).first()
    if run is None:
        return
    run.refusals.all().delete()
    stream = io.BufferedReader(_Parts(run), PART)
    with suppress(BadFileError):  # the run says so
        _IMPORTERS[run.kind](stream, run, lambda lines: progress(lines, 0))


def import_ended(subject: str, _result: Any) -> None:
    """Forget the parts of a file that was imported."""
    ImportPart.objects.filter(run=UUID(subject)).delete()
    ImportRun.objects.filter(pk=subject).update(waiting=False)


def import_parked(subject: str, _code: str) -> None:
    """Say that an import has failed; its file is forgotten."""
    import_ended(subject, None)
    run = ImportRun.objects.filter(pk=subject, ended_at=None).first()
    if run is not None:
        end_run(run, problem=BadFileError("failed"))


class _Parts(io.RawIOBase):
    """A file that lies in parts, read one part at a time."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._position = 0
        self._left = b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """Read as much of the current part as fits."""
        if not self._left:
            found = ImportPart.objects.filter(run=self._run, position=self._position).first()
            if found is None:
                return 0
            self._left, self._position = bytes(found.content), self._position + 1
        taken = self._left[: len(buffer)]
        buffer[: len(taken)] = taken
        self._left = self._left[len(taken) :]
        return len(taken)


add_kind(ImportRun.Kind.CONTRACTS, table(ContractLines), ContractLines.columns)
add_kind(ImportRun.Kind.METERS, table(MeterLines), MeterLines.columns)

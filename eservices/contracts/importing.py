"""Imports of tables that another program wrote: in batches, repeatable, with a report by line.

A handler knows one kind of table. Each batch is one transaction with its counts and its refused
lines, so that a killed import is reported as far as it came, and is completed by the same file
again.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

from django.db import transaction
from django.utils import timezone

from eservices.contracts.csv_lines import BadFileError, ByteLines, CsvLine, read_lines
from eservices.contracts.models import ImportRun, RefusedLine
from org.models import User

BATCH: Final = 2000
NEW: Final = "new"
CHANGED: Final = "changed"
SAME: Final = "same"
_REMEMBERED: Final = 200_000  # lines of a dry run, so that one that is there twice is new once


class LineRefusedError(ValueError):
    """A line that is not taken: a code and its values (`import_words` says it)."""

    def __init__(self, code: str, **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


class Row(Protocol):
    """A line that was understood: `key` names its thing, `digest` is that of all its values."""

    @property
    def key(self) -> str:
        """What the line is about; a batch holds each key once."""

    @property
    def digest(self) -> str:
        """The same digest means that nothing changed."""


Outcome = str | LineRefusedError  # NEW, CHANGED, SAME, or why the line is refused


class Handler(Protocol):
    """What knows one kind of table."""

    @property
    def columns(self) -> Sequence[str]:
        """The columns of the header."""

    @property
    def optional(self) -> Sequence[str]:
        """Those that a file may lack."""

    def parse(self, line: CsvLine) -> Row:
        """Return what the line says. Raise LineRefusedError."""

    def write(self, rows: Sequence[Any], run: ImportRun) -> Sequence[Outcome]:
        """Keep a batch, unless `run.dry_run`, and return what became of each row."""


@dataclass(slots=True)
class Report:
    """The counts of an import."""

    lines: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0


def run_import(
    kind: str, stream: ByteLines, name: str, *, handler: Handler, dry_run: bool = False,
    by: User | None = None, run: ImportRun | None = None,
    progress: Callable[[int], None] = lambda _lines: None,
) -> ImportRun:  # fmt: skip
    """Import a table and return the run with its counts; what was refused stands beside it.

    Raise BadFileError where it is no such table; that run is kept too, with the reason. `run` is
    one that was begun before, for a file that waits.
    """
    run = run or begin_run(kind, name, dry_run=dry_run, by=by)
    hashed = HashedLines(stream)
    taking = _Taking(run, handler)
    try:
        for batch in _batches(
            read_lines(hashed, handler.columns, optional=handler.optional), handler
        ):
            taking.take(batch)
            progress(taking.report.lines)
    except BadFileError as error:
        end_run(run, problem=error)
        raise
    end_run(run, sha256=hashed.sha256)
    return run


def begin_run(kind: str, name: str, *, dry_run: bool = False, by: User | None = None) -> ImportRun:
    """Return a run that begins now."""
    return ImportRun.objects.create(
        kind=kind, name=name[:255], dry_run=dry_run, by=by, started_at=timezone.now()
    )


def end_run(run: ImportRun, *, sha256: str = "", problem: BadFileError | None = None) -> None:
    """Keep that a run has ended, and why where its file was none."""
    run.ended_at = timezone.now()
    run.sha256 = sha256 or run.sha256
    if problem is not None:
        run.problem, run.problem_data = problem.code, problem.data
    run.save(update_fields=["ended_at", "sha256", "problem", "problem_data"])


def refuse_lines(run: ImportRun, refused: Iterable[tuple[int, str, dict[str, Any]]]) -> None:
    """Keep lines that were refused: number, code, values."""
    RefusedLine.objects.bulk_create(
        [RefusedLine(run=run, line=line, code=code, data=data) for line, code, data in refused]
    )


@dataclass(slots=True)
class _Batch:
    """Lines that are taken together: those that were understood, and those that were not."""

    rows: list[tuple[int, Row]]
    refused: list[tuple[int, str, dict[str, Any]]]

    @property
    def lines(self) -> int:
        return len(self.rows) + len(self.refused)


def _batches(lines: Iterable[CsvLine], handler: Handler) -> Iterator[_Batch]:
    """Yield batches in which no key is twice: a later line of a file finds the earlier one kept."""
    batch = _Batch([], [])
    keys: set[str] = set()
    for line in lines:
        try:
            row = _parsed(line, handler)
        except LineRefusedError as error:
            batch.refused.append((line.number, error.code, error.data))
        else:
            if row.key in keys:
                yield batch
                batch, keys = _Batch([], []), set()
            keys.add(row.key)
            batch.rows.append((line.number, row))
        if batch.lines >= BATCH:
            yield batch
            batch, keys = _Batch([], []), set()
    if batch.lines:
        yield batch


def _parsed(line: CsvLine, handler: Handler) -> Row:
    if line.problem:
        raise LineRefusedError(line.problem, **line.data)
    return handler.parse(line)


class _Taking:
    """The batches of one run, and what they come to."""

    def __init__(self, run: ImportRun, handler: Handler) -> None:
        self.run = run
        self.report = Report()
        self._handler = handler
        self._digests: dict[str, str] = {}  # what a dry run would have written by now

    def take(self, batch: _Batch) -> None:
        """Keep a batch, its counts and its refused lines, all or nothing."""
        rows = [row for _number, row in batch.rows]
        with transaction.atomic():
            outcomes = self._handler.write(rows, self.run) if rows else []
            if self.run.dry_run:
                pairs = zip(rows, outcomes, strict=True)
                outcomes = [self._foreseen(row, outcome) for row, outcome in pairs]
            refused = [*batch.refused]
            for (number, _row), outcome in zip(batch.rows, outcomes, strict=True):
                if isinstance(outcome, LineRefusedError):
                    refused.append((number, outcome.code, outcome.data))
            refuse_lines(self.run, sorted(refused, key=lambda one: one[0]))
            self._count(batch.lines, outcomes, len(refused))

    def _count(self, lines: int, outcomes: Sequence[Outcome], refused: int) -> None:
        report = self.report
        report.lines += lines
        report.new += sum(outcome == NEW for outcome in outcomes)
        report.changed += sum(outcome == CHANGED for outcome in outcomes)
        report.same += sum(outcome == SAME for outcome in outcomes)
        report.refused += refused
        for name, value in asdict(report).items():
            setattr(self.run, name, value)
        self.run.save(update_fields=list(asdict(report)))

    def _foreseen(self, row: Row, outcome: Outcome) -> Outcome:
        """Return what becomes of a row of a dry run after the rows before it."""
        if isinstance(outcome, LineRefusedError):
            return outcome
        before = self._digests.get(row.key)
        if before is not None:
            outcome = SAME if before == row.digest else CHANGED
        if len(self._digests) < _REMEMBERED:
            self._digests[row.key] = row.digest
        return outcome


class HashedLines:
    """Lines of a file, and the hash of all that was read."""

    def __init__(self, stream: ByteLines) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()

    def readline(self, size: int = -1, /) -> bytes:
        """Return the next line, at most `size` bytes of it."""
        raw = self._stream.readline(size)
        self._hash.update(raw)
        return raw

    @property
    def sha256(self) -> str:
        """The hash of what was read so far."""
        return self._hash.hexdigest()

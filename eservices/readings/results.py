"""The billing system's results for exported readings: taken, or refused with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from eservices.contracts import fields
from eservices.contracts.csv_lines import CsvLine
from eservices.contracts.import_words import add_reasons
from eservices.contracts.importing import CHANGED, NEW, SAME, LineRefusedError, Outcome
from eservices.contracts.models import ImportRun
from eservices.readings.models import Reading
from eservices.readings.taking import note

COLUMNS: Final = ("reading_id", "result", "reason")
ACCEPTED, REFUSED = "accepted", "refused"
# How billing systems say it.
_SAID: Final[Mapping[str, str]] = {
    **dict.fromkeys(("accepted", "ok", "taken", "imported", "accepte", "accepté"), ACCEPTED),
    **dict.fromkeys(("refused", "rejected", "error", "ko", "refuse", "refusé", "rejete"), REFUSED),
}
_MOST_REASON: Final = 500

add_reasons(
    {
        "unknown_reading": _("There is no reading %(value)s."),
        "not_handed_over": _("Reading %(value)s was not handed over."),
        "decided_since": _("Reading %(value)s was decided anew since it came back."),
        "no_reason": _("A refusal needs a reason."),
    }
)


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A line that was understood."""

    reading: UUID
    result: str
    reason: str

    @property
    def key(self) -> str:
        """The reading that it is about."""
        return str(self.reading)

    @property
    def digest(self) -> str:
        """The hash of what is said of it."""
        return sha256(f"{self.result}\0{self.reason}".encode()).hexdigest()


class ResultLines:
    """The handler of `import_reading_results`."""

    columns: Sequence[str] = COLUMNS
    optional: Sequence[str] = ("reason",)

    def parse(self, line: CsvLine) -> ResultRow:
        """Return what the line says. Raise LineRefusedError."""
        values = line.values
        result = _SAID.get(values["result"].lower(), "")
        if not result:
            data = {"column": "result", "value": values["result"][:40]}
            raise LineRefusedError("bad_choice", **data, choices=f"{ACCEPTED}, {REFUSED}")
        reason = fields.text(values, "reason", most=_MOST_REASON)
        if result == REFUSED and not reason:
            raise LineRefusedError("no_reason")
        try:
            reading = UUID(values["reading_id"])
        except ValueError:
            raise LineRefusedError("unknown_reading", value=values["reading_id"][:40]) from None
        return ResultRow(reading, result, reason)

    def write(self, rows: Sequence[ResultRow], run: ImportRun) -> list[Outcome]:
        """Keep a batch, unless the run is dry, and return what became of each row."""
        wanted = [row.reading for row in rows]
        held = Reading.objects.select_for_update(of=("self",)).filter(pk__in=wanted)
        found = {reading.pk: reading for reading in held.order_by("pk")}
        outcomes = [_outcome(row, found.get(row.reading)) for row in rows]
        if not run.dry_run:
            for row, outcome in zip(rows, outcomes, strict=True):
                if outcome in (NEW, CHANGED):
                    _keep(row, found[row.reading], run)
        return outcomes


def _outcome(row: ResultRow, reading: Reading | None) -> Outcome:
    if reading is None:
        return LineRefusedError("unknown_reading", value=row.key)
    if reading.export_id is None:
        return LineRefusedError("not_handed_over", value=row.key)
    if (reading.result, reading.result_reason) == (row.result, row.reason):
        return SAME
    if reading.state not in (Reading.State.EXPORTED, Reading.State.RETURNED):
        return LineRefusedError("decided_since", value=row.key)
    if row.result == ACCEPTED and reading.state == Reading.State.RETURNED and _stands(reading):
        return LineRefusedError("decided_since", value=row.key)
    return CHANGED if reading.result else NEW


def _stands(reading: Reading) -> bool:
    """Return whether another reading took the place of one that came back."""
    rows = Reading.objects.filter(meter=reading.meter_id, period=reading.period)
    over = (Reading.State.DECLINED, Reading.State.RETURNED)
    return rows.exclude(state__in=over).exclude(pk=reading.pk).exists()


def _keep(row: ResultRow, reading: Reading, run: ImportRun) -> None:
    taken = row.result == ACCEPTED
    reading.state = Reading.State.EXPORTED if taken else Reading.State.RETURNED
    reading.result, reading.result_reason = row.result, row.reason
    reading.result_at = timezone.now()
    reading.save(update_fields=["state", "result", "result_reason", "result_at"])
    kind = "taken" if taken else "returned"
    note(reading, kind, actor=run.by, run=str(run.pk), reason=row.reason)

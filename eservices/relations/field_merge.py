"""What an order has become, made of its entries alone: the same in whatever order they came."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from eservices.relations.models import WorkOrder

State = WorkOrder.State
ON_SITE: Final = frozenset({"start", "check", "photo", "part", "index", "sign"})
ENDED: Final = frozenset({State.DONE, State.NOT_DONE})
OPEN: Final = frozenset({State.PLANNED, State.STARTED})


class Entered(Protocol):
    """The fields of an entry that the merge uses."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def data(self) -> Mapping[str, Any]: ...
    @property
    def file_id(self) -> Any: ...
    @property
    def made_at(self) -> datetime: ...


@dataclass(slots=True)
class Merged:
    """The columns of an order that follow from its entries."""

    state: str = State.PLANNED
    checklist: list[dict[str, Any]] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)
    meter_index: str = ""
    outcome: str = ""
    signature_id: Any = None
    signed_name: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None


def merge(checklist: Sequence[Mapping[str, Any]], entries: Iterable[Entered]) -> Merged:
    """Return what the entries make of an order with this checklist.

    By the moment at which each was made, equal ones by id: of one item the later one counts; photos
    and remarks only add. What the team ended stays ended, also where the office cancelled it.
    """
    rows = sorted(entries, key=lambda row: (row.made_at, str(row.id)))
    last: dict[str, Entered] = {row.kind: row for row in rows}
    ticked = {row.data["code"]: row.data["done"] for row in rows if row.kind == "check"}
    found = Merged(
        checklist=[{**item, "done": ticked.get(item["code"], False)} for item in checklist],
        parts=_parts(rows),
    )
    found.started_at = min((row.made_at for row in rows if row.kind in ON_SITE), default=None)
    if row := last.get("index"):
        found.meter_index = row.data["value"]
    if row := last.get("sign"):
        found.signature_id, found.signed_name = row.file_id, row.data["name"]
    _end(found, last)
    return found


def _end(found: Merged, last: Mapping[str, Entered]) -> None:
    if row := last.get("end"):
        found.state = State.DONE if row.data["done"] else State.NOT_DONE
        found.outcome, found.ended_at = row.data["remark"], row.made_at
    elif row := last.get("cancelled"):
        found.state, found.outcome, found.ended_at = State.CANCELLED, row.data["why"], row.made_at
    elif found.started_at is not None:
        found.state = State.STARTED


def _parts(rows: Iterable[Entered]) -> list[dict[str, Any]]:
    used: dict[str, str] = {}
    for row in rows:
        if row.kind == "part":
            used.pop(row.data["what"], None)
            used[row.data["what"]] = row.data["quantity"]
    return [{"what": what, "quantity": many} for what, many in used.items() if many != "0"]

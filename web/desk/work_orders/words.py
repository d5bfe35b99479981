"""Entries of an order in words: what the team and the office did with it."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from eservices.relations.models import FieldEntry, WorkOrder
from language.bidi import isolate
from org.written_days import date_format

KINDS: Final[dict[str, Any]] = {
    "ordered": gettext_lazy("Order made"),
    "moved": gettext_lazy("Planned anew"),
    "cancelled": gettext_lazy("Cancelled"),
    "seen": gettext_lazy("Alarm seen"),
    "start": gettext_lazy("On site"),
    "check": gettext_lazy("Checklist"),
    "photo": gettext_lazy("Photo"),
    "part": gettext_lazy("Part used"),
    "index": gettext_lazy("Meter index"),
    "note": gettext_lazy("Remark"),
    "sign": gettext_lazy("Signature"),
    "end": gettext_lazy("End of the work"),
}
TAGS: Final[dict[str, str]] = {
    WorkOrder.State.PLANNED: "info",
    WorkOrder.State.STARTED: "warn",
    WorkOrder.State.DONE: "ok",
    WorkOrder.State.NOT_DONE: "bad",
    WorkOrder.State.CANCELLED: "",
}


@dataclass(frozen=True, slots=True)
class WordedEntry:
    """An entry, its kind in words and what it says."""

    entry: FieldEntry
    kind: str
    words: str


def history_of(order: WorkOrder) -> list[WordedEntry]:
    """Return the order's entries in words, the newest first; one query."""
    labels = {item["code"]: item["label"] for item in order.checklist}
    rows = order.entries.select_related("by").order_by("-made_at", "-pk")[:500]
    return [
        WordedEntry(row, str(KINDS.get(row.kind, row.kind)), _words(row, labels)) for row in rows
    ]


def _words(row: FieldEntry, labels: dict[str, str]) -> str:
    data = row.data
    if row.kind in {"ordered", "moved"}:
        day = date_format(date.fromisoformat(data["planned_on"]), "j F Y")
        parts = (data["team"], day, data.get("slot", ""))
        return " · ".join(isolate(part) for part in parts if part)
    if row.kind == "check":
        label = labels.get(data["code"], data["code"])
        return label if data["done"] else _("not done: %(what)s") % {"what": label}
    if row.kind == "part":
        return f"{isolate(data['what'])} × {data['quantity']}"
    if row.kind == "index":
        return " · ".join(isolate(data[name]) for name in ("serial", "value") if data.get(name))
    if row.kind == "end":
        said = _("Done") if data["done"] else _("Could not be done")
        return f"{said} · {isolate(data['remark'])}" if data["remark"] else said
    for name in ("why", "caption", "value", "text", "name"):
        if name in data:
            return str(data[name])
    return ""

"""What an event of a contract says besides its kind: the meter, and what changed."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from eservices.contracts.models import Contract
from org.signs import listed
from org.written_days import written_day

# Columns of the billing system's files, as histories keep them; others have no word.
COLUMNS: Final[dict[str, Any]] = {
    "customer_name": _("Name"),
    "customer_type": _("Kind of customer"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
    "language": _("Language"),
    "address": _("Address"),
    "city": _("City"),
    "sector": _("Sector"),
    "services": _("Services"),
    "status": _("State"),
    "opened_on": _("Opened on"),
    "closed_on": pgettext_lazy("contract", "Closed on"),
    "access_hash": _("Access code"),
    "service": _("Service"),
    "digits": _("Digits"),
    "installed_on": _("Installed on"),
    "removed_on": _("Removed on"),
}
_STATES: Final[dict[str, Any]] = dict(Contract.Status.choices)


def change_words(data: Mapping[str, Any]) -> str:
    """Return what an event's data say in words; "" where the kind says it all."""
    said = [str(data["meter"])] if "meter" in data else []
    values = data.get("values") or {}
    for name, (old, new) in values.items():
        said.append(f"{_value(name, old)} → {_value(name, new)}")
    if not values:
        words = (COLUMNS[name] for name in data.get("columns", ()) if name in COLUMNS)
        if named := listed(words):
            said.append(named)
    return " · ".join(said)


def _value(name: str, value: str) -> str:
    if not value:
        return "—"
    if name.endswith("_on"):
        return written_day(value)
    return str(_STATES.get(value, value)) if name == "status" else value

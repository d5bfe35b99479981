"""What the findings about a reading, its history and reasons are called."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, npgettext, pgettext_lazy

from org.written_days import date_format

_FINDINGS: Final[Mapping[str, Any]] = {
    "digits": gettext_lazy("The meter shows only %(digits)s figures."),
    "below_last": gettext_lazy("Below the last index, %(last)s on %(last_on)s."),
    "rollover": gettext_lazy(
        "Below the last index, %(last)s: the meter may have turned over; use would be %(use)s."
    ),
    "equal": gettext_lazy("Equal to the last index, %(last)s on %(last_on)s: nothing used."),
    "far_too_high": gettext_lazy(
        "%(use)s used in %(days)s; usual is %(expected)s (%(basis)s), at most %(most)s."
    ),
    "high": gettext_lazy(
        "%(use)s used in %(days)s; usual is %(expected)s (%(basis)s), at most %(most)s."
    ),
    "low": gettext_lazy(
        "%(use)s used in %(days)s; usual is %(expected)s (%(basis)s), at least %(least)s."
    ),
    "as_usual": gettext_lazy("%(use)s used in %(days)s; usual is %(expected)s (%(basis)s)."),
    "above_ceiling": gettext_lazy(
        "%(use)s used in %(days)s, more than %(most)s; earlier use is not known."
    ),
    "no_history": gettext_lazy("%(use)s used in %(days)s; earlier use is not known."),
    "no_last": gettext_lazy("No earlier index of this meter is known."),
    "before_last_day": gettext_lazy("Read before the last reading, %(last_on)s."),
    "replaced": gettext_lazy("The meter was replaced on %(removed_on)s."),
    "not_installed": gettext_lazy("The meter was only installed on %(installed_on)s."),
    "contract_closed": gettext_lazy("The contract is closed."),
    "unknown_meter": gettext_lazy("No meter of this contract fits what was given."),
    "outside_window": gettext_lazy("Sent outside the days of the round."),
    "photo_same": gettext_lazy("The photo shows the same index."),
    "photo_differs": gettext_lazy("The photo shows %(seen)s."),
    "photo_doubt": gettext_lazy("The photo cannot be read for certain: %(doubt)s."),
    "no_photo": gettext_lazy("Without a photo."),
}
_BASES: Final[Mapping[str, Any]] = {
    "last_year": gettext_lazy("same days of last year"),
    "mean": gettext_lazy("mean of the last year"),
}
DOUBTS: Final[Mapping[str, Any]] = {
    "no_figures": gettext_lazy("no figures found"),
    "count": gettext_lazy("another number of figures than the meter has"),
    "turning": gettext_lazy("a wheel stands between two figures"),
    "unsure": gettext_lazy("a figure is not clear"),
    "several": gettext_lazy("several rows of figures"),
    "not_read": gettext_lazy("the photo could not be opened"),
}
# Why a reading is declined; the text goes to the customer.
REASONS: Final[Mapping[str, Any]] = {
    "photo": gettext_lazy("The figures cannot be read on the photo."),
    "differs": gettext_lazy("The index given is not the one on the photo."),
    "implausible": gettext_lazy("The index does not fit the earlier readings."),
    "meter": gettext_lazy("The meter is not that of the contract."),
    "decimals": gettext_lazy("The red figures, after the comma, are not part of the index."),
    "other": gettext_lazy("Another reason"),
}
EVENTS: Final[Mapping[str, Any]] = {
    "received": pgettext_lazy("reading", "Received"),
    "checked": gettext_lazy("Checked by the program"),
    "approved": pgettext_lazy("reading", "Approved"),
    "declined": pgettext_lazy("reading", "Declined"),
    "corrected": gettext_lazy("Index corrected"),
    "read_by_team": gettext_lazy("Read by a team"),
    "assigned": gettext_lazy("Given to a meter"),
    "exported": gettext_lazy("Handed over to billing"),
    "taken": gettext_lazy("Taken by billing"),
    "returned": gettext_lazy("Refused by billing"),
    "again": gettext_lazy("To be handed over again"),
    "warned": gettext_lazy("Customer told of unusual use"),
}


def finding(check: Mapping[str, Any]) -> str:
    """Return a finding in words, in the active language."""
    words = _FINDINGS.get(str(check.get("code")))
    if words is None:
        return str(check.get("code", ""))
    shown = {name: _shown(name, value) for name, value in check.items()}
    try:
        return str(words) % shown
    except KeyError:
        return str(check["code"])


def in_days(count: int) -> str:
    """Return in how many days something was used, as its sentence needs it."""
    return npgettext("used in", "%(n)d day", "%(n)d days", count) % {"n": count}


def _shown(name: str, value: Any) -> str:
    if name == "days":
        return in_days(int(value))
    if name == "basis":
        return str(_BASES.get(str(value), ""))
    if name == "doubt":
        return str(DOUBTS.get(str(value), value))
    if name.endswith("_on") and (day := parse_date(str(value))):
        return date_format(day, "SHORT_DATE_FORMAT")
    return str(value)


def reason(code: str, text: str) -> str:
    """Return the reason of a decline as the customer reads it, in the active language."""
    said = "" if code not in REASONS or code == "other" else str(REASONS[code])
    return " ".join(filter(None, (said, text.strip()))) or _("No reason was given.")

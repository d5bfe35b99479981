"""Words of the biller API's calls and outcomes, for pages."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

CALLS: Final[dict[str, Any]] = {
    "fetch": _("Bills fetched"),
    "pay": _("Payment"),
    "show": _("State asked for"),
    "reverse": _("Taking back"),
    "settle": _("Settlement"),
    "other": _("Unknown address"),
}
OUTCOMES: Final[dict[str, Any]] = {
    "found": _("bills found"),
    "nothing_due": _("nothing due"),
    "not_found": _("not found"),
    "posted": _("posted"),
    "repeated": _("sent again"),
    "reversed": _("taken back"),
    "settled": _("answered"),
    "unauthorized": _("not signed"),
    "malformed": _("not readable"),
    "unknown_identifier": _("unknown identifier"),
    "not_allowed": _("no right"),
    "over_limit": _("above the limit"),
    "too_many_calls": _("too many calls"),
    "reference_used": _("reference used before"),
    "too_late": _("too late"),
    "not_reversible": _("being refunded"),
    "unknown_bill": _("unknown bill"),
    "already_paid": _("already paid"),
    "wrong_amount": _("wrong amount"),
    "wrong_date": _("wrong date"),
    "too_many_bills": _("too many bills"),
    "method_not_allowed": _("wrong method"),
    "server_error": _("failed here"),
    "unavailable": _("not available"),
}

"""Why a line or a file of an import is refused, in words. Rooms above add their own codes."""

from collections.abc import Mapping
from functools import reduce
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from org.signs import listed
from org.workbooks import NO_WORKBOOK

Words = str | Promise
SEVERAL: Final = "several"  # a line with several mistakes: `reasons` holds code and values of each

REASONS: Final[dict[str, Words]] = {
    "missing": _("%(column)s: nothing stands there."),
    "too_long": _("%(column)s: more than %(most)d characters."),
    "bad_date": _("%(column)s: “%(value)s” is no day, written like 2026-11-27."),
    "bad_choice": _("%(column)s: “%(value)s” is none of: %(choices)s."),
    "bad_number": _("%(column)s: “%(value)s” is no whole number from %(least)s to %(most)s."),
    "bad_amount": _("%(column)s: “%(value)s” is no amount, written like 128.40."),
    "bad_email": _("%(column)s: “%(value)s” is no e-mail address."),
    "bad_phone": _("%(column)s: “%(value)s” is no telephone number."),
    "bad_contract_number": _("%(column)s: “%(value)s” is no contract number."),
    "unknown_contract": _("%(column)s: there is no contract %(value)s."),
    "bad_access_code": _("%(column)s: a code has %(least)d to %(most)d letters or digits."),
    "before": _("%(later)s lies before %(earlier)s."),
    "index_beyond_digits": _("%(column)s: %(value)s has more digits than the meter shows."),
    "columns_count": _("Columns: %(given)d instead of %(wanted)d."),
    "not_csv": _("A quotation mark is left open or stands in the wrong place."),
    "not_utf8": _("This is not UTF-8."),
    "line_too_long": _("The line is too long."),
    "control_characters": _("The line holds control characters."),
    "failed": _("The import has failed. Try again, or ask the administrator."),
    "no_header": _("There is no header line."),
    "workbook": NO_WORKBOOK,
}
_COLUMNS: Final[Mapping[str, Words]] = {
    "missing": _("columns that are missing: %(names)s"),
    "unknown": _("columns that are unknown: %(names)s"),
    "doubled": _("columns that are there twice: %(names)s"),
}
_AND_SO: Final = _("%(one)s; %(other)s")


def add_reasons(reasons: Mapping[str, Words]) -> None:
    """Add the codes of another kind of import."""
    REASONS.update(reasons)


def words_of(code: str, data: Mapping[str, Any]) -> str:
    """Return why a line or a file was refused, in the language of now."""
    if code == "columns":
        told = [str(_COLUMNS[key]) % {"names": listed(data[key])} for key in data]
        what = reduce(lambda one, other: str(_AND_SO) % {"one": one, "other": other}, told)
        return str(_("The header is another: %(what)s.")) % {"what": what}
    if code == SEVERAL:
        return " ".join(words_of(one, values) for one, values in data["reasons"])
    words = REASONS.get(code)
    return str(words) % data if words is not None else code

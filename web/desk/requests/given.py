"""What the forms of a request's parts give: text, whole numbers, days."""

from datetime import date

from django.utils.translation import gettext as _

from language.numerals import ascii_digits
from routing.acting.errors import NotAllowedError
from web.shared.days import day_of
from web.shared.guard import StaffRequest


def text_in(request: StaffRequest, name: str, longest: int = 200) -> str:
    """Return a field, cut to what is kept of it."""
    return request.POST.get(name, "").replace("\0", "")[:longest]


def whole_in(request: StaffRequest, name: str, otherwise: int = 0) -> int:
    """Return a whole number in digits of any script, `otherwise` for anything else."""
    given = ascii_digits(text_in(request, name, 16)).strip()
    return int(given) if given.isascii() and given.isdecimal() else otherwise


def needed_day(text: str) -> date:
    """Return a day; raise NotAllowedError where none is given."""
    day = day_of(text)
    if day is None:
        raise NotAllowedError(_("Give the day."))
    return day

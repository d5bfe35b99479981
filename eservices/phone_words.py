"""What is wrong with a telephone number that somebody typed, in words."""

from typing import Final

from django.utils.translation import gettext as _

from language.reach import is_miscounted, phone_key

_LEAST_ABROAD: Final = 10  # digits, the country's code included, where no "+" says that it is one


def phone_problem(text: str) -> str:
    """Return why nothing would arrive at this number; "" where no reason is known."""
    key = phone_key(text)
    if not key:
        return _("Give a phone number, such as 0612345678.")
    if is_miscounted(text) or (key.isdecimal() and len(key) < _LEAST_ABROAD):
        return _("A Moroccan number has 10 digits, such as 0612345678. Please check it.")
    return ""

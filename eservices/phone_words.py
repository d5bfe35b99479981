"""What is wrong with a telephone number that somebody typed, in words."""

from typing import Final

from django.utils.translation import gettext as _

from language.reach import is_miscounted, phone_key, phone_keys

_LEAST_ABROAD: Final = 10  # digits, the country's code included, where no "+" says that it is one
_MOST_DIGITS: Final = 15  # of one number: more are several, with no more than a blank between them


def phone_problem(text: str) -> str:
    """Return why nothing would arrive at this number; "" where no reason is known."""
    key = phone_key(text)
    if not key:
        return _("Give a phone number, such as 0612345678.")
    if is_miscounted(text) or (key.isdecimal() and len(key) < _LEAST_ABROAD):
        return _("A Moroccan number has 10 digits, such as 0612345678. Please check it.")
    return ""


def line_problem(text: str) -> str:
    """Return what is wrong with a line of telephone numbers that need not be there; else "".

    It may hold several, or words beside them.
    """
    if is_miscounted(text):
        return phone_problem(text)
    numbers = phone_keys(text)
    if len(numbers) == 1 and not any(sign.isalpha() for sign in text):
        return phone_problem(numbers[0])
    if numbers or sum(sign.isdigit() for sign in text) > _MOST_DIGITS:
        return ""
    return _("This is no phone number. Correct it, such as 0612345678, or leave it empty.")

"""What is wrong with a telephone number that somebody typed, in words."""

from django.utils.translation import gettext as _

from language.reach import is_miscounted, phone_key


def phone_problem(text: str) -> str:
    """Return why nothing would arrive at this number; "" where nothing speaks against it."""
    if not phone_key(text):
        return _("Give a phone number, such as 0612345678.")
    if is_miscounted(text):
        return _("A Moroccan number has 10 digits, such as 0612345678. Please check it.")
    return ""

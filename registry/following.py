"""The incoming letter that somebody follows: by its number, and its tracking code."""

from typing import Final
from uuid import UUID

from language.numerals import registry_number_key
from registry.models.letters import Letter
from registry.models.registers import Register
from registry.tracking import code_fits

_NOBODY: Final = UUID(int=0)


def letter_by_code(number: str, code: str) -> Letter | None:
    """Return the incoming letter with this number, if the code is its own.

    The work is the same for a wrong number and for a wrong code.
    """
    letter = incoming_letter(number)
    if letter is None:
        code_fits(_NOBODY, "", code)
        return None
    return letter if code_fits(letter.pk, letter.tracking_hash, code) else None


def incoming_letter(number: str) -> Letter | None:
    """Return the incoming letter with this number, however it is written."""
    letters = Letter.objects.filter(register__direction=Register.Direction.INCOMING)
    key, typed = registry_number_key(number), number.strip()
    # Never a comparison without an index: anybody may ask, as often as they like.
    wanted = letters.numbered(key) if key else letters.filter(number__in=[typed, typed.upper()])
    return wanted.first()

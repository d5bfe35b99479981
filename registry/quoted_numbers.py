"""Letters by the numbers that others quote of them: of the registers, or a desk's own."""

from collections.abc import Iterable
from typing import Final

from django.db.models import Q

from language.numerals import registry_number_key
from registry.models.letters import Letter
from registry.models.registers import Register

MOST: Final = 20  # numbers that are looked up at once
_ARABIC: Final = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def numbered(keys: Iterable[str]) -> Q | None:
    """Return the condition for letters with one of these numbers; None for no number.

    A number of a register is the letter's own (`language.numerals.registry_number_key`); any other
    stands on it as its reference, in the digits of either script.
    """
    asked = list(keys)[:MOST]
    if not asked:
        return None
    own = [key.split("/") for one in asked if (key := registry_number_key(one))]
    # Looked up before: through a join a database would rather go through all letters.
    registers = dict(
        Register.objects.filter(code__in={code for _, code, _ in own}).values_list("code", "pk")
    )
    references = {form for key in asked for form in (key, key.translate(_ARABIC))}
    wanted = Q(external_reference__in=references)
    for year, code, serial in own:
        if code in registers:
            wanted |= Q(year=int(year), register_id=registers[code], serial=int(serial))
    return wanted


def quotes(letter: Letter, key: str) -> bool:
    """Return whether this letter has the number `key`; `letter.register` is loaded."""
    own = f"{letter.year}/{letter.register.code}/{letter.serial}"
    return registry_number_key(key) == own or letter.external_reference in (
        key,
        key.translate(_ARABIC),
    )

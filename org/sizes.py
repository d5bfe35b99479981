"""Sizes of files as people write them, in each language."""

from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

STEP: Final = 1024
# A number of bytes for each form of the plural that a language may have, as CLDR calls them.
PLURALS: Final = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}


def file_size(count: int | str | None) -> str:
    """Return a number of bytes in words: "512 bytes", "1.5 MB"; "" for none."""
    if count is None or count == "":
        return ""
    left = float(max(0, int(count)))
    units = _units()
    unit = 0
    # What would be rounded to 1024 is one of the next unit.
    while round(left, 1 if unit else 0) >= STEP and unit < len(units):
        left, unit = left / STEP, unit + 1
    if not unit:
        return _bytes(int(left))
    rounded = round(left, 1)
    size = number_format(int(rounded) if rounded.is_integer() else rounded, use_l10n=True)
    return _unbroken(units[unit - 1] % {"size": size})


def size_words() -> dict[str, Any]:
    """Return the words of `file_size` for a script: bytes by plural, and the larger units."""
    return {
        "bytes": {name: _unbroken(_plural(count)) for name, count in PLURALS.items()},
        "units": [_unbroken(one % {"size": "%(count)d"}) for one in _units()],
    }


def _units() -> list[str]:
    return [_("%(size)s KB"), _("%(size)s MB"), _("%(size)s GB"), _("%(size)s TB")]


def _bytes(count: int) -> str:
    return _unbroken(_plural(count) % {"count": count})


def _unbroken(words: str) -> str:
    """Return words between which no line breaks: a unit stays beside its number."""
    return words.replace(" ", "\u00a0")


def _plural(count: int) -> str:
    """Return the form of the word for this many, with the place of the number."""
    return ngettext("%(count)d byte", "%(count)d bytes", count)

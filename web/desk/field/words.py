"""Counted words that a script fills in: one text for each plural form of the language."""

from collections.abc import Callable
from typing import Final

from django.utils.translation import ngettext

# A number of each form that languages have (Unicode CLDR).
_SAMPLES: Final = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}


def waiting_words(count: int) -> str:
    """Return how many entries wait for the network."""
    return ngettext(
        "%(n)s entry waits for the network", "%(n)s entries wait for the network", count
    )


def in_plural_forms(words: Callable[[int], str]) -> dict[str, str]:
    """Return the words by plural form, with {n} where the number belongs."""
    return {form: words(n) % {"n": "{n}"} for form, n in _SAMPLES.items()}

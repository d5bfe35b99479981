"""Signs between words that a language writes its own way."""

from collections.abc import Iterable

from django.utils.translation import get_language, get_language_bidi

from language.bidi import isolate


def colon() -> str:
    """Return the colon after a word: French sets a space before it, on which no line breaks."""
    return "\u00a0:" if (get_language() or "").startswith("fr") else ":"


def comma() -> str:
    """Return the comma between two words and the space behind it."""
    return "، " if (get_language() or "").startswith("ar") else ", "


def listed(words: Iterable[object]) -> str:
    """Return the words with the comma of the language between them."""
    return comma().join(map(str, words))


def set_apart(text: str) -> str:
    """Return a number or name of Latin signs as it stands in a text of the active language.

    Isolated where the language runs from right to left, which would turn its parts round.
    """
    return isolate(text) if get_language_bidi() else text

"""Signs between words that a language writes its own way."""

from collections.abc import Iterable

from django.utils.translation import get_language


def colon() -> str:
    """Return the colon after a word: French sets a space before it, on which no line breaks."""
    return "\u00a0:" if (get_language() or "").startswith("fr") else ":"


def listed(words: Iterable[object]) -> str:
    """Return the words with the comma of the language between them."""
    comma = "، " if (get_language() or "").startswith("ar") else ", "
    return comma.join(map(str, words))

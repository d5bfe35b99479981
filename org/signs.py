"""Signs between words that a language writes its own way."""

from django.utils.translation import get_language


def colon() -> str:
    """Return the colon after a word: French sets a space before it, on which no line breaks."""
    return "\u00a0:" if (get_language() or "").startswith("fr") else ":"

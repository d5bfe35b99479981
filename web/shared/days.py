"""Days as addresses and forms name them."""

from datetime import date

from language.numerals import ascii_digits


def day_of(text: str) -> date | None:
    """Return a day in ISO format, in digits of any script; None for anything else."""
    try:
        return date.fromisoformat(ascii_digits(text).strip())
    except ValueError:
        return None

"""Days as addresses and forms name them."""

from datetime import date


def day_of(text: str) -> date | None:
    """Return a day written in ISO format; None for anything else."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None

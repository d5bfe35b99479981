"""Ids as they come in an address or a form."""

from uuid import UUID


def uuid_or_none(text: str) -> UUID | None:
    """Return the id that the text is, None where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None

"""The error raised where a verb is refused, with the reason in the user's language."""

from registry.states import ConflictError

__all__ = ["ConflictError", "NotAllowedError"]


class NotAllowedError(Exception):
    """The person may not do this with this letter now; the message says why, translated."""

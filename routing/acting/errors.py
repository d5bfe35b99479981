"""Why a verb is refused, in the person's words."""

from registry.states import ConflictError

__all__ = ["ConflictError", "NotAllowedError"]


class NotAllowedError(Exception):
    """This person may not do this with this letter now; the message says why, translated."""

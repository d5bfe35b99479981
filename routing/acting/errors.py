"""Why a verb is refused, in the person's words."""

from registry.states import SomeoneWasFasterError

__all__ = ["NotAllowedError", "SomeoneWasFasterError"]


class NotAllowedError(Exception):
    """This person may not do this with this letter now; the message says why, translated."""

"""Refusals of disposal, in words for the person."""


class DisposalNotAllowedError(Exception):
    """A list or a hold does not allow it; the message says why."""

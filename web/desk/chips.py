"""Chips: the active filters of a list, each with a link that removes it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chip:
    """The label of an active filter, and the address of the list without it."""

    label: str
    address: str

"""The tables of routing, a module for each noun; Django finds them all through this package."""

from routing.models import (
    assignments,
    check,
    clocks,
    closing,
    custody,
    distribution,
    notes,
    opinions,
    rules,
    suggestions,
    together,
)

__all__ = [
    "assignments",
    "check",
    "clocks",
    "closing",
    "custody",
    "distribution",
    "notes",
    "opinions",
    "rules",
    "suggestions",
    "together",
]

"""The tables of the register, a module for each noun; Django finds them through this package."""

from registry.models import (
    acts,
    closings,
    contacts,
    documents,
    duplicates,
    events,
    files,
    letters,
    number_formats,
    pieces,
    readers,
    readings,
    receipts,
    registers,
    sealed,
    voiding,
)

__all__ = [
    "acts",
    "closings",
    "contacts",
    "documents",
    "duplicates",
    "events",
    "files",
    "letters",
    "number_formats",
    "pieces",
    "readers",
    "readings",
    "receipts",
    "registers",
    "sealed",
    "voiding",
]

"""Reasons why something could not be read, in sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PROBLEMS: dict[str, _StrPromise] = {
    "empty": _("There is nothing on it that can be read."),
    "handwriting": _("Handwriting, or print too poor to be read: a person has to read it."),
    "doubtful": _(
        "It looks like handwriting, or print too poor to be sure of: what was read is a guess, and"
        " a person has to check it."
    ),
    "encrypted": _("The file is protected by a password and cannot be read."),
    "damaged": _("The file is damaged and cannot be read."),
    "unsupported": _("This kind of file is kept but not read."),
    "too_large": _("The file is too large to be read."),
    "timeout": _("Reading took too long and was stopped."),
    "crashed": _("Reading failed on this file. A person has to look at it."),
    "engine": _("The reading engine failed or is not installed."),
}


def explain(code: str) -> _StrPromise:
    """Return the sentence of a problem code; that of a failure for an unknown code."""
    return PROBLEMS.get(code, PROBLEMS["crashed"])

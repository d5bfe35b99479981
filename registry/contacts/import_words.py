"""Why a table of contacts, or a line of it, is not taken, in words."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from org.row_cells import TOO_MANY
from org.signs import colon
from org.workbooks import NO_WORKBOOK
from registry.contacts.importing import BadLine

_TABLE: Final = {
    "no_columns": _("No column of contacts is known by its title in the first line."),
    "no_name": _("The first line names no column of names or of organisations."),
    "not_text": _("This file is not in UTF-8. In a spreadsheet, save it as “CSV UTF-8”."),
    "workbook": NO_WORKBOOK,
}
_LINE: Final = {
    "missing": _("nothing stands there"),
    "too_long": _("it is too long"),
    "unusable": _("it cannot be read"),
    "belongs_to_another": _("it belongs to another contact"),
    "no_language": _("it is no language of the office"),
    "too_many_cells": TOO_MANY,
}


def words_of_table(code: str) -> str:
    """Return why a file is no table of contacts, in the language of now."""
    return str(_TABLE[code])


def words_of_line(bad: BadLine) -> str:
    """Return why a line was passed over, in the language of now."""
    words = str(_LINE[bad.problem])
    return f"{bad.column}{colon()} {words}" if bad.column else words

"""A letter as one row of an export: the same columns in every format, safe in a spreadsheet."""

from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.models.letters import Letter
from registry.sheets.cells import day_cell, plain

HEADINGS: Final = (
    _("Number"),
    pgettext_lazy("day", "Registered"),
    pgettext_lazy("day", "Received"),
    _("Subject"),
    _("Sender"),
    _("Reference"),
    _("Kind"),
    _("Responsible unit"),
    _("Stage"),
    _("Due"),
    _("Channel"),
    _("Language"),
    _("Confidentiality"),
)
LANGUAGES: Final[dict[str, Any]] = dict(settings.LANGUAGES)
# Columns that hold days; the others hold text.
DAYS: Final = frozenset({1, 2, 9})


def row_of(letter: Letter) -> list[Any]:
    """Return the letter's cells, from a letter loaded by `for_lists()`.

    Days are dates (of the office's clock), everything else is text, in the active language.
    """
    sender = letter.sender
    return [
        letter.number,
        day_cell(letter.registered_at),
        day_cell(letter.received_at),
        plain(letter.subject),
        plain(sender.shown_name) if sender else "",
        plain(letter.external_reference),
        str(letter.kind) if letter.kind else "",
        str(letter.department) if letter.department else "",
        str(letter.get_stage_display()),
        letter.due_on,
        str(letter.get_channel_display()),
        str(LANGUAGES.get(letter.language, letter.language)),
        str(letter.get_confidentiality_display()),
    ]

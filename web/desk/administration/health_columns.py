"""Whether the keys of the office open what its columns keep enciphered."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from org.column_rows import sampled_columns
from org.signs import listed
from web.desk.administration.finding import BAD, OK, Finding


def columns() -> Iterator[Finding]:
    """Check some rows of each table."""
    name = _("Enciphered data")
    if lost := list(sampled_columns()):
        words = _("No key of the office opens some values of %(names)s.")
        todo = _("Put the former key into OLD_SECRET_KEYS: docs/operations.md, A new SECRET_KEY.")
        yield Finding(name, BAD, words % {"names": listed(lost)}, todo)
    else:
        yield Finding(name, OK, _("The office’s keys open it."))

"""Cells of a table's line beyond its heading: a line that has some would lose them unseen."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _

TOO_MANY: Final = _("This line has more cells than the heading.")


def beyond(cells: Sequence[str], columns: int) -> bool:
    """Return whether something stands in a line after as many cells as there are columns.

    An address with a comma in it, in a file that parts cells at commas, is what that mostly is.
    """
    return any(cell.strip() for cell in cells[columns:])

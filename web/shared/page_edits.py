"""Why an edit of a page is refused, in words."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

REFUSED: Final[dict[str, Any]] = {
    "too_long": _("A line is too long. Nothing was kept."),
    "too_many": _("Too many changes at once. Nothing was kept."),
    "no_such_word": _("There is no such word on the page. Nothing was kept."),
    "bad_box": _("The place of the new line is not on the page. Nothing was kept."),
    "nothing": _("There was no text. Nothing was kept."),
}

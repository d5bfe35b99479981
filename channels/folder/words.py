"""Messages that say why a file was set aside, and why the watched folder cannot be used."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from registry.refusals import Refusal

_REASONS: Final[dict[str, Any]] = {
    "no_file": _("Only plain files, and subfolders of plain files, can be registered."),
    "crashed": _("The file stopped the machine each time it was opened."),
    "unreadable_here": _("The office may not read this file. Its owner must allow it."),
}
PROBLEMS: Final[dict[str, Any]] = {
    "folder": _("The watched folder cannot be read. Call the administrator."),
    "moving": _("Registered files cannot be moved away. Call the administrator."),
}


def reason_words(code: str, name: str) -> str:
    """Return the reason in the active language."""
    return str(_REASONS[code]) if code in _REASONS else Refusal(code, name).words()

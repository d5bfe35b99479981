"""What a letter's history says of the archives."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from registry.kinds import RegistryEvent

ARCHIVE_WORDS: Final[dict[str, Any]] = {
    RegistryEvent.HOLD_PLACED: _("Held back from disposal"),
    RegistryEvent.HOLD_LIFTED: _("Hold lifted"),
    RegistryEvent.RECTIFIED: _("Rectification asked for and accepted; the letter stays as it was"),
    RegistryEvent.DISPOSED: _("Disposed of by list %(list)s"),
}

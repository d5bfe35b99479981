"""What the commands of backup and restore tell a person, in the office's language."""

import errno
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from org.written_days import date_format
from registry.files.receiving import VaultError

NOT_RESTORED: Final = gettext_lazy("It was not restored: %(why)s")
_VAULT: Final = {
    "away": gettext_lazy("the vault of originals does not answer"),
    "full": gettext_lazy("the vault of originals is full"),
    "missing": gettext_lazy("the vault of originals is not there: manage make_vault"),
    "unlocked": gettext_lazy("the vault of originals locks nothing: manage make_vault"),
}


def why(error: Exception) -> str:
    """Return the reason of a failure in words; an error of the vault is a code by itself."""
    if isinstance(error, VaultError):
        return str(_VAULT.get(error.code, error))
    if isinstance(error, OSError):
        return f"{error.filename}: {os_words(error)}" if error.filename else os_words(error)
    return str(error)


def os_words(error: OSError) -> str:
    """Return what the system says of a file; a full disk, the usual one, in the office's words."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("the disk is full")
    return error.strerror or str(error)


def moment_words(moment: str) -> str:
    """Return a moment (ISO 8601) as people of the office write it."""
    return date_format(timezone.localtime(datetime.fromisoformat(moment)), "DATETIME_FORMAT")


def last_words(said: str, command: str) -> str:
    """Return why a command ended by what it said, without what is told of it here too."""
    said = said.strip()[-500:].removeprefix("CommandError: ")
    said = said.removeprefix(NOT_RESTORED % {"why": ""})
    return said or _("%(command)s failed") % {"command": command}

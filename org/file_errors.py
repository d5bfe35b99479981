"""What the system says of a file that it does not open or write, in the person's language."""

import errno
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_WORDS: Final = {
    errno.ENOENT: _("there is no such file or folder"),
    errno.ENOTDIR: _("a part of the path is not a folder"),
    errno.EISDIR: _("it is a folder"),
    errno.EEXIST: _("something is there already, and is not overwritten"),
    errno.EACCES: _("this user may not do that here"),
    errno.EPERM: _("this user may not do that here"),
    errno.EROFS: _("nothing can be written on this disk"),
    errno.ENOSPC: _("the disk is full"),
    errno.EDQUOT: _("the disk is full"),
}


def file_error(error: OSError) -> str:
    """Return why in the language of now; what happens seldom, in the system's own words."""
    words = _WORDS.get(error.errno or 0)
    return str(words) if words else error.strerror or str(error) or type(error).__name__


def unreadable(path: object, error: Exception) -> str:
    """Return that a file cannot be read and why, in the language of now."""
    reason = file_error(error) if isinstance(error, OSError) else gettext("it is not in UTF-8")
    return gettext("%(file)s cannot be read: %(reason)s.") % {"file": path, "reason": reason}


def unwritable(path: object, error: OSError) -> str:
    """Return that a file cannot be written and why, in the language of now."""
    told = {"file": path, "reason": file_error(error)}
    return gettext("%(file)s cannot be written: %(reason)s.") % told

"""The signer's settings: environment variables, or the files that NAME_FILE names (secrets)."""

import os
from pathlib import Path

from signer.words import gettext as _


class UnreadableError(Exception):
    """A setting cannot be read."""


def given(name: str, default: str = "") -> str:
    """Return the variable, the content of the file that NAME_FILE names, or the default.

    The file counts where both are there. Raise UnreadableError.
    """
    file = os.environ.get(f"{name}_FILE", "")
    if not file:
        return os.environ.get(name, "").strip() or default
    try:
        return Path(file).read_text(encoding="utf-8").strip() or default
    except OSError as error:
        words = _("%(name)s cannot be read from %(file)s: %(why)s: %(path)s")
        told = {"name": name, "file": f"{name}_FILE", "why": error.strerror, "path": file}
        raise UnreadableError(words % told) from error
    except UnicodeDecodeError as error:
        words = _("%(name)s cannot be read from %(file)s: that file is no text")
        raise UnreadableError(words % {"name": name, "file": f"{name}_FILE"}) from error

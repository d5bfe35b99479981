"""The signer's settings: environment variables, or the files that NAME_FILE names (secrets)."""

import os
from pathlib import Path


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
        words = f"{name} cannot be read from {name}_FILE: {error.strerror}: {file}"
        raise UnreadableError(words) from error
    except UnicodeDecodeError as error:
        words = f"{name} cannot be read from {name}_FILE: that file is no text"
        raise UnreadableError(words) from error

"""Environment variables: one reader for each type, which raises on a bad value."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "", *, without: str = "") -> str:
    """Return the variable, the content of the file that NAME_FILE names (secrets), or the default.

    `without` is the word by which an office says that it has none: "" is returned then.
    """
    file = os.environ.get(f"{name}_FILE", "")
    if file:
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error
    else:
        value = os.environ.get(name, "").strip()
    return "" if without and value == without else value or default


def flag(name: str, *, default: bool) -> bool:
    """Return True for 1/true/yes/on, False for 0/false/no/off, in any case; refuse other values."""
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be yes or no, not {value!r}")


def int_(name: str, default: int, *, least: int = 0) -> int:
    """Return a whole number of at least `least`."""
    value = text(name)
    if not value:
        return default
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} up, not {value!r}")
    return int(value)


def words(name: str) -> list[str]:
    """Return the words of a text or of the file that NAME_FILE names, split at white space."""
    return text(name).split()


def list_(name: str, default: list[str]) -> list[str]:
    """Return the parts of a list separated by commas."""
    value = text(name)
    return [part.strip() for part in value.split(",") if part.strip()] if value else default

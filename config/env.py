"""Environment variables: one reader for each type, which raises on a bad value.

Within `gathering` bad values are collected in place of raised, so that all are told at once.
"""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

from org.start_words import gettext as _

asked: set[str] = set()  # the variables that this process has read, NAME_FILE left out
overruled: set[str] = set()  # those that NAME_FILE gives another value, which counts
_gathered: list[tuple[str, str]] | None = None


@contextmanager
def gathering() -> Iterator[list[tuple[str, str]]]:
    """Collect the bad values that are met, as name and words; each is read as its default."""
    global _gathered
    found: list[tuple[str, str]] = []
    _gathered = found
    try:
        yield found
    finally:
        _gathered = None


def refuse(name: str, words: str) -> None:
    """Tell a bad value in a sentence. Raise ImproperlyConfigured, but within `gathering`."""
    if _gathered is None:
        raise ImproperlyConfigured(f"{name}: {words}")
    _gathered.append((name, words))


def text(name: str, default: str = "", *, without: str = "") -> str:
    """Return the variable, the content of the file that NAME_FILE names (secrets), or the default.

    `without` is the word by which an office says that it has none: "" is returned then.
    """
    asked.add(name)
    file, value = os.environ.get(f"{name}_FILE", ""), os.environ.get(name, "").strip()
    if file:
        value = _content(name, file, beside=value)
    return "" if without and value == without else value or default


def _content(name: str, file: str, *, beside: str) -> str:
    try:
        value = Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        told = {"file": f"{name}_FILE", "why": error.strerror, "path": file}
        refuse(name, _("It cannot be read from %(file)s: %(why)s: %(path)s.") % told)
        return ""
    except UnicodeDecodeError:
        words = _("It cannot be read from %(file)s: that file is no text.")
        refuse(name, words % {"file": f"{name}_FILE"})
        return ""
    if beside and beside != value:
        overruled.add(name)
    return value


def given() -> set[str]:
    """Return the names of all variables of this process, settings or not."""
    return set(os.environ)


def flag(name: str, *, default: bool) -> bool:
    """Return True for 1/true/yes/on, False for 0/false/no/off, in any case; refuse other values."""
    value = text(name).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        refuse(name, _("It must be yes or no, not “%(value)s”.") % {"value": value})
    return default


def int_(name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
    """Return a whole number of at least `least` and, where it is given, at most `most`."""
    value = text(name)
    if not value:
        return default
    if value.isdecimal() and least <= int(value) and (most is None or int(value) <= most):
        return int(value)
    words = _("It must be a whole number from %(least)d to %(most)d, not “%(value)s”.")
    if most is None:
        words = _("It must be a whole number from %(least)d up, not “%(value)s”.")
    refuse(name, words % {"least": least, "most": most, "value": value})
    return default


def choice(name: str, default: str, choices: Collection[str]) -> str:
    """Return one of the choices, or the default where nothing is set."""
    value = text(name, default)
    if value in choices:
        return value
    words = _("It must be one of %(choices)s, not “%(value)s”.")
    refuse(name, words % {"choices": ", ".join(choices), "value": value})
    return default


def zone(name: str, default: str) -> str:
    """Return the name of a time zone that this machine knows."""
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (ValueError, OSError, KeyError):
        words = _("It must be a time zone such as %(example)s, not “%(value)s”.")
        refuse(name, words % {"example": default, "value": value})
        return default
    return value


def words(name: str) -> list[str]:
    """Return the words of a text or of the file that NAME_FILE names, split at white space."""
    return text(name).split()


def list_(name: str, default: list[str]) -> list[str]:
    """Return the parts of a list separated by commas."""
    value = text(name)
    return [part.strip() for part in value.split(",") if part.strip()] if value else default

"""The content of a service type as a TOML file, and back: what is exported reads as it was."""

import tomllib
from collections.abc import Mapping
from datetime import date, time
from typing import Any, Final

import tomlkit
from django.utils.translation import gettext as _
from tomlkit import items

from eservices.catalogue.definition import LANGUAGES, BadServiceTypeError, Problem

MOST_BYTES: Final = 500_000
LINE: Final = 3  # a table of at most so many values stands in one line
LIST: Final = 6  # and a list in it has at most so many
# Plain values come first in a file, then tables, then lists of tables, each in this order.
ORDER: Final = (
    *("code", "name", "field", "value", "family", "type", "kind", "to", "position", "required"),
    *("title", "label", "question", "answer", "public", "internal", "summary", "help", "intro"),
    *("audiences", "needs", "identity", "channels", "department", "departments", "department_by"),
    *("register", "law", "before", "done", "fee", "term", "danger", "show_if", "pages", "fields"),
    *("pieces", "stages", "actions", "keywords", "synonyms", "knowledge"),
    *LANGUAGES,
)


def from_toml(text: str) -> dict[str, Any]:
    """Return the content that a file holds. Raise BadServiceTypeError where it is no TOML."""
    try:
        found: dict[str, Any] = _plain(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        words = _("The file is no TOML: %(why)s") % {"why": error}
        raise BadServiceTypeError([Problem("type", words)]) from error
    return found


def as_toml(content: Mapping[str, Any]) -> str:
    """Return a content as a file, its keys in the order of the grammar."""
    document = tomlkit.document()
    _fill(document, content)
    return tomlkit.dumps(document)


def _plain(value: Any) -> Any:
    """Return a value of TOML as JSON has it: days and times are text."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, (date, time)) else value


def _fill(table: Any, content: Mapping[str, Any]) -> None:
    """Add the keys of a table: what stands in lines before what has a heading."""
    names = sorted(content, key=_place)
    for name in [name for name in names if not _has_heading(content[name])]:
        table.add(name, _inline(content[name]))
    for name in [name for name in names if _has_heading(content[name])]:
        table.add(name, _headed(content[name]))


def _place(name: str) -> tuple[int, str]:
    return (ORDER.index(name) if name in ORDER else len(ORDER), name)


def _has_heading(value: Any) -> bool:
    """Return whether a value is a long table, or a list of tables."""
    if isinstance(value, list):
        rows = bool(value) and all(isinstance(one, dict) for one in value)
        return rows and not all(_is_short(one) for one in value)
    return isinstance(value, dict) and not _is_short(value)


def _is_short(table: Mapping[str, Any]) -> bool:
    """Return whether a table can stand in a line: few values, such as a text in languages."""
    return len(table) <= LINE and all(_is_small(one) for one in table.values())


def _is_small(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) <= LIST and not any(isinstance(one, (dict, list)) for one in value)
    return not isinstance(value, dict) or _is_short(value)


def _headed(value: Any) -> Any:
    if isinstance(value, list):
        rows = tomlkit.aot()
        for one in value:
            rows.append(_table(one))
        return rows
    return _table(value)


def _table(content: Mapping[str, Any]) -> items.Table:
    table = tomlkit.table()
    _fill(table, content)
    return table


def _inline(value: Any) -> Any:
    """Return a value that stands in a line; a list of tables has a line for each."""
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        for name in sorted(value, key=_place):
            table.add(name, _inline(value[name]))
        return table
    if isinstance(value, list):
        array = tomlkit.array()
        for one in value:
            array.append(_inline(one))
        return array.multiline(any(isinstance(one, dict) for one in value))
    return value

"""A section of a service type as rows of inputs, and the content that somebody typed in them.

Names of inputs are paths in the content that the person began with, such as
`pages.0.fields.2.label.fr`: a row keeps its number while it is moved, and added rows get the next.
What was not changed stays as it was written.
"""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import get_language

from eservices.catalogue.choice_labels import choice_label
from eservices.catalogue.labels import LANGUAGE_NAMES, label_of
from web.desk.services.specs import Group, Input, Section
from web.desk.services.values import shown, suffixes, taken

MOST_ROWS: Final = 500
LONG_LINE: Final = 32  # characters from which a text gets more lines than one


@dataclass(frozen=True, slots=True)
class Cell:
    """One input with what stands in it."""

    name: str
    label: str
    kind: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()  # values and what they are called
    language: str = ""

    @property
    def is_long(self) -> bool:
        """Whether it has more lines than one."""
        many = self.kind in ("long", "phrases", "options", "map")
        return many or len(self.value) > LONG_LINE or "\n" in self.value

    @property
    def is_wide(self) -> bool:
        """Whether it takes the whole line; three languages stand side by side."""
        return self.is_long and not self.language


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list, with the place that it is to have."""

    prefix: str
    place: int
    title: str
    cells: list[Cell]
    groups: list["Rows"]
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of rows, and what its button for another one says."""

    prefix: str
    title: str
    another: Any
    rows: list[Row]


@dataclass(slots=True)
class Typed:
    """A content that was typed; `names` map its paths to the names of the rows."""

    content: dict[str, Any]
    names: dict[str, str] = field(default_factory=dict)


class Sheet:
    """A section as it is shown: from a content, or as it was typed (`posted`)."""

    def __init__(
        self,
        section: Section,
        content: Mapping[str, Any],
        posted: Mapping[str, str] | None = None,
        *,
        add: str = "",
    ) -> None:
        self.posted, self.add = posted, add
        self.cells = list(self._cells(section.inputs, content, "", new=False))
        self.groups = [self._rows(group, content, "") for group in section.groups]

    def _cells(
        self,
        inputs: tuple[Input, ...],
        table: Mapping[str, Any],
        prefix: str,
        *,
        new: bool,
        of: str = "",
    ) -> Iterator[Cell]:
        for one in inputs:
            standing = shown(one.kind, _get(table, one.key), usual=one.usual)
            for suffix in suffixes(one.kind):
                name, value = f"{prefix}{one.key}{suffix}", standing[suffix]
                if self.posted is not None and not new:
                    value = self.posted.get(name, "")
                label, language = label_of(one.key, of=of), suffix.removeprefix(".")
                if language:
                    label = f"{label} {LANGUAGE_NAMES[language]}"
                words = tuple((each, choice_label(one.key, each, of=of)) for each in one.choices)
                yield Cell(name, label, one.kind, value, words, language)

    def _rows(self, group: Group, table: Mapping[str, Any], prefix: str) -> Rows:
        here = f"{prefix}{group.key}"
        base = _rows_of(table, group.key)
        numbers = list(range(len(base))) if self.posted is None else numbers_in(self.posted, here)
        added = max([len(base) - 1, *numbers]) + 1 if self.add == here else None
        rows = [
            self._row(group, base, here, number, place=place, new=number == added)
            for place, number in enumerate([*numbers, *([added] if added is not None else [])], 1)
        ]
        return Rows(here, label_of(group.key), group.another, rows)

    def _row(
        self, group: Group, base: list[Any], here: str, number: int, *, place: int, new: bool
    ) -> Row:
        table, prefix = base[number] if number < len(base) else {}, f"{here}.{number}."
        cells = list(self._cells(group.inputs, table, prefix, new=new, of=group.key))
        language = (get_language() or "fr")[:2]
        title = next((cell.value for cell in cells if cell.value and cell.language == language), "")
        title = title or next((cell.value for cell in cells if cell.value), "")
        groups = [self._rows(inner, table, prefix) for inner in group.groups]
        gone = bool(self.posted and self.posted.get(f"{prefix}gone"))
        return Row(prefix[:-1], place, title, cells, groups, gone)


def take(section: Section, base: Mapping[str, Any], posted: Mapping[str, str]) -> Typed:
    """Return the content with what was typed into a section of it."""
    typed = Typed(copy.deepcopy(dict(base)))
    _take_inputs(section.inputs, typed.content, "", posted)
    for group in section.groups:
        _take_rows(group, typed.content, "", "", posted, typed.names)
    return typed


def numbers_in(posted: Mapping[str, str], here: str) -> list[int]:
    """Return the numbers of a list's rows that were posted, in the order of their places."""
    found = set()
    for name in posted:
        number = name[len(here) + 1 :].partition(".")[0] if name.startswith(f"{here}.") else ""
        if number.isascii() and number.isdecimal() and len(number) < 5:
            found.add(int(number))
    return sorted(found, key=lambda one: (_place(posted, f"{here}.{one}"), one))[:MOST_ROWS]


def _place(posted: Mapping[str, str], prefix: str) -> float:
    given = posted.get(f"{prefix}.place", "").strip()
    return float(given) if given.isascii() and given.isdecimal() and len(given) < 6 else 1e6


def _take_inputs(
    inputs: tuple[Input, ...], table: dict[str, Any], prefix: str, posted: Mapping[str, str]
) -> bool:
    """Write what was typed into a table; return whether that changed it."""
    changed = False
    for one in inputs:
        standing = shown(one.kind, _get(table, one.key), usual=one.usual)
        typed = {
            suffix: _clean(posted.get(f"{prefix}{one.key}{suffix}", ""))
            for suffix in suffixes(one.kind)
        }
        if typed != {suffix: _clean(words) for suffix, words in standing.items()}:
            _set(table, one.key, taken(one.kind, typed))
            changed = True
    return changed


def _take_rows(
    group: Group,
    table: dict[str, Any],
    prefix: str,
    path: str,
    posted: Mapping[str, str],
    names: dict[str, str],
) -> None:
    """Write the rows of a list into a table: in their places, without those taken away."""
    here, base = f"{prefix}{group.key}", _rows_of(table, group.key)
    rows: list[dict[str, Any]] = []
    for number in numbers_in(posted, here):
        name = f"{here}.{number}"
        if posted.get(f"{name}.gone"):
            continue
        known = number < len(base)
        row: dict[str, Any] = copy.deepcopy(dict(base[number])) if known else {}
        changed = _take_inputs(group.inputs, row, f"{name}.", posted)
        if not known and not changed:
            continue  # a row that was added and left empty
        at = f"{path}{group.key}.{len(rows)}"
        names[at] = names[f"{group.key}.{row.get('code') or row.get('name')}"] = name
        for inner in group.groups:
            _take_rows(inner, row, f"{name}.", f"{at}.", posted, names)
        rows.append(row)
    if rows or group.key in table:
        table[group.key] = rows
    if not rows and not base:
        table.pop(group.key, None)


def _rows_of(table: Mapping[str, Any], key: str) -> list[Any]:
    rows = table.get(key)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _clean(words: str) -> str:
    return "\n".join(line.rstrip() for line in words.strip().splitlines())


def _get(table: Mapping[str, Any], key: str) -> Any:
    found: Any = table
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _set(table: dict[str, Any], key: str, value: Any) -> None:
    """Set a key, by a path; take it away, and a table that it leaves empty, for None."""
    first, _dot, rest = key.partition(".")
    if rest:
        inner = dict(table.get(first) or {})
        _set(inner, rest, value)
        value = inner or None
        key = first
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value

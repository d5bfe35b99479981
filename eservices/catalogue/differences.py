"""What another version of a service type changes, row by row: for who publishes it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from eservices.catalogue.definition import LANGUAGES
from eservices.catalogue.labels import LANGUAGE_NAMES, label_of
from org.signs import colon, listed

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
LISTS: Final = ("pages", "fields", "pieces", "stages", "actions", "knowledge")
LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that one version has and another has otherwise; `before` and `after` are words."""

    kind: str
    place: str
    before: str = ""
    after: str = ""


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Difference]:
    """Return what differs from the old content to the new one, in the order of the grammar."""
    return list(_tables(old, new, ""))


def _tables(
    old: Mapping[str, Any], new: Mapping[str, Any], place: str, of: str = ""
) -> Iterator[Difference]:
    names = [*new, *(name for name in old if name not in new)]
    for name in sorted(names, key=lambda one: one in LISTS):
        before, after = old.get(name), new.get(name)
        if before == after or name in ("code", "name"):
            continue
        where = _within(place, label_of(name, of=of))
        if name in LISTS:
            yield from _rows(_listed(before), _listed(after), where, of=name)
        elif _is_text(before) or _is_text(after):
            yield from _texts(before or {}, after or {}, where)
        elif isinstance(before, Mapping) and isinstance(after, Mapping):
            yield from _tables(before, after, where)
        else:
            yield Difference(CHANGED, where, _shown(before), _shown(after))


def _rows(
    old: list[Mapping[str, Any]], new: list[Mapping[str, Any]], place: str, *, of: str
) -> Iterator[Difference]:
    before, after = ({_key(row, at): row for at, row in enumerate(rows)} for rows in (old, new))
    for key, row in after.items():
        where = _within(place, key)
        if key in before:
            yield from _tables(before[key], row, where, of)
        else:
            yield Difference(ADDED, where, after=_name_of(row))
    for key, row in before.items():
        if key not in after:
            yield Difference(REMOVED, _within(place, key), before=_name_of(row))
    kept = [key for key in before if key in after]
    if kept != [key for key in after if key in before]:
        yield Difference(MOVED, place)


def _texts(old: Any, new: Any, place: str) -> Iterator[Difference]:
    for language in LANGUAGES:
        before, after = _in(old, language), _in(new, language)
        if before != after:
            yield Difference(CHANGED, _within(place, str(LANGUAGE_NAMES[language])), before, after)


def _in(text: Any, language: str) -> str:
    return _shown(text.get(language)) if isinstance(text, Mapping) else ""


def _is_text(value: Any) -> bool:
    return isinstance(value, Mapping) and bool(value) and set(value) <= set(LANGUAGES)


def _listed(value: Any) -> list[Mapping[str, Any]]:
    rows = value if isinstance(value, list) else []
    return [row for row in rows if isinstance(row, Mapping)]


def _key(row: Mapping[str, Any], at: int) -> str:
    return str(row.get("code") or row.get("name") or at + 1)


def _name_of(row: Mapping[str, Any]) -> str:
    """Return the text by which people know a row, in French."""
    texts = (row.get(name) for name in ("title", "label", "public", "question"))
    return next((_in(text, "fr") for text in texts if text), "")


def _within(place: str, name: str) -> str:
    return f"{place} › {name}" if place else name


def _shown(value: Any) -> str:
    """Return a value as people read it, cut where it is long."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, list):
        shown = listed(_shown(one) for one in value)
    elif isinstance(value, Mapping):
        shown = listed(f"{name}{colon()} {_shown(one)}" for name, one in value.items())
    else:
        shown = str(value)
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"

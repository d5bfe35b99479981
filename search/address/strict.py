"""Strict parsing of a search's address, for what is saved or exported.

A name or value that would be ignored might silently widen it to every letter.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final
from urllib.parse import parse_qsl

from django.utils.translation import gettext as _

from language.bidi import isolate
from search.address.request import (
    FILTERS,
    LONGEST,
    LONGEST_VALUE,
    MOST_VALUES,
    OFF,
    SWITCH,
    SearchRequest,
)
from search.contract import LONGEST_WORDS

_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_DAYS: Final = ("after", "before")
_ONCE: Final = frozenset({"q", SWITCH, *_DAYS, "order"})
_SWITCHED: Final = OFF | {"1", "true", "yes", "on"}


class BadSearchError(Exception):
    """The search has unknown names or values; `fields` holds the words for each name."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        lines = [f"{isolate(name)}: {' '.join(words)}" for name, words in fields.items()]
        super().__init__(" ".join(lines))
        self.fields = fields


def read_search(address: str) -> SearchRequest:
    """Return the search of an address's query.

    Raise BadSearchError for names and values that the search does not know.
    """
    if len(address) > LONGEST:
        raise BadSearchError({"search": [_("This search is too long.")]})
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(address, keep_blank_values=True, max_num_fields=None):
        values.setdefault(name, []).append(value.strip())
    wrong = {name: [words] for name, words in _wrong(values)}
    if wrong:
        raise BadSearchError(wrong)
    return SearchRequest.of_values(values)


def unknown_names(names: Iterable[str]) -> list[str]:
    """Return those of `names` that are no part of a search."""
    return [name for name in names if name not in _ONCE and name not in FILTERS]


def _wrong(values: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    for name, given in values.items():
        if name not in _ONCE and name not in FILTERS:
            yield name, _("There is no such parameter.")
        elif name in _ONCE and len(given) > 1:
            yield name, _("Give this once only.")
        elif not (_is_filter(name, given) if name in FILTERS else _is_value(name, given[0])):
            yield name, _("This value is not usable.")


def _is_filter(name: str, given: list[str]) -> bool:
    if len(given) > MOST_VALUES or any(len(value) > LONGEST_VALUE for value in given):
        return False
    return name != "month" or all(_MONTH.fullmatch(value) for value in given if value)


def _is_value(name: str, value: str) -> bool:
    if not value:
        return True
    if name in _DAYS:
        read: Any = SearchRequest.of_values({name: [value]})
        return not read.wrong
    if name == "order":
        return value in ("relevance", "newest")
    if name == SWITCH:
        return value.lower() in _SWITCHED
    return len(value) <= LONGEST_WORDS and "\0" not in value

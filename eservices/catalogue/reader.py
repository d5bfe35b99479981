"""A table of a service type's content, read key by key; what is wrong is noted, not raised."""

import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import regex
from django.utils.translation import gettext as _

from eservices.catalogue.definition import LANGUAGES, Condition, Problem, Text
from org.signs import listed

_CODE: Final = re.compile(r"[a-z][a-z0-9_]{1,39}")
_UNREADABLE: Final = re.compile(r"[\x00\ud800-\udfff]")  # neither kept by databases nor in files
MOST_DAYS: Final = 3650


class Reader:
    """A table of the content, its path, and the problems that reading it adds to."""

    def __init__(self, given: Any, path: str, problems: list[Problem]) -> None:
        self.given: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
        self.path, self.problems = path, problems
        self.asked: set[str] = set()
        if not isinstance(given, Mapping):
            self.wrong("", _("must be a table"))

    def wrong(self, name: str, words: str) -> None:
        """Note that a key of this table ("": the table itself) is wrong."""
        at = ".".join(part for part in (self.path, name) if part)
        self.problems.append(Problem(at or "type", words))

    def take(self, name: str, kind: type, default: Any) -> Any:
        """Return the value of a key, the default where it is missing or of another type."""
        self.asked.add(name)
        value = self.given.get(name, default)
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self.wrong(name, _TYPES[kind]())
            return default
        return value

    def number(self, name: str, *, default: int = 0, most: int = MOST_DAYS) -> int:
        """Return a whole number from 0 to `most`."""
        value: int = self.take(name, int, default)
        if 0 <= value <= most:
            return value
        self.wrong(name, _("must be a number from 0 to %(most)d") % {"most": most})
        return default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return true or false."""
        return bool(self.take(name, bool, default))

    def word(self, name: str, known: tuple[str, ...] = (), *, default: str = "") -> str:
        """Return a text, one of `known` where these are given."""
        value = str(self.take(name, str, default)).strip()
        if _UNREADABLE.search(value):
            self.wrong(name, _("holds a character that is no text"))
            return default
        if known and value not in known and not (value == "" and default == ""):
            self.wrong(name, _("must be one of: %(known)s") % {"known": listed(known)})
        return value

    def words(
        self, name: str, known: tuple[str, ...] = (), *, default: tuple[str, ...] = ()
    ) -> tuple[str, ...]:
        """Return a list of texts, each one of `known` where these are given."""
        value = self.take(name, list, list(default))
        for one in value:
            if not isinstance(one, str) or _UNREADABLE.search(one):
                self.wrong(name, _("must hold texts only"))
            elif known and one not in known:
                said = {"value": _plain(one), "known": listed(known)}
                self.wrong(name, _("does not know “%(value)s”, only: %(known)s") % said)
        return tuple(one for one in value if isinstance(one, str))

    def code(self, name: str = "code") -> str:
        """Return a code: what addresses, answers and stages are known by."""
        value = self.word(name)
        if not _CODE.fullmatch(value):
            self.wrong(name, _("must be a code of 2 to 40 small letters, digits and underscores"))
        return value

    def text(self, name: str, *, needed: bool = False) -> Text:
        """Return a text in three languages: in all of them or in none."""
        reader = self.table(name)
        found = Text(*(reader.word(language) for language in LANGUAGES))
        reader.end()
        if (needed or found) and not (found.ar and found.fr and found.en):
            self.wrong(name, _("must say something in ar, fr and en"))
        return found

    def table(self, name: str) -> "Reader":
        """Return the reader of a table within this one."""
        return Reader(self.take(name, dict, {}), f"{self.path}.{name}".strip("."), self.problems)

    def rows(self, name: str) -> Iterator["Reader"]:
        """Yield a reader for each row of a list of tables."""
        for at, row in enumerate(self.take(name, list, [])):
            yield Reader(row, f"{self.path}.{name}.{at}".strip("."), self.problems)

    def end(self) -> None:
        """Note the keys that were never read."""
        for name in self.given:
            if name not in self.asked:
                self.wrong(_plain(name), _("is not known"))

    def condition(self, name: str) -> Condition | None:
        """Return a condition, None where there is none."""
        self.asked.add(name)
        if name not in self.given:
            return None
        reader = self.table(name)
        found = Condition(
            field=reader.word("field"),
            values=reader.words("in"),
            any_answer=reader.flag("answered"),
            negated=reader.flag("not"),
        )
        reader.end()
        if not found.field or bool(found.values) == found.any_answer:
            reader.wrong("", _("needs a field, and either values (in) or answered = true"))
        return found

    def table_of_words(self, name: str) -> dict[str, str]:
        """Return a table that maps texts to texts."""
        reader = self.table(name)
        for key in reader.given:
            if not isinstance(key, str) or _UNREADABLE.search(key):
                reader.wrong("", _("holds a character that is no text"))
        return {key: reader.word(key) for key in reader.given if isinstance(key, str)}

    def amount(self, name: str) -> Decimal | None:
        """Return an amount that is written as text, None where there is none."""
        given = self.word(name)
        if not given:
            return None
        try:
            found = Decimal(given)
        except InvalidOperation:
            found = Decimal("NaN")
        if found.is_finite() and 0 <= found < Decimal(10) ** 9:
            return found
        self.wrong(name, _("must be an amount such as “120.00”"))
        return None

    def limit(self, name: str) -> str:
        """Return a limit of a field as text: a number, or a text such as a day."""
        self.asked.add(name)
        value = self.given.get(name, "")
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not (isinstance(value, str) or (number and math.isfinite(value))):
            self.wrong(name, _("must be a number or a day"))
            return ""
        return self.word(name) if isinstance(value, str) else str(value)

    def pattern(self, name: str) -> str:
        """Return a regular expression as text."""
        value = self.word(name)
        try:
            regex.compile(value)
        except (regex.error, OverflowError, RecursionError):
            self.wrong(name, _("is no regular expression"))
            return ""
        return value


def _plain(name: Any) -> str:
    """Return what a person wrote, as it can be shown."""
    return _UNREADABLE.sub("?", str(name))[:60]


_TYPES: Final = {
    int: lambda: _("must be a whole number"),
    bool: lambda: _("must be true or false"),
    str: lambda: _("must be a text"),
    list: lambda: _("must be a list"),
    dict: lambda: _("must be a table"),
}

"""Columns kept enciphered, and columns by which their values are found (docs/adr/0070).

`EncipheredText` and `EncipheredJSON` are plain values in Python and AES-256-GCM in the database,
bound to their table and column. No condition reads them but "is empty"; what is looked up has a
`BlindIndex` beside it, which takes the spelling to be found and keeps its keyed hash.
"""

import json
import logging
from collections.abc import Callable
from typing import Any, Final

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact
from django.utils.translation import gettext

from language.reach import email_key, phone_keys
from org.errors import LostKeyError
from org.keys import BLIND, BOUND, InvalidToken, blind_index, decipher_bound, encipher_bound

logger = logging.getLogger(__name__)

KEPT: Final = "kept"  # `column__kept` is what stands in the database
MARK: Final = "⚠ "  # begins the words that stand for a value that no key opens
_MOST_NUMBERS: Final = 4  # telephones of one line


class Unreadable(str):
    """Stands for a value that no key of the office opens; what is kept is written back as it is."""

    __slots__ = ("kept",)
    kept: str

    @classmethod
    def of(cls, kept: str) -> "Unreadable":
        """Return the words that a page shows in place of the value."""
        made = cls(gettext("⚠ cannot be deciphered"))
        made.kept = kept
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it be copied."""
        return (Unreadable.of, (self.kept,))


def lost_key() -> LostKeyError:
    """Return the refusal to write or seal what cannot be read, in the person's language."""
    return LostKeyError(
        gettext(
            "A part of this cannot be deciphered, so it was not changed. "
            "Whoever runs the office has to bring the lost key back first."
        )
    )


class UnreadableAnswers(dict[str, Any]):
    """Stands for values of JSON that no key of the office opens: none of them."""

    kept: str = ""


def refuse_unreadable(row: models.Model) -> None:
    """Raise LostKeyError where a value of the row is opened by no key of the office."""
    lost = (Unreadable, UnreadableAnswers)
    if any(isinstance(row.__dict__.get(f.attname), lost) for f in row._meta.concrete_fields):
        raise lost_key()


class _OnlyEmpty(Exact):  # type: ignore[type-arg]
    """Is the column empty: the only comparison that what is enciphered allows."""

    def get_prep_lookup(self) -> Any:
        if self.rhs != "":
            raise FieldError(f"{self.lhs.target} is enciphered: look its index up")
        return self.rhs


class _Kept(models.Transform):
    """What stands in the database."""

    lookup_name = KEPT

    @property
    def output_field(self) -> Any:
        field: Any = self.lhs.output_field
        return field.kept_field

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Any:  # type: ignore[override]
        """Return the column itself."""
        return compiler.compile(self.lhs)


class _KeptText(_Kept):
    """The same as text: the form of JSON."""

    lookup_name = "kept_text"
    output_field = models.TextField()

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Any:  # type: ignore[override]
        """Return the column as text."""
        sql, params = compiler.compile(self.lhs)
        return f"CAST({sql} AS text)", params


def _place(field: Any) -> str:
    """Return the table and column that a value is bound to."""
    return f"{field.model._meta.db_table}.{field.column}"


def _opened(field: Any, kept: str) -> str | None:
    try:
        return decipher_bound(kept, to=_place(field))
    except InvalidToken:
        logger.error("a value of %s is opened by no key of the office", _place(field))
        return None


class EncipheredText(models.CharField):  # type: ignore[type-arg]
    """Text that is enciphered in the database; "" stays "". `max_length` is that of the text."""

    kept_field: Any = models.TextField()

    def db_type(self, connection: Any) -> str:
        """Return a type without a length: what is kept is longer than the text."""
        return "text"

    def get_lookup(self, lookup_name: str) -> Any:
        """Return the lookups that are possible."""
        return {"exact": _OnlyEmpty, "isnull": super().get_lookup("isnull")}.get(lookup_name)

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        """Return the text; one that is not enciphered yet as it stands."""
        if not isinstance(value, str) or not value.startswith(BOUND):
            return value
        opened = _opened(self, value)
        return Unreadable.of(value) if opened is None else opened

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Return what the database keeps."""
        if isinstance(value, Unreadable):
            return value.kept
        if hasattr(value, "as_sql") or not value:
            return super().get_db_prep_save(value, connection)
        if str(value).startswith(MARK):  # a form sends back what it was shown
            raise lost_key()
        return encipher_bound(str(value), to=_place(self))


EncipheredText.register_lookup(_Kept)
EncipheredText.register_lookup(_KeptText)


class EncipheredJSON(models.JSONField):
    """JSON that is enciphered as one text; what is empty stays as it is."""

    kept_field = models.JSONField()

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return the value; one that is not enciphered yet as it stands."""
        found = super().from_db_value(value, expression, connection)
        if not isinstance(found, str) or not found.startswith(BOUND):
            return found
        opened = _opened(self, found)
        if opened is not None:
            return json.loads(opened)
        lost = UnreadableAnswers()
        lost.kept = found
        return lost

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Return what the database keeps."""
        if isinstance(value, UnreadableAnswers) and not value:
            return self.get_db_prep_value(value.kept, connection)
        if hasattr(value, "as_sql") or not value:
            return super().get_db_prep_save(value, connection)
        text = json.dumps(value, cls=self.encoder, ensure_ascii=False)
        return self.get_db_prep_value(encipher_bound(text, to=_place(self)), connection)


EncipheredJSON.register_lookup(_Kept)
EncipheredJSON.register_lookup(_KeptText)


class BlindIndex(models.CharField):  # type: ignore[type-arg]
    """The keyed hash of a value in its one spelling; conditions take the spelling or the hash."""

    kept_field: Any = models.TextField()

    def get_lookup(self, lookup_name: str) -> Any:
        """Return the lookups that are possible: whether values are equal."""
        return super().get_lookup(lookup_name) if lookup_name in _EQUAL else None

    def get_prep_value(self, value: Any) -> Any:
        """Return the hash of a spelling; a hash as it is."""
        return indexed(value) if isinstance(value, str) else super().get_prep_value(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Return the hash, which the row has from now on as if it were read."""
        value = self.get_prep_value(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value


BlindIndex.register_lookup(_Kept)
BlindIndex.register_lookup(_KeptText)
_EQUAL: Final = ("exact", "in", "isnull")


class ReachIndex(models.CharField):  # type: ignore[type-arg]
    """The keyed hashes of the addresses in another column, made whenever its row is saved.

    `of` names the column: "email" for one address, "phone" for a line of up to four telephones.
    """

    def __init__(self, *args: Any, of: str = "", **options: Any) -> None:
        """Make the field."""
        super().__init__(*args, **options)
        self.of = of

    def deconstruct(self) -> Any:
        """Return how a migration makes it."""
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Return the hashes of what the other column holds now."""
        value = reach_index(self.of, getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value


def indexed(spelling: str) -> str:
    """Return the hash under which a spelling is found; "" and a hash as they are."""
    return blind_index(spelling) if spelling and not spelling.startswith(BLIND) else spelling


def reach_index(way: str, text: str) -> str:
    """Return the hashes of a line's addresses, separated by spaces."""
    return " ".join(blind_index(key) for key in _SPELLINGS[way](text)[:_MOST_NUMBERS])


def _emails(text: str) -> tuple[str, ...]:
    key = email_key(text)
    return (key,) if key else ()


_SPELLINGS: Final[dict[str, Callable[[str], tuple[str, ...]]]] = {
    "email": _emails,
    "phone": phone_keys,
}

"""Letters by their ids as lists show them: what a search found, once it is known that one may."""

from collections.abc import Collection, Iterable
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model

from org.compiled_queries import (
    SIZES,
    CompiledQuery,
    columns_of,
    compiled_rows,
    filled_up,
    instance_of,
    link,
)
from org.models import Department, LetterKind, User
from org.people import cached_permissions, permissions_of
from registry.models.letters import Letter, Party
from registry.models.registers import Register

_RELATED: Final[dict[str, type[Model]]] = {
    "register": Register,
    "kind": LetterKind,
    "department": Department,
}
_OWN: Final = columns_of(Letter)
_COLUMNS: Final = (
    *_OWN,
    *(f"{name}__{column}" for name, model in _RELATED.items() for column in columns_of(model)),
)
_PARTIES: Final = CompiledQuery(
    lambda *ids: Party.objects.filter(letter__in=ids).values_list(*columns_of(Party))
)


def letters_among(viewer: User | AnonymousUser, ids: Iterable[UUID]) -> dict[UUID, Letter]:
    """Return those of the letters that this person may read now, as `for_lists` fetches them.

    Two queries, whose SQL is made once for what the person may do.
    """
    wanted = tuple(dict.fromkeys(ids))
    if not wanted or not isinstance(viewer, User):
        return {}
    found: dict[UUID, Letter] = {}
    for start in range(0, len(wanted), SIZES[-1]):
        found |= _some(viewer, filled_up(wanted[start : start + SIZES[-1]]))
    return found


def _some(viewer: User, ids: tuple[UUID, ...]) -> dict[UUID, Letter]:
    with cached_permissions():
        key = ("letters of a list", repr(permissions_of(viewer)))
        visible = Letter.objects.visible_to
        rows = compiled_rows(
            key, lambda *pks: visible(viewer).filter(pk__in=pks).values_list(*_COLUMNS), *ids
        )
    known: dict[tuple[str, Any], Model] = {}
    letters = [_made(row, known) for row in rows]
    parties: dict[UUID, list[Party]] = {letter.pk: [] for letter in letters}
    for row in _PARTIES.rows(*filled_up(tuple(parties))) if parties else ():
        party = instance_of(Party, row)
        parties[party.letter_id].append(party)
    for letter in letters:
        _prefetched(letter, parties[letter.pk])
    return {letter.pk: letter for letter in letters}


def _made(row: tuple[Any, ...], known: dict[tuple[str, Any], Model]) -> Letter:
    """Return the letter of a row with its register, kind and department, each made once."""
    letter = instance_of(Letter, row[: len(_OWN)])
    at = len(_OWN)
    for name, model in _RELATED.items():
        width = len(columns_of(model))
        key = getattr(letter, f"{name}_id")
        if key is not None and (name, key) not in known:
            known[name, key] = instance_of(model, row[at : at + width])
        link(letter, name, known.get((name, key)))
        at += width
    return letter


def _prefetched(letter: Letter, parties: Collection[Party]) -> None:
    """Give the letter its parties as `prefetch_related` does."""
    for party in parties:
        link(party, "letter", letter)
    rows: Any = Party.objects.all()
    rows._deferred_filter = False, (), {"letter": letter}  # for who asks for some of them
    rows._result_cache = list(parties)
    rows._prefetch_done = True
    letter._prefetched_objects_cache = {"parties": rows}  # type: ignore[attr-defined]

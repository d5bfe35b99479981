"""Letters as lists show them, made of the rows of kept queries.

By their ids (what a search found, once it is known that one may), or beside what leads to them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
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
LISTED: Final = (
    *_OWN,
    *(f"{name}__{column}" for name, model in _RELATED.items() for column in columns_of(model)),
)
Known = dict[tuple[str, Any], Model]
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
            key, lambda *pks: visible(viewer).filter(pk__in=pks).values_list(*LISTED), *ids
        )
    known: Known = {}
    letters = {letter.pk: letter for letter in (listed_letter(row, known) for row in rows)}
    give_parties(letters)
    return letters


def give_parties(letters: Mapping[UUID, Letter]) -> None:
    """Give these letters, at most so many as `SIZES` ends with, their parties; one query."""
    parties: dict[UUID, list[Party]] = {pk: [] for pk in letters}
    for row in _PARTIES.rows(*filled_up(tuple(parties))) if parties else ():
        party = instance_of(Party, row)
        parties[party.letter_id].append(party)
    for letter in letters.values():
        _prefetched(letter, parties[letter.pk])


def listed_letter(row: Sequence[Any], known: Known) -> Letter:
    """Return the letter of a row of LISTED, with its register, kind and department.

    Each of those is made once, and `known` afterwards.
    """
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

"""Saved searches: kept under a name, counted anew on each view, changed and deleted."""

from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from language.lines import one_line
from org.compiled_queries import CompiledQuery, columns_of, instance_of
from org.models import User
from search.address.request import LONGEST, SearchRequest
from search.saved.models import SavedSearch

MOST_SAVED: Final = 50  # of one person
_COLUMNS: Final = columns_of(SavedSearch)
_SAVED: Final = CompiledQuery(
    lambda pk: (
        SavedSearch.objects.filter(person=pk)
        .order_by("name", "pk")
        .values_list(*_COLUMNS)[:MOST_SAVED]
    )
)
MOST_COUNTED: Final = 12  # whose new letters are counted at once


class NoSuchSearchError(LookupError):
    """The person has saved no such search."""


class BadSavedSearchError(ValueError):
    """The search cannot be saved; `fields` says why, in the person's words."""

    def __init__(self, fields: dict[str, list[str]]) -> None:
        super().__init__("; ".join(word for words in fields.values() for word in words))
        self.fields = fields


def saved_searches_of(person: User, *, pinned: bool = False) -> list[SavedSearch]:
    """Return all of a person's, by name; or only those pinned."""
    found = [instance_of(SavedSearch, row) for row in _SAVED.rows(person.pk)]
    return [row for row in found if row.pinned] if pinned else found


def get_saved(person: User, search_id: UUID) -> SavedSearch:
    """Return one of this person's own; raise NoSuchSearchError for any other."""
    found = SavedSearch.objects.filter(person=person, pk=search_id).first()
    if found is None:
        raise NoSuchSearchError
    return found


def save_search(
    *,
    person: User,
    name: str,
    asked: SearchRequest,
    alert: str = SavedSearch.Alert.NONE,
    pinned: bool = True,
) -> SavedSearch:
    """Save a search.

    Raise BadSavedSearchError for an empty one, a name used already, too many.
    """
    if asked.blank:
        raise BadSavedSearchError({"q": [_("There is nothing to keep: this finds every letter.")]})
    if SavedSearch.objects.filter(person=person).count() >= MOST_SAVED:
        words = _("You keep %(n)d searches already; delete one first.") % {"n": MOST_SAVED}
        raise BadSavedSearchError({"name": [words]})
    address = asked.address()
    if len(address) > LONGEST:
        raise BadSavedSearchError({"q": [_("This search is too long to be kept.")]})
    row = SavedSearch(person=person, address=address, pinned=pinned)
    return _kept(row, name=name, alert=alert)


def change_search(search: SavedSearch, **given: Any) -> SavedSearch:
    """Change name, alert or pinned.

    Raise BadSavedSearchError.
    """
    search.pinned = given.get("pinned", search.pinned)
    alert = given.get("alert", search.alert)
    if alert != search.alert:
        search.looked_at = timezone.now()  # what came before is not told
    return _kept(search, name=given.get("name", search.name), alert=alert)


def _kept(row: SavedSearch, *, name: str, alert: str) -> SavedSearch:
    row.name, row.alert = one_line(name)[:80].strip(), alert
    if not row.name:
        raise BadSavedSearchError({"name": [_("Give it a name.")]})
    if alert not in SavedSearch.Alert.values:
        raise BadSavedSearchError({"alert": [_("There is no such choice.")]})
    if alert != SavedSearch.Alert.NONE and not row.person.email:
        words = _("You have no e-mail address here; ask the administrator for one.")
        raise BadSavedSearchError({"alert": [words]})
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        words = _("You keep a search of this name already.")
        raise BadSavedSearchError({"name": [words]}) from error
    return row


def delete_search(search: SavedSearch) -> None:
    """Delete it, and its alerts."""
    search.delete()


def mark_viewed(search: SavedSearch) -> None:
    """Record that the person views it now: only later letters count as new."""
    SavedSearch.objects.filter(pk=search.pk).update(seen_at=timezone.now())


def new_letters(search: SavedSearch) -> int | None:
    """Return how many letters came since the last view, by the person's present rights.

    None while the engine is unavailable. One query to the engine.
    """
    asked = SearchRequest.of_address(search.address)
    after = max(asked.since, search.seen_at) if asked.since else search.seen_at
    found = asked.find(
        search.person, after=after, order="newest", limit=1, facets=(), excerpts=False
    )
    return None if found.engine_down else found.total

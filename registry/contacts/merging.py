"""Duplicates in the directory: finding, comparing, merging and telling apart, and undoing both."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from org.models import User
from registry.contacts.directory import family_of, points_of
from registry.contacts.matching import ContactMatch, Sought, matches_for
from registry.models.contacts import (
    Contact,
    ContactDouble,
    ContactEvent,
    ContactMerge,
    ContactPoint,
)
from registry.models.letters import Party
from registry.states import ConflictError

FILLED = ("language", "way")  # columns that a winner takes over where its own are empty
DOUBTFUL = 0.72  # from this score on, two contacts are shown as duplicates
COUNTED = 10_000  # letters counted for a preview


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would do.

    `filled` is column → value that the winner takes over, `new_points` what only the loser has,
    `shared_points` what both have, `letters` how many letters come along (COUNTED stands for that
    many or more).
    """

    winner: Contact
    loser: Contact
    filled: dict[str, str]
    new_points: Sequence[ContactPoint]
    shared_points: Sequence[ContactPoint]
    letters: int


def preview_merge(*, winner: Contact, loser: Contact) -> MergePreview:
    """Preview a merge without changing anything.

    Raise ConflictError when one is merged already.
    """
    if winner.pk == loser.pk or winner.merged_into_id or loser.merged_into_id:
        raise ConflictError
    known = {(point.kind, point.compared) for point in points_of(winner)}
    points = list(points_of(loser))
    return MergePreview(
        winner,
        loser,
        _takes_over(winner, loser),
        [point for point in points if (point.kind, point.compared) not in known],
        [point for point in points if (point.kind, point.compared) in known],
        Party.objects.filter(contact_id__in=family_of(loser))[:COUNTED].count(),
    )


def _takes_over(winner: Contact, loser: Contact) -> dict[str, str]:
    return {
        column: getattr(loser, column)
        for column in FILLED
        if getattr(loser, column) and not getattr(winner, column)
    }


def merge_contacts(*, winner: Contact, loser: Contact, actor: User) -> ContactMerge:
    """Merge two contacts: the loser stays as a stub that names the winner, with all that it had.

    One transaction. Raise ConflictError when either was merged meanwhile, or both are one.
    """
    now = timezone.now()
    with transaction.atomic():
        winner, loser = _locked(winner.pk, loser.pk)
        if winner.merged_into_id or loser.merged_into_id:
            raise ConflictError
        filled = {
            column: [getattr(winner, column), value]
            for column, value in _takes_over(winner, loser).items()
        }
        letters = Party.objects.filter(contact_id__in=family_of(loser))[:COUNTED].count()
        merge = ContactMerge.objects.create(
            winner=winner,
            loser=loser,
            filled=filled,
            letters=letters,
            merged_at=now,
            merged_by=actor,
        )
        _change(winner, {column: after for column, (_before, after) in filled.items()})
        _change(loser, {"merged_into": winner, "root": winner})
        Contact.objects.filter(root=loser).update(root=winner)
        ContactEvent.of(winner, "merged", actor=actor, at=now, loser=loser.pk)
        ContactEvent.of(loser, "became", actor=actor, at=now, winner=winner.pk)
    return merge


def undo_merge(merge: ContactMerge, *, actor: User) -> Contact:
    """Undo a merge exactly; what was linked to the winner since stays with it.

    Return the contact that stands for itself again. Raise ConflictError when it does already.
    """
    now = timezone.now()
    with transaction.atomic():
        winner, loser = _locked(merge.winner_id, merge.loser_id)
        open_merges = ContactMerge.objects.filter(pk=merge.pk, undone_at=None)
        if not open_merges.update(undone_at=now, undone_by=actor):
            raise ConflictError
        back = {
            column: before
            for column, (before, after) in merge.filled.items()
            if getattr(winner, column) == after
        }
        _change(winner, back)
        _change(loser, {"merged_into": None, "root": None})
        Contact.objects.filter(pk__in=_below(loser)).update(root=loser)
        ContactEvent.of(winner, "taken_apart", actor=actor, at=now, loser=loser.pk)
        ContactEvent.of(loser, "stands_again", actor=actor, at=now, winner=winner.pk)
    merge.refresh_from_db()
    return loser


def _locked(winner_id: int, loser_id: int) -> tuple[Contact, Contact]:
    """Lock both rows in the order of their ids, to avoid deadlocks, and return them."""
    if winner_id == loser_id:
        raise ConflictError
    rows = Contact.objects.select_for_update().filter(pk__in=[winner_id, loser_id])
    found = {row.pk: row for row in rows.order_by("pk")}
    return found[winner_id], found[loser_id]


def _change(contact: Contact, values: dict[str, Any]) -> None:
    if values:
        Contact.objects.filter(pk=contact.pk).update(
            **values, version=F("version") + 1, changed_at=timezone.now()
        )


def _below(contact: Contact) -> list[int]:
    """Return ids of all that were merged into this contact, directly or not."""
    found: list[int] = []
    level = [contact.pk]
    while level:
        rows = Contact.objects.filter(merged_into_id__in=level)
        level = list(rows.values_list("pk", flat=True))
        found += level
    return found


def open_merges_of(contact: Contact) -> "QuerySet[ContactMerge]":
    """Return the merges into this contact that stand, the newest first."""
    rows = ContactMerge.objects.filter(winner=contact, undone_at=None)
    return rows.select_related("loser", "merged_by").order_by("-merged_at", "-pk")


def likely_doubles(contact: Contact, *, limit: int = 5) -> list[ContactMatch]:
    """Return contacts that may be this one, except those that a person has marked as different."""
    points = list(points_of(contact)[:20])
    first = {kind: next((p.value for p in points if p.kind == kind), "") for kind in _KINDS}
    phones = " / ".join(p.value for p in points if p.kind == ContactPoint.Kind.PHONE)
    is_person = contact.kind == Contact.Kind.PERSON
    sought = Sought(
        name=contact.name if is_person else "",
        organisation="" if is_person else contact.name,
        email=first["email"],
        phone=phones,
        customer_number=first["customer"],
        address=first["address"],
    )
    matches = matches_for(sought, apart_from=contact.pk)
    apart = _dismissed(contact)
    return [m for m in matches if m.score >= DOUBTFUL and m.contact.pk not in apart][:limit]


_KINDS = ("email", "customer", "address")


def _dismissed(contact: Contact) -> set[int]:
    rows = ContactDouble.objects.filter(Q(first=contact) | Q(second=contact))
    rows = rows.exclude(dismissed_at=None)
    return {pk for pair in rows.values_list("first", "second")[:500] for pk in pair} - {contact.pk}


def find_doubles(*, after: int = 0, limit: int = 500) -> tuple[int, int]:
    """Check the next `limit` standing contacts after id `after` and record likely duplicates.

    Return (id to go on from, 0 at the end; pairs found). Bounded; meant to be called again.
    """
    rows = Contact.objects.filter(pk__gt=after, merged_into=None).order_by("pk")[:limit]
    last = found = 0
    for contact in rows:
        last = contact.pk
        for match in likely_doubles(contact):
            found += keep_double(contact, match)
    return (last if len(rows) == limit else 0), found


def compare_work(contact_id: str, _progress: Any) -> list[ContactMatch]:
    """Return what the contact may be the same as, for the job `contact.compare`."""
    contact = Contact.objects.filter(pk=contact_id, merged_into=None).first()
    return likely_doubles(contact) if contact else []


def save_compared(contact_id: str, found: list[ContactMatch]) -> None:
    """Put the pairs on the list of duplicates, where both contacts still stand."""
    standing = Contact.objects.filter(merged_into=None).in_bulk(
        [int(contact_id), *(match.contact.pk for match in found)]
    )
    contact = standing.get(int(contact_id))
    for match in found:
        if contact and match.contact.pk in standing:
            keep_double(contact, match)


def keep_double(contact: Contact, match: ContactMatch) -> bool:
    """Put the pair on the list of duplicates; False where it stands there already."""
    first, second = sorted((contact.pk, match.contact.pk))
    _row, new = ContactDouble.objects.get_or_create(
        first_id=first,
        second_id=second,
        defaults={
            "score": match.score,
            "reasons": list(match.reasons),
            "found_at": timezone.now(),
        },
    )
    return new


def open_doubles() -> "QuerySet[ContactDouble]":
    """Return pairs of standing contacts that nobody has decided about."""
    rows = ContactDouble.objects.filter(
        dismissed_at=None, first__merged_into=None, second__merged_into=None
    )
    return rows.select_related("first", "second")


def told_apart() -> "QuerySet[ContactDouble]":
    """Return pairs of standing contacts that a person has marked as different."""
    rows = ContactDouble.objects.filter(
        dismissed_at__isnull=False, first__merged_into=None, second__merged_into=None
    )
    return rows.select_related("first", "second", "dismissed_by")


def told_apart_from(contact: Contact) -> "QuerySet[ContactDouble]":
    """Return the pairs of this contact that a person has marked as different, the last first."""
    pairs = told_apart().filter(Q(first=contact) | Q(second=contact))
    return pairs.order_by("-dismissed_at", "-pk")


def apart_pair(first: Contact, second: Contact) -> ContactDouble | None:
    """Return the decision that stands, that these two are not one."""
    low, high = sorted((first.pk, second.pk))
    return told_apart().filter(first_id=low, second_id=high).first()


def tell_apart(first: Contact, second: Contact, *, actor: User) -> None:
    """Record a person's decision that these two are not one; they are not proposed again."""
    low, high = sorted((first.pk, second.pk))
    now = timezone.now()
    decided = {"dismissed_at": now, "dismissed_by": actor}
    with transaction.atomic():
        ContactDouble.objects.update_or_create(
            first_id=low,
            second_id=high,
            defaults=decided,
            create_defaults={"score": 0.0, "found_at": now, **decided},
        )
        ContactEvent.of(first, "told_apart", actor=actor, at=now, other=second.pk)
        ContactEvent.of(second, "told_apart", actor=actor, at=now, other=first.pk)


def propose_again(first: Contact, second: Contact, *, actor: User) -> None:
    """Take back the decision that these two are not one: they are on the list of pairs again.

    Raise ConflictError where no decision stands.
    """
    low, high = sorted((first.pk, second.pk))
    now = timezone.now()
    pair = ContactDouble.objects.filter(first_id=low, second_id=high)
    with transaction.atomic():
        if not pair.exclude(dismissed_at=None).update(dismissed_at=None, dismissed_by=None):
            raise ConflictError
        for match in likely_doubles(first):
            if match.contact.pk == second.pk:  # a pair told apart before it was listed has none
                pair.update(score=match.score, reasons=list(match.reasons))
        ContactEvent.of(first, "proposed_again", actor=actor, at=now, other=second.pk)
        ContactEvent.of(second, "proposed_again", actor=actor, at=now, other=first.pk)

"""Distribution lists: kept by administrators, applied to a letter with one click."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from language.lines import one_line
from org.history import record
from org.models import Department, OrgChange, User
from registry.acts import record_act
from registry.chain import digest
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError
from routing.assigning.giving import MOST_TARGETS, Target
from routing.models.distribution import DistributionEntry, DistributionList

MOST_LISTS: Final = 200


def keep_list(
    row: DistributionList | None,
    *,
    name: str,
    entries: Sequence[tuple[Department, str]],
    actor: User | None,
    active: bool = True,
    seen: str | None = None,
) -> DistributionList:
    """Create or change a list; `entries` are departments with a role and replace all earlier ones.

    `seen` is the `list_seal` that the person saw. Raise ConflictError where it has changed since;
    NotAllowedError for a non-administrator, a missing or taken name, or anything but 1 to 20
    departments, each once.
    """
    _need_administrator(actor)
    name = _checked_name(row, name, entries)
    row = row or DistributionList()
    row.name, row.active = name, active
    try:
        with transaction.atomic():
            before = _refuse_if_changed(row, seen)
            row.save()
            row.entries.all().delete()
            DistributionEntry.objects.bulk_create(
                DistributionEntry(list=row, department=department, role=role)
                for department, role in entries
            )
            record_act("distribution_list_kept", actor=actor, data=_audit_values(row, entries))
            record(
                OrgChange.Noun.LIST,
                str(row.pk),
                "changed" if before else "created",
                actor=actor,
                before=before,
                after=history_values(row),
            )
    except IntegrityError as error:
        raise NotAllowedError(_("Another list has this name.")) from error
    return row


def _checked_name(
    row: DistributionList | None, name: str, entries: Sequence[tuple[Department, str]]
) -> str:
    name = one_line(name, 100)
    if not name:
        raise NotAllowedError(_("Give the list a name."))
    if not 1 <= len(entries) <= MOST_TARGETS:
        raise NotAllowedError(_("Choose from one to 20 departments."))
    if len({department.pk for department, _role in entries}) < len(entries):
        raise NotAllowedError(_("Each department stands on the list once."))
    if row is None and DistributionList.objects.count() >= MOST_LISTS:
        raise NotAllowedError(_("There are too many lists already."))
    return name


def _audit_values(
    row: DistributionList, entries: Sequence[tuple[Department, str]]
) -> dict[str, Any]:
    """Return the fields of a list that the audit record keeps."""
    named = [[department.code, role] for department, role in entries]
    return {"list": row.pk, "name": row.name, "active": row.active, "entries": named}


def history_values(row: DistributionList) -> dict[str, Any]:
    """Return the list's fields for its history."""
    entries = row.entries.order_by("department__code").values_list("department__code", "role")
    return {"title": row.name, "active": row.active, "departments": dict(entries)}


def _refuse_if_changed(row: DistributionList, seen: str | None) -> dict[str, Any] | None:
    """Return the list as it is, None for a new one; call it inside a transaction.

    Raise ConflictError where it is not as it was seen.
    """
    if not row.pk:
        return None
    present = DistributionList.objects.select_for_update().get(pk=row.pk)
    if seen is not None and list_seal(present) != seen:
        raise ConflictError
    return history_values(present)


def list_seal(row: DistributionList) -> str:
    """Return a digest of the list's content, 16 digits, which changes with any part of it."""
    entries = sorted(row.entries.order_by().values_list("department", "role"))
    return digest([row.name, row.active, entries])[:16]


def lists_in_use() -> QuerySet[DistributionList]:
    """Return the lists on offer, with their departments."""
    rows = DistributionList.objects.filter(active=True)
    return rows.prefetch_related("entries__department")[:MOST_LISTS]


def targets_of(list_id: int) -> list[Target]:
    """Return the departments of an active list; raise NotAllowedError for another id."""
    row = DistributionList.objects.filter(pk=list_id, active=True).first()
    if row is None:
        raise NotAllowedError(_("Choose a list."))
    entries = row.entries.select_related("department").filter(department__active=True)
    return [Target(entry.department, role=entry.role) for entry in entries]


def _need_administrator(actor: User | None) -> None:
    if actor and actor.duty != User.Duty.ADMINISTRATOR:
        raise NotAllowedError(_("Distribution lists are the administrator's to keep."))

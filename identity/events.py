"""The record of security events: written here and nowhere else."""

import logging
from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.kinds import SecurityKind
from identity.models import SecurityEvent
from org.models import User
from org.security_log import write_event

log = logging.getLogger(__name__)

READ: Final = SecurityKind.LETTER_READ
TOLD: Final = ("way", "why", "page", "reason")  # of an event's codes those that a line tells too
KINDS: Final[dict[SecurityKind, Any]] = {
    SecurityKind.SIGNED_IN: _("Signed in"),
    SecurityKind.SIGNED_OUT: _("Signed out"),
    SecurityKind.SIGN_IN_FAILED: _("Sign-in failed"),
    SecurityKind.SIGN_IN_BRAKED: _("Sign-in refused: too many attempts"),
    SecurityKind.SECOND_FACTOR_FAILED: _("Wrong code of the second step"),
    SecurityKind.CONFIRMED: _("Confirmed who they are"),
    SecurityKind.CONFIRM_FAILED: _("Confirmation failed"),
    SecurityKind.SESSION_EXPIRED: _("Session ended by itself"),
    SecurityKind.SESSIONS_ENDED: _("Other sessions ended"),
    SecurityKind.PASSWORD_ASKED: _("Link to a new password asked for"),
    SecurityKind.PASSWORD_CHANGED: _("Password changed"),
    SecurityKind.FACTOR_ADDED: _("Second step set up"),
    SecurityKind.FACTOR_REMOVED: _("Second step removed"),
    SecurityKind.CODES_MADE: _("Recovery codes made"),
    SecurityKind.PROVIDER_CONNECTED: _("Connected to the identity provider"),
    SecurityKind.PROVIDER_REFUSED: _("Known to the identity provider, not here"),
    SecurityKind.TOKEN_MADE: _("API token made"),
    SecurityKind.TOKEN_REVOKED: _("API token revoked"),
    SecurityKind.ACCESS_ENDED: _("Sessions and tokens ended"),
    SecurityKind.RIGHTS_CHANGED: _("Rights changed"),
    SecurityKind.KEY_CHANGED: _("Signature or key changed"),
    SecurityKind.EXPORT_MADE: _("Export made"),
    SecurityKind.EXPORT_FETCHED: _("Export downloaded"),
    SecurityKind.RECORD_EXPORTED: _("Security record exported"),
    SecurityKind.ADMINISTERED: _("Administration"),
    SecurityKind.DIRECTORY_CHANGED: _("Changed by the directory"),
    SecurityKind.DIRECTORY_REFUSED: _("Refused to the directory"),
    SecurityKind.ACCESS_REFUSED: _("Access refused"),
    SecurityKind.KEY_REFUSED: _("Wrong key of a program"),
    READ: _("Letter read"),
}


def words_of(kind: str) -> str:
    """Return the words of a kind, of a row that a later version wrote its code."""
    return str(KINDS[SecurityKind(kind)]) if kind in set(SecurityKind) else kind


def record(
    kind: SecurityKind,
    *,
    person: User | None,
    subject: User | None = None,
    letter_id: UUID | None = None,
    address: str = "",
    detail: Mapping[str, Any] | None = None,
    **more: Any,
) -> None:
    """Write one event; `detail` and what is given by name besides are its codes."""
    told = {**(detail or {}), **more}
    now = timezone.now()
    SecurityEvent.objects.create(
        at=now,
        day=timezone.localdate(now),
        kind=kind,
        person=person,
        subject=subject,
        letter_id=letter_id,
        address=address[:45],
        detail=told,
    )
    write_event(
        kind,
        person=person.pk if person else "",
        subject=subject.pk if subject else "",
        letter=letter_id,
        address=address,
        **{name: told[name] for name in TOLD if isinstance(told.get(name), str)},
    )


def record_reading(*, person: User, letter_id: UUID) -> None:
    """Record that a person read a letter, once a day.

    A letter stays readable while the database takes no writes; the log reports the missing record.
    """
    now = timezone.now()
    day = timezone.localdate(now)
    known = SecurityEvent.objects.filter(
        kind=READ, person_id=person.pk, letter_id=letter_id, day=day
    )
    if known.exists():
        return
    row = SecurityEvent(at=now, day=day, kind=READ, person_id=person.pk, letter_id=letter_id)
    try:
        with transaction.atomic():
            SecurityEvent.objects.bulk_create([row], ignore_conflicts=True)
        write_event(READ, person=person.pk, letter=letter_id)
    except DatabaseError:
        log.exception("a reading of letter %s could not be recorded", letter_id)


def record_refusal(kind: SecurityKind, *, person: User | None, address: str, **detail: str) -> None:
    """Write that somebody was refused something, once a day: who tries on fills no table.

    The refusal stands where the database takes no writing now.
    """
    told: dict[str, Any] = {"kind": kind, "person": person, "detail": detail}
    if person is None:
        told["address"] = address[:45]
    try:
        with transaction.atomic():
            if not SecurityEvent.objects.filter(day=timezone.localdate(), **told).exists():
                record(kind, person=person, address=address, detail=detail)
    except DatabaseError:
        log.exception("a refusal could not be recorded")


def events(
    *,
    kind: str = "",
    person_id: int | None = None,
    letter_id: UUID | None = None,
    first: date | None = None,
    last: date | None = None,
    readings: bool = True,
) -> "QuerySet[SecurityEvent]":
    """Return the events that fit; `readings` includes who read which letter."""
    found = SecurityEvent.objects.select_related("person", "subject")
    wanted: dict[str, Any] = {
        "kind": kind or None,
        "letter_id": letter_id,
        "day__gte": first,
        "day__lte": last,
    }
    found = found.filter(**{name: value for name, value in wanted.items() if value is not None})
    if person_id is not None:
        found = found.filter(person_id=person_id) | found.filter(subject_id=person_id)
    return found if readings else found.exclude(kind=READ)

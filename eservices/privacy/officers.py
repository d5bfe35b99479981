"""Appointing clerks who answer for personal data, and ending it; both on record."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from eservices.privacy.models import Officer
from eservices.privacy.rights import DataNotAllowedError
from org.models import User
from registry.acts import record_act

APPOINTED = "data_officer_appointed"
ENDED = "data_officer_ended"


def officers() -> list[Officer]:
    """Return who is appointed now, by name."""
    rows = Officer.objects.filter(ended_at=None).select_related("person")
    return list(rows.order_by("person__username")[:100])


def may_be_appointed() -> list[User]:
    """Return the clerks who are not appointed yet."""
    held = Officer.objects.filter(ended_at=None).values("person")
    clerks = User.objects.filter(duty=User.Duty.CLERK, is_active=True).exclude(pk__in=held)
    return list(clerks.order_by("username")[:500])


def appoint(person: User, *, actor: User | None) -> Officer:
    """Let a clerk answer for personal data. Raise DataNotAllowedError for anybody else."""
    if person.duty != User.Duty.CLERK or not person.is_active:
        raise DataNotAllowedError(_("Only clerks of the registry office are appointed."))
    made = Officer(person=person, appointed_at=timezone.now(), appointed_by=actor)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            record_act(APPOINTED, actor=actor, data={"person": person.username})
    except IntegrityError as error:
        raise DataNotAllowedError(_("This person is appointed already.")) from error
    return made


def end(person: User, *, actor: User | None) -> None:
    """End it. Raise DataNotAllowedError for who is not appointed."""
    with transaction.atomic():
        rows = Officer.objects.filter(person=person, ended_at=None)
        if not rows.update(ended_at=timezone.now(), ended_by=actor):
            raise DataNotAllowedError(_("This person is not appointed."))
        record_act(ENDED, actor=actor, data={"person": person.username})


def end_with_duty(person: User, changed: Collection[str], actor: User | None) -> None:
    """End the appointment of whoever is given another duty or deactivated."""
    if not {"duty", "is_active"} & set(changed):
        return
    if Officer.objects.filter(person=person, ended_at=None).exists():
        end(person, actor=actor)

"""The sender's copy of a receipt, with the tracking code: given once, at the deposit.

The code is the sender's secret: with it, one rates the answer and has the letter reopened. So only
the clerk who registers the letter sees it, for a short time, on record.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from org.models import User
from org.people import permissions_of
from registry.changes import lock, record_change
from registry.kinds import RegistryEvent
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.models.registers import Register
from registry.states import Stage

TIME: Final = timedelta(minutes=30)  # from the registration, while the sender is present


class NotHandedOverError(PermissionError):
    """The copy cannot be given to the sender; the message says why, in the person's language."""


def until(letter: Letter) -> datetime:
    """Return by when the sender's copy can be given to them."""
    return letter.registered_at + TIME


def may_hand_over(letter: Letter, actor: User) -> bool:
    """Return whether this person may give the sender the code now.

    That is a clerk of the registry office who has just registered the letter.
    """
    return (
        letter.registered_by_id == actor.pk
        and letter.register.direction == Register.Direction.INCOMING
        and letter.stage != Stage.VOIDED
        and timezone.now() < until(letter)
        and permissions_of(actor).is_office
    )


def hand_over_receipt(letter: Letter, *, actor: User) -> LetterEvent:
    """Record that the sender gets the copy with the code; a second call changes nothing.

    Raise NotHandedOverError for everybody else than the clerk of this deposit, and later.
    """
    with transaction.atomic():
        lock(letter)
        if not may_hand_over(letter, actor):
            raise NotHandedOverError(
                _("The receipt with the code is given only at the deposit, by who registered.")
            )
        if done := handed_over(letter):
            return done
        return record_change(
            letter,
            RegistryEvent.RECEIPT_HANDED,
            actor=actor,
            visibility=LetterEvent.Visibility.CITIZEN,
        )


def handed_over(letter: Letter) -> LetterEvent | None:
    """Return the event by which the sender got the copy with the code; None if nobody gave it."""
    rows = LetterEvent.objects.filter(letter=letter, kind=RegistryEvent.RECEIPT_HANDED)
    return rows.select_related("actor").first()


def is_open(letter: Letter, actor: User) -> bool:
    """Return whether this clerk may open the sender's copy: given on record a moment ago."""
    return may_hand_over(letter, actor) and handed_over(letter) is not None

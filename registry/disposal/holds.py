"""Legal holds: a letter stays, with a reason, until somebody lifts the hold on record."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from language.lines import one_line
from org.models import User
from org.people import permissions_of
from registry.changes import lock, record_change
from registry.disposal.errors import DisposalNotAllowedError
from registry.disposal.rights import holds, scope_of
from registry.kinds import RegistryEvent
from registry.models.disposal import REASON, LegalHold
from registry.models.letters import Letter
from registry.states import ConflictError


def place_hold(letter: Letter, *, actor: User, reason: str) -> LegalHold:
    """Hold a letter back from disposal. Raise DisposalNotAllowedError, ConflictError."""
    _check(letter, actor)
    held = LegalHold(
        letter=letter, reason=_reason(reason), placed_by=actor, placed_at=timezone.now()
    )
    try:
        with transaction.atomic():
            lock(letter)
            held.save(force_insert=True)
            record_change(letter, RegistryEvent.HOLD_PLACED, actor=actor, rows=[held])
    except IntegrityError as error:
        raise DisposalNotAllowedError(_("This letter is held already.")) from error
    return held


def lift_hold(letter: Letter, *, actor: User, reason: str) -> LegalHold:
    """Lift the letter's hold. Raise DisposalNotAllowedError, ConflictError where there is none."""
    _check(letter, actor)
    said = _reason(reason)
    with transaction.atomic():
        lock(letter)
        held = open_hold(letter)
        if held is None:
            raise ConflictError
        held.lifted_by, held.lifted_at, held.lifted_because = actor, timezone.now(), said
        held.save(update_fields=["lifted_by", "lifted_at", "lifted_because"])
        record_change(letter, RegistryEvent.HOLD_LIFTED, actor=actor, rows=[held])
    return held


def open_hold(letter: Letter) -> LegalHold | None:
    """Return the hold that stands, if one does."""
    rows = LegalHold.objects.filter(letter=letter, lifted_at=None)
    return rows.select_related("placed_by").first()


def holds_of(letter: Letter) -> list[LegalHold]:
    """Return all holds of a letter, the newest first."""
    rows = LegalHold.objects.filter(letter=letter).select_related("placed_by", "lifted_by")
    return list(rows.order_by("-placed_at")[:50])


def may_hold(letter: Letter, user: User) -> bool:
    """Return whether this person places and lifts holds on this letter, which they read."""
    permissions = permissions_of(user)
    mine: Any = scope_of(permissions)
    return holds(permissions) and (mine is None or letter.department_id in mine)


def _check(letter: Letter, actor: User) -> None:
    if not may_hold(letter, actor):
        words = _("Letters are held back by the archivist of their department or the director.")
        raise DisposalNotAllowedError(words)
    if letter.disposal_id is not None:
        raise DisposalNotAllowedError(_("Only the stub of this letter is left."))


def _reason(text: str) -> str:
    said = one_line(text)[:REASON]
    if not said:
        raise DisposalNotAllowedError(_("Give a reason."))
    return said

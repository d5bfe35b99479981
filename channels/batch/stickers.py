"""Attach a sticker to a registered letter by hand, so that its code leads to the letter."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from channels.batch.marks import sticker_of
from channels.batch.models import Sticker
from channels.kinds import ChannelEvent
from org.models import User
from registry.changes import record_change
from registry.models.letters import Letter

MOST_ON_A_LETTER = 20


class StickerRefusedError(Exception):
    """The sticker cannot be attached to this letter; the message says why, for the person."""


def attach_sticker(letter: Letter, *, code: str, actor: User) -> Sticker:
    """Record that the sticker of this code is on the letter's paper, also in its history.

    `code` is what the scanner reads, or what a person types from under the QR code. The caller
    checks whether the actor may do it. Raise StickerRefusedError for a code that is not a sticker
    of this office, for one that is used already, and beyond 20 on one letter.
    """
    mark = sticker_of(code)
    if mark is None:
        raise StickerRefusedError(_("This is not the code of a sticker of this office."))
    used = Sticker.objects.filter(number=mark.number).first()
    if used is not None and used.letter_id == letter.pk:
        raise StickerRefusedError(_("This sticker stands on this letter already."))
    if used is not None:
        raise StickerRefusedError(_("This sticker stands on another letter already."))
    if Sticker.objects.filter(letter=letter).count() >= MOST_ON_A_LETTER:
        raise StickerRefusedError(_("This letter has as many stickers as it may have."))
    try:
        with transaction.atomic():
            row = Sticker.objects.create(number=mark.number, letter=letter)
            record_change(
                letter, ChannelEvent.STICKER_PUT, actor=actor, data={"sticker": mark.number}
            )
    except IntegrityError as error:  # used by another request meanwhile
        raise StickerRefusedError(_("This sticker stands on another letter already.")) from error
    return row


def stickers_on(letter: Letter) -> list[str]:
    """Return the numbers of the stickers on the letter's paper, in order."""
    rows = Sticker.objects.filter(letter=letter).order_by("pk")
    return list(rows.values_list("number", flat=True)[:MOST_ON_A_LETTER])

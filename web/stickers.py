"""Putting a sticker on a letter by hand, from the desk and over the API, with its access check."""

from django.db import transaction

from channels.services import StickerRefusedError, attach_sticker
from org.models import User
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from routing.custody.holding import check_paper


def stick(letter: Letter, *, actor: User, code: str) -> str:
    """Put the sticker of this code on the letter; return its number.

    Raise NotAllowedError, with a message, for people without rights on the paper and for a sticker
    that is not available.
    """
    try:
        with transaction.atomic():
            check_paper(letter, actor=actor)
            return attach_sticker(letter, code=code, actor=actor).number
    except StickerRefusedError as error:
        raise NotAllowedError(str(error)) from error

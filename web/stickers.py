"""A sticker put on a letter by hand, from the desk and over the API: the right, then the deed."""

from django.db import transaction

from channels.services import StickerRefusedError, attach_sticker
from org.models import User
from registry.models.letters import Letter
from routing.acting.errors import NotAllowedError
from routing.custody.holding import check_paper


def stick(letter: Letter, *, actor: User, code: str) -> str:
    """The sticker of this code stands on the letter from now on; its number. NotAllowedError, in
    words, for who may say nothing of the paper and for a sticker that is not to be had.
    """
    try:
        with transaction.atomic():
            check_paper(letter, actor=actor)
            return attach_sticker(letter, code=code, actor=actor).number
    except StickerRefusedError as error:
        raise NotAllowedError(str(error)) from error

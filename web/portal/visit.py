"""A citizen's visit to one letter: remembered in the session for half an hour, in no address."""

import time
from typing import Any, Final

from django.http import HttpRequest

from registry.models.letters import Letter

KEY: Final = "portal.visit"
SECONDS: Final = 30 * 60


class VisitOverError(Exception):
    """Number and code must be given again."""


def begin(request: HttpRequest, letter: Letter, *, fresh: bool = False) -> None:
    """The person has shown that the letter is theirs: by its code, or by just depositing it.

    `fresh`: it was deposited in this very visit, and its code is still to be shown.
    """
    request.session.cycle_key()
    visit = {"letter": str(letter.pk), "until": int(time.time()) + SECONDS, "fresh": fresh}
    request.session[KEY] = visit
    if not request.user.is_authenticated:
        request.session.set_expiry(SECONDS)


def letter_of(request: HttpRequest, *, fresh: bool = False) -> Letter:
    """The letter of this visit; VisitOverError when it has ended (or is not `fresh`)."""
    visit: dict[str, Any] | None = request.session.get(KEY)
    if visit is None or visit["until"] < time.time() or (fresh and not visit["fresh"]):
        raise VisitOverError
    letter: Letter | None = Letter.objects.for_lists().filter(pk=visit["letter"]).first()
    if letter is None:
        raise VisitOverError
    return letter


def end(request: HttpRequest) -> None:
    """Forget the letter: whoever comes to this computer next sees nothing of it."""
    request.session.pop(KEY, None)
    request.session.cycle_key()

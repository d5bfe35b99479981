"""A citizen's visit to one letter: remembered in the session for half an hour, in no address."""

import time
from typing import Any, Final

from django.http import HttpRequest

from registry.models.letters import Letter

KEY: Final = "portal.visit"
SECONDS: Final = 30 * 60


class VisitOverError(Exception):
    """The visit has ended: number and code must be given again."""


def begin(request: HttpRequest, letter: Letter, *, fresh: bool = False) -> None:
    """Begin a visit of a person who has shown that the letter is theirs.

    By its code, or by just depositing it. `fresh`: it was deposited in this very visit, and its
    code is still to be shown.
    """
    request.session.cycle_key()
    visit = {"letter": str(letter.pk), "until": int(time.time()) + SECONDS, "fresh": fresh}
    request.session[KEY] = visit
    if not request.user.is_authenticated:
        request.session.set_expiry(SECONDS)


def letter_of(request: HttpRequest, *, fresh: bool = False) -> Letter:
    """Return the letter of this visit. Raise VisitOverError if it has ended (or is not `fresh`)."""
    visit: dict[str, Any] | None = request.session.get(KEY)
    if visit is None or visit["until"] < time.time() or (fresh and not visit["fresh"]):
        raise VisitOverError
    letter: Letter | None = Letter.objects.for_lists().filter(pk=visit["letter"]).first()
    if letter is None:
        raise VisitOverError
    return letter


def end(request: HttpRequest) -> None:
    """End the visit: the next user of this computer sees nothing of the letter."""
    request.session.pop(KEY, None)
    request.session.cycle_key()

"""The record of sign-ins that failed, on the page and for programs.

A name that nobody has costs the same statements as somebody's, as long as failures of nobody are
told (TOLD_OF_NOBODY): no answer tells by its time who is known here.
"""

from typing import Final

from django.http import HttpRequest

from identity import events
from identity.kinds import SecurityKind
from org.models import User
from web.addresses import plain_address
from web.throttle import Limit, TooManyAttemptsError, count_attempt

# So many rows a quarter of an hour at most, whatever somebody tries.
TOLD_OF_NAME: Final = Limit("login.told", 1, 900)
TOLD_OF_NOBODY: Final = Limit("login.nobody", 200, 900)
# Of somebody who is known: the limits of attempts by name bound it already.
TOLD_OF_SOMEBODY: Final = Limit("login.somebody", 1_000_000, 900)


def record_failure(request: HttpRequest, name: str, *, kind: SecurityKind, way: str = "") -> None:
    """Record a failed attempt: whose account it was, if there is one; never the name typed."""
    person = User.objects.filter(username__iexact=name).first() if name else None
    try:
        if person is None:
            count_attempt(TOLD_OF_NOBODY, "all")
        elif kind == SecurityKind.SIGN_IN_BRAKED:
            count_attempt(TOLD_OF_NAME, name)
        else:
            count_attempt(TOLD_OF_SOMEBODY, "all")
    except TooManyAttemptsError:
        return
    told = {"way": way} if way else {}
    events.record(kind, person=None, subject=person, address=plain_address(request), detail=told)

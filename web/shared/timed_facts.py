"""Facts that a session keeps for some minutes: what somebody has shown that they may see."""

import time
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from web.shared.sessions import lengthen, renew_key


def ends_in(seconds: int) -> int:
    """Return the time that many seconds from now, in seconds since 1970."""
    return int(time.time()) + seconds


@dataclass(frozen=True, slots=True)
class TimedFacts:
    """Facts under one key of a session, with the time (`until`, seconds since 1970) they end at."""

    key: str
    seconds: int

    def keep(self, request: HttpRequest, *, grace: int = 0, **facts: Any) -> None:
        """Keep these facts instead of others from now on; the session gets a new key.

        The one before goes on without them for `grace` seconds.
        """
        renew_key(request, grace=grace)
        request.session[self.key] = {**facts, "until": ends_in(self.seconds)}
        lengthen(request, self.seconds)

    def read(self, request: HttpRequest) -> dict[str, Any] | None:
        """Return the facts; None where there are none or their time is over."""
        facts = self.stored(request)
        return facts if facts and facts["until"] >= time.time() else None

    def stored(self, request: HttpRequest) -> dict[str, Any]:
        """Return the facts, whether or not their time is over; {} where there are none."""
        facts = request.session.get(self.key)
        return facts if isinstance(facts, dict) else {}

    def forget(self, request: HttpRequest) -> None:
        """Remove the facts from the session."""
        request.session.pop(self.key, None)

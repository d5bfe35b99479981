"""What a page shows of sessions that end by themselves: it is out of sight when one of them ends.

The script of the page (`web/static/web/page/session.js`) asks `web.signin.lasting` how long.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.crypto import salted_hmac


@dataclass(frozen=True, slots=True)
class Lasting:
    """Whose a session is, and when it ends by itself (seconds since 1970; None: never)."""

    whose: str
    until: int | None

    def told(self, now: float) -> dict[str, str | int | None]:
        """Return what its page may know: a hash of whose it is, and the seconds that are left."""
        left = None if self.until is None else max(0, int(self.until - now))
        digest = salted_hmac("web.shown", self.whose, algorithm="sha256").hexdigest()
        return {"whose": digest[:16], "seconds": left}


def note_shown(request: HttpRequest, kind: str) -> None:
    """Note that the answer shows what this kind of session gives to see."""
    request._shown = {*shown_on(request), kind}  # type: ignore[attr-defined]  # kept for the page


def shown_on(request: HttpRequest) -> set[str]:
    """Return the kinds of sessions that the answer shows something of."""
    found: set[str] = getattr(request, "_shown", set())
    return found

"""When sessions end by themselves, and which of them a page shows something of.

The script of the page (`web/static/web/page/session.js`) requests the seconds that are left from
`web.signin.session_lengths`, and hides the page when one of its sessions ends.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.crypto import salted_hmac


@dataclass(frozen=True, slots=True)
class SessionEnd:
    """Whose a session is, and when it ends by itself (seconds since 1970; None: never)."""

    whose: str
    until: int | None

    def as_json(self, now: float) -> dict[str, str | int | None]:
        """Return what its page may know: a hash of whose it is, and the seconds that are left."""
        left = None if self.until is None else max(0, int(self.until - now))
        return {"whose": digest(self.whose), "seconds": left}


def digest(value: str) -> str:
    """Return a keyed hash of what a page may compare and not read."""
    return salted_hmac("web.shared.session_ends", value, algorithm="sha256").hexdigest()[:16]


def note_session_shown(request: HttpRequest, kind: str) -> None:
    """Note that the answer shows something of this kind of session."""
    shown = {*sessions_shown_on(request), kind}
    request._sessions_shown = shown  # type: ignore[attr-defined]


def sessions_shown_on(request: HttpRequest) -> set[str]:
    """Return the kinds of sessions that the answer shows something of."""
    found: set[str] = getattr(request, "_sessions_shown", set())
    return found

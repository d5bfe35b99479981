"""What holds of every session: it ends, when idle or in any case, and may need a second step."""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from identity import events
from identity.factors import has_second_step, needs_second_step
from identity.kinds import SecurityKind
from org.models import User
from web.addresses import plain_address
from web.api.errors import answer_plainly

SEEN: Final = "seen_at"
SINCE: Final = "signed_in_since"
SECOND_STEP: Final = "has_second_step"
EVERY: Final = 60  # seconds between two notes of when a session was seen
# What a page asks for by itself keeps no session alive, unless somebody types or clicks there.
POLLED: Final = ("/live/", "/counts/", "/suggestions/", "/session/left/")
HERE: Final = "here"
FREE: Final = (
    *("/account/", "/login/", "/logout/", "/i18n/", "/password/", "/session/", "/static/"),
    *("/healthz", "/readyz", "/metrics"),
)
REFUSALS: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
KEYS: Final = {"Authorization": "key", "X-Biller-Signature": "signature"}
TOKENS: Final = "/account/tokens/"  # a token would go past the second step


class SignedIn:
    """Middleware of sessions; stands behind authentication and messages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Return the answer of the view, or what comes first."""
        if SESSION_KEY in request.session:
            person = request.user
            if not isinstance(person, User):  # left, or the password is another by now
                request.session.flush()
            elif why := self._is_over(request):
                address = plain_address(request)
                events.record(SecurityKind.SESSION_EXPIRED, person=person, address=address, why=why)
                logout(request)
            elif self._lacks_second_step(request, person):
                return _set_up_first(request)
        answer = self.get_response(request)
        if answer.status_code in REFUSALS:
            _note_refusal(request, answer)
        return answer

    def _is_over(self, request: HttpRequest) -> str:
        """Return why the session is over; "" while it goes on."""
        longest = settings.SESSION_HOURS * 3600
        since = request.session.setdefault(SINCE, int(time.time()))
        if longest and time.time() - since > longest:
            return "longest"
        return "idle" if self._is_idle(request) else ""

    def _is_idle(self, request: HttpRequest) -> bool:
        now = int(time.time())
        seen = request.session.get(SEEN, now)
        limit = settings.SESSION_IDLE_MINUTES * 60
        if limit and now - seen > limit:
            return True
        polled = request.path.endswith(POLLED) and HERE not in request.GET
        if not polled and (SEEN not in request.session or now - seen >= EVERY):
            request.session[SEEN] = now
            rows = UserSession.objects.filter(session_key=request.session.session_key)
            rows.update(last_seen_at=timezone.now())
        return False

    def _lacks_second_step(self, request: HttpRequest, person: User) -> bool:
        free = request.path.startswith(FREE) and not request.path.startswith(TOKENS)
        if free or not needs_second_step(person):
            return False
        if request.session.get(SECOND_STEP):
            return False
        if has_second_step(person):
            request.session[SECOND_STEP] = True
            return False
        return True


def ends_at(request: HttpRequest) -> int | None:
    """Return when the session of staff ends if nothing more is done in it; None: never."""
    now = int(time.time())
    limits = (
        (request.session.get(SEEN, now), settings.SESSION_IDLE_MINUTES * 60),
        (request.session.get(SINCE, now), settings.SESSION_HOURS * 3600),
    )
    return min((since + limit for since, limit in limits if limit), default=None)


def _note_refusal(request: HttpRequest, answer: HttpResponse) -> None:
    """Put on record who was refused what, and from where wrong keys of programs came.

    That nobody is signed in yet is no refusal.
    """
    person, address = request.user, plain_address(request)
    if answer.status_code == HTTPStatus.FORBIDDEN and isinstance(person, User):
        match = request.resolver_match
        page = match.view_name if match else ""
        kind = SecurityKind.ACCESS_REFUSED
        events.record_refusal(kind, person=person, address=address, page=page)
    elif answer.status_code == HTTPStatus.UNAUTHORIZED:
        way = next((way for name, way in KEYS.items() if request.headers.get(name)), "")
        if way and request.path.startswith(("/api/", "/scim/")):
            kind = SecurityKind.KEY_REFUSED
            events.record_refusal(kind, person=None, address=address, way=way)


def _set_up_first(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return answer_plainly(request, "not_allowed")
    messages.warning(request, _("Your duty asks for a second step of signing in. Set it up first."))
    return HttpResponseRedirect(reverse("mfa_index"))

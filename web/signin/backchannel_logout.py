"""OpenID Connect Back-Channel Logout 1.0: a session that the provider ends is ended here too.

The provider itself calls, with a token that it signed.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, Final

import jwt
from allauth.core import context
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from requests import RequestException

from identity import events
from identity.kinds import SecurityKind
from org.models import User
from web.addresses import plain_address
from web.retry_later import braked
from web.signin.adapter import SESSION_THERE
from web.signin.oidc import LEEWAY, OfficeProvider
from web.signin.provider import need_provider
from web.throttle import Limit, TooManyAttemptsError, count_from

CALLS: Final = Limit("login.ended_there", 300, 900)
EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
KIND: Final = "logout+jwt"
OLDEST: Final = 300  # seconds since such a token was written


@csrf_exempt  # the call of a program, which brings no session: its token is what counts
def ended(request: HttpRequest, provider_id: str) -> HttpResponse:
    """End the sessions that the provider's token names; 400 for what is not to be believed."""
    need_provider(request, provider_id)
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    try:
        count_from(request, CALLS)
    except TooManyAttemptsError as error:
        return braked(HttpResponse(), error)
    try:
        with context.request_context(request):
            told = _claims(request, provider_id)
    except RequestException:  # its keys cannot be had now
        return HttpResponse(status=503, headers={"Retry-After": "30"})
    except (OAuth2Error, jwt.PyJWTError, ValueError, TypeError, AttributeError, OverflowError):
        return HttpResponse(status=400)
    _end(request, told, provider_id)
    return HttpResponse(status=200)


def _claims(request: HttpRequest, provider_id: str) -> dict[str, Any]:
    """Return the claims of a valid token of a log-out. Raise OAuth2Error."""
    adapter = OfficeProvider(request, provider_id)
    app = adapter.get_provider().app
    token = request.POST.get("logout_token", "")
    if jwt.get_unverified_header(token).get("typ", "").lower() != KIND:
        raise OAuth2Error("this is a token of another kind")
    claims = adapter.verified_claims(app, token, required=("iat", "aud", "iss", "jti"))
    happened = claims.get("events")
    fits = isinstance(happened, Mapping) and EVENT in happened and "nonce" not in claims
    if not fits or not (claims.get("sub") or claims.get("sid")):
        raise OAuth2Error("this is no token of a log-out")
    if time.time() - claims["iat"] > OLDEST + LEEWAY:
        raise OAuth2Error("the token of the log-out is too old")
    return claims


def _end(request: HttpRequest, told: Mapping[str, Any], provider_id: str) -> None:
    """End the sessions of the person, or the one named, as far as a sign-in there began them.

    Who has signed in since the token was written stays, whoever brings the token once more.
    """
    known = SocialAccount.objects.filter(provider=provider_id)
    if sub := str(told.get("sub") or ""):
        known = known.filter(uid=sub)
    people = User.objects.filter(pk__in=known.values("user_id"))
    name = str(told.get("sid") or "")
    counts: dict[int, int] = {}
    store = import_module(settings.SESSION_ENGINE).SessionStore
    written = datetime.fromtimestamp(told["iat"] + LEEWAY, UTC)
    for session in UserSession.objects.filter(user__in=people, created_at__lte=written):
        there = store(session.session_key).get(SESSION_THERE)
        if there is not None and (not name or there == name):
            session.end()
            counts[session.user_id] = counts.get(session.user_id, 0) + 1
    for person_id, count in counts.items():
        events.record(
            SecurityKind.SESSIONS_ENDED,
            person=None,
            subject=User.objects.get(pk=person_id),
            address=plain_address(request),
            way="provider",
            sessions=count,
        )

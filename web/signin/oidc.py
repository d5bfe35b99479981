"""What is believed of the identity provider of the house, more strictly than django-allauth does.

The metadata are those of the issuer that is set, every address of theirs is https (or on this
machine), and the ID token is signed by a key of the issuer, for us, now, and for this very sign-in,
which was as strong as OIDC_ACR and OIDC_MAX_AGE_MINUTES demand.
Redirects are followed nowhere.
"""

import hmac
import logging
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlsplit

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings

from org.strength import is_strong
from web.signin.untrue import UntrueError

log = logging.getLogger(__name__)

NONCE: Final = "office.nonce"
ALGORITHMS: Final = ("RS256", "PS256", "ES256")  # none that a shared secret could forge
LEEWAY: Final = 60  # seconds that two clocks may differ
_PLACES: Final = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
_METADATA: Final = "/.well-known/"


class OfficeProvider(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The provider of `OIDC_URL`."""

    def get_provider(self) -> Any:
        """Return allauth's provider, which goes by this adapter and sends the nonce of now."""
        provider = super().get_provider()
        provider.oauth2_adapter_class = type(self)
        nonce = self.request.session.get(NONCE, "")
        asked = {"nonce": nonce, **_demanded()}
        provider.app.settings = {**provider.app.settings, "auth_params": asked}
        return provider

    @property
    def openid_config(self) -> dict[str, Any]:
        """The metadata of the issuer that is set. Raise UntrueError where they are another's."""
        found = super().openid_config
        issuer = settings.OIDC_URL.partition(_METADATA)[0].rstrip("/")
        if not isinstance(found, dict) or str(found.get("issuer", "")).rstrip("/") != issuer:
            raise UntrueError("these are not the metadata of OIDC_URL")
        for name in _PLACES:
            _need_https(str(found.get(name, "")))
        return found

    def complete_login(self, request: Any, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """Return who signed in, by a right ID token and an answer about the same person."""
        claims = self._claims(app, kwargs["response"].get("id_token"))
        told = self._fetch_user_info(token.token)
        if not isinstance(told, dict) or told.get("sub") != claims["sub"]:
            raise UntrueError("the provider tells of somebody else")
        return self.get_provider().sociallogin_from_response(
            request, {"userinfo": told, "id_token": claims}
        )

    def _claims(self, app: Any, token: Any) -> dict[str, Any]:
        """Return what a right ID token says; its nonce is good once."""
        nonce = self.request.session.pop(NONCE, "")
        claims = self.verified_claims(app, token, required=("exp", "iat", "aud", "iss", "sub"))
        if not nonce or not hmac.compare_digest(
            str(claims.get("nonce", "")).encode(), nonce.encode()
        ):
            raise UntrueError("the ID token is of another sign-in")
        _need_strength(claims)
        return claims

    def verified_claims(self, app: Any, token: Any, *, required: Sequence[str]) -> dict[str, Any]:
        """Return the claims of a token that the issuer signed for us. Raise UntrueError."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token or "",
                key=self._key_of(token or ""),
                algorithms=list(ALGORITHMS),
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=LEEWAY,
                options={"require": list(required)},
            )
        except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
            raise UntrueError(f"the token is not right: {type(error).__name__}") from error
        others = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if len(others) > 1 and claims.get("azp") != app.client_id:
            raise UntrueError("the token is for somebody else")
        return claims

    def _key_of(self, token: str) -> Any:
        """Return the issuer's key by which the token says that it is signed."""
        with get_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(answer.json()).keys
        named = jwt.get_unverified_header(token).get("kid")
        fitting = [key for key in keys if key.key_id == named or len(keys) == 1]
        if not fitting:
            raise UntrueError("the ID token is signed by a key that is not the provider's")
        if not is_strong(fitting[0].key, rsa_bits=settings.PROVIDER_RSA_BITS):
            log.error("the provider of OIDC_URL signs by a key that is too weak (RSA_LEAST_BITS)")
            raise UntrueError("the ID token is signed by a weak key")
        return fitting[0].key


def begin(request: Any) -> None:
    """Draw the nonce of a sign-in that begins in this browser."""
    request.session[NONCE] = secrets.token_urlsafe(32)


def _demanded() -> dict[str, Any]:
    """Return the parameters required of the sign-in there (OpenID Connect Core, 3.1.2.1)."""
    told: dict[str, Any] = {}
    if settings.OIDC_ACR:
        told["acr_values"] = " ".join(settings.OIDC_ACR)
    if settings.OIDC_MAX_AGE_MINUTES:
        told["max_age"] = settings.OIDC_MAX_AGE_MINUTES * 60
    return told


def _need_strength(claims: Mapping[str, Any]) -> None:
    """Raise UntrueError where the sign-in there was weaker or longer ago than OIDC_… demands.

    A provider that says nothing of it is taken for a weak one.
    """
    if settings.OIDC_ACR and claims.get("acr") not in settings.OIDC_ACR:
        log.warning("the provider let somebody in by less than OIDC_ACR demands")
        raise UntrueError("the sign-in there was too weak")
    longest = settings.OIDC_MAX_AGE_MINUTES * 60
    if not longest:
        return
    then = claims.get("auth_time")
    if not isinstance(then, int) or time.time() - then > longest + LEEWAY:
        log.warning("the sign-in at the provider is longer ago than OIDC_MAX_AGE_MINUTES")
        raise UntrueError("the sign-in there was too long ago")


def _need_https(address: str) -> None:
    url = urlsplit(address)
    if url.scheme != "https" and not (url.scheme == "http" and settings.OIDC_NEAR):
        raise UntrueError("an address of the provider is not https")

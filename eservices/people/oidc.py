"""The port to an electronic identity: OpenID Connect, by authorization code with PKCE.

Nothing of an answer is believed before its signature, issuer, audience, time and nonce are checked.
Tested against a simulated peer; no national provider has been tried.
"""

import base64
import hashlib
import hmac
import json
import logging
import secrets
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

import jwt
import requests
from django.conf import settings

from org.bounded_answers import answer_of
from org.strength import is_strong

log = logging.getLogger(__name__)

LEEWAY: Final = 60  # seconds that two clocks may differ
ALGORITHMS: Final = ("RS256", "PS256", "ES256")  # none that a shared secret could forge


class OidcError(Exception):
    """The provider cannot be reached, or what it says is not to be believed; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Begun:
    """What is kept in the person's browser session while they are at the provider."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody's identity by the provider; `number` is "" where it gives none."""

    issuer: str
    subject: str
    name: str
    number: str


def is_set() -> bool:
    """Return whether this office has a provider."""
    return bool(settings.EID_URL)


def begin() -> tuple[Begun, str]:
    """Return what is to be kept, and the provider's address to send the person to."""
    begun = Begun(*(secrets.token_urlsafe(32) for _each in range(3)))
    challenge = hashlib.sha256(begun.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": settings.EID_CLIENT_ID,
        "redirect_uri": back_address(),
        "scope": settings.EID_SCOPE,
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    address = str(_provider()["authorization_endpoint"])
    return begun, f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def finish(begun: Begun, *, code: str, state: str) -> Identity:
    """Return who the person is, from the code that they brought back. Raise OidcError."""
    if not hmac.compare_digest(begun.state.encode(), state.encode()):
        raise OidcError("state")
    provider = _provider()
    claims = _claims(_token(provider, begun, code), provider)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), begun.nonce.encode()):
        raise OidcError("nonce")
    return Identity(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"])[:255],
        name=_name(claims),
        number=str(claims.get(settings.EID_NUMBER_CLAIM) or "").strip(),
    )


def back_address() -> str:
    """Return the office's address that is registered at the provider."""
    return f"{settings.PUBLIC_URL}/my/eid/back/"


def _provider() -> dict[str, Any]:
    """Return the provider's description, which must be its own."""
    found = _asked("GET", f"{settings.EID_URL}/.well-known/openid-configuration")
    wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if found.get("issuer") != settings.EID_URL or not all(found.get(name) for name in wanted):
        raise OidcError("issuer")
    return found


def _token(provider: dict[str, Any], begun: Begun, code: str) -> str:
    """Return the ID token for a code. Client and secret go by HTTP Basic (RFC 6749, 2.3.1)."""
    told = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back_address(),
        "code_verifier": begun.verifier,
        "client_id": settings.EID_CLIENT_ID,
    }
    client = (quote(settings.EID_CLIENT_ID, safe=""), quote(settings.EID_SECRET, safe=""))
    auth = client if settings.EID_SECRET else None
    answer = _asked("POST", str(provider["token_endpoint"]), data=told, auth=auth)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise OidcError("token")
    return token


def _claims(token: str, provider: dict[str, Any]) -> dict[str, Any]:
    try:
        keys = jwt.PyJWKSet.from_dict(_asked("GET", str(provider["jwks_uri"])))
        header = jwt.get_unverified_header(token)
        key = next(k for k in keys.keys if k.key_id == header.get("kid") or len(keys.keys) == 1)
        if not is_strong(key.key, rsa_bits=settings.PROVIDER_RSA_BITS):
            log.error("the provider of EID_URL signs by a key that is too weak (RSA_LEAST_BITS)")
            raise OidcError("signature")
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key.key,
            algorithms=list(ALGORITHMS),
            audience=settings.EID_CLIENT_ID,
            issuer=settings.EID_URL,
            leeway=LEEWAY,
            options={"require": ["exp", "iat", "aud", "iss", "sub"]},
        )
    except StopIteration as error:
        raise OidcError("signature") from error
    except jwt.InvalidAudienceError as error:
        raise OidcError("audience") from error
    except jwt.InvalidIssuerError as error:
        raise OidcError("issuer") from error
    except jwt.PyJWTError as error:
        raise OidcError("signature") from error
    others = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if len(others) > 1 and claims.get("azp") != settings.EID_CLIENT_ID:
        raise OidcError("audience")
    return claims


def _name(claims: dict[str, Any]) -> str:
    parts = (str(claims.get(part) or "") for part in ("given_name", "family_name"))
    name = str(claims.get("name") or "") or " ".join(part for part in parts if part)
    return " ".join(name.split())[:200]


def _asked(method: str, address: str, **more: Any) -> dict[str, Any]:
    """Return the JSON that an address of the provider answers; redirects are not followed."""
    try:
        answer = answer_of(method, address, **more)
        found = json.loads(answer.content)
        good = answer.status_code == requests.codes.ok
    except (requests.RequestException, OSError, ValueError, RecursionError) as error:
        raise OidcError("away") from error
    if not good or not isinstance(found, dict):
        raise OidcError("refused" if method == "POST" else "away")
    return found

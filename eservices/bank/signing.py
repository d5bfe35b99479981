"""Who signed a call: HMAC-SHA-256 over method, path with query, time and hash of the body.

Whatever is wrong costs the same work: as many secrets are tried as a partner may have, made-up ones
where there are none, and every part is judged to its end.
"""

import hashlib
import hmac
import logging
import re
import secrets
import time
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.conf import settings

from eservices.bank.keys import BYTES, MOST_LIVE, USE, live_secrets
from eservices.bank.models import PartnerSecret
from org.keys import InvalidToken, decipher, encipher

log = logging.getLogger(__name__)
MOST_SECONDS: Final = 300
VERSION: Final = "v1="
_CODE: Final = re.compile(r"[!-~]{1,40}")
_STAMP: Final = re.compile(r"[0-9]{1,12}")
_DIGEST: Final = re.compile(r"v1=[0-9a-fA-F]{64}")
_NO_DIGEST: Final = "0" * 64


@dataclass(frozen=True, slots=True)
class Signed:
    """What a call says of who signed it, as it came."""

    partner: str
    timestamp: str
    signature: str
    method: str
    path: str  # with the query, as it was sent
    body: bytes


def message_of(call: Signed) -> bytes:
    """Return the text that is signed."""
    digest = hashlib.sha256(call.body).hexdigest()
    return f"{call.method}\n{call.path}\n{call.timestamp}\n{digest}".encode()


def sign(secret: str, message: bytes) -> str:
    """Return the signature of a message."""
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def signer_of(call: Signed, *, now: float | None = None) -> PartnerSecret | None:
    """Return the secret by which a call was signed just now, with its partner; else None."""
    code = call.partner if _CODE.fullmatch(call.partner) else ""
    held = live_secrets().filter(partner__code=code, partner__active=True)
    # Two columns: to make rows of them would tell a partner's code by a tenth of a millisecond.
    rows = list(held.values_list("pk", "sealed")[:MOST_LIVE])
    message = message_of(call)
    given = call.signature.removeprefix(VERSION).lower()
    given = given if _DIGEST.fullmatch(call.signature) else _NO_DIGEST
    found = 0
    nobody = (0, _made_up(settings.SECRET_KEY))
    for pk, sealed in rows + [nobody] * (MOST_LIVE - len(rows)):
        fits = hmac.compare_digest(sign(_opened(sealed), message), given)
        found = pk if fits else found
    stamp = int(call.timestamp) if _STAMP.fullmatch(call.timestamp) else 0
    is_now = abs((time.time() if now is None else now) - stamp) <= MOST_SECONDS
    if not found or not is_now:
        return None
    return PartnerSecret.objects.select_related("partner").get(pk=found)


def _opened(sealed: str) -> str:
    """Return a secret; a made-up one for one of another SECRET_KEY, which nobody can sign with."""
    try:
        return decipher(sealed, use=USE)
    except InvalidToken:
        log.error("a bank partner's secret cannot be read: SECRET_KEY is another than when made")
        return decipher(_made_up(settings.SECRET_KEY), use=USE)


@lru_cache(maxsize=1)
def _made_up(_key: str) -> str:
    """Return a sealed secret of nobody, as long as a real one."""
    return encipher(secrets.token_urlsafe(BYTES), use=USE)

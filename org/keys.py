"""Keys of the office, one for each use, derived by HKDF-SHA-256 (RFC 5869).

Short-lived uses derive from SECRET_KEY and accept OLD_SECRET_KEYS too, so that a new key ends
nothing; what must last (codes on paper, deposits known again) derives from TRACKING_KEY.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.crypto import salted_hmac

__all__ = [
    "BLIND",
    "BOUND",
    "InvalidToken",
    "blind_index",
    "bound_by_today",
    "decipher",
    "decipher_bound",
    "decipher_lasting",
    "derived",
    "encipher",
    "encipher_bound",
    "encipher_lasting",
    "former_digests",
    "known_bounds",
    "lasting_digest",
    "renewed",
    "secrets",
]


BOUND: Final = "s1:"  # begins what `encipher_bound` returns
BLIND: Final = "i:"  # begins what `blind_index` returns
_KEPT: Final = "k1:"  # the version of what `encipher` returns; no text of Fernet's has a colon
_NONCE: Final = 12  # bytes, drawn for each value (NIST SP 800-38D)


def secrets() -> Iterator[str]:
    """Yield SECRET_KEY, then those before it, the newest first."""
    yield settings.SECRET_KEY
    yield from settings.SECRET_KEY_FALLBACKS


@lru_cache(maxsize=256)
def derived(secret: bytes, use: str) -> bytes:
    """Return the key of 32 bytes that a secret gives for one use."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"sijill:{use}".encode()).derive(
        secret
    )


def lasting_digest(use: str, text: str) -> str:
    """Return a keyed hash, as hexadecimal text, that stays the same when SECRET_KEY changes."""
    key = derived(settings.TRACKING_KEY, use)
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def former_digests(use: str, text: str) -> list[str]:
    """Return the keyed hashes that stood for the text before `lasting_digest`, by each secret."""
    value = text.encode("utf-8", "surrogatepass")
    return [
        salted_hmac(use, value, secret=secret, algorithm="sha256").hexdigest()
        for secret in secrets()
    ]


def encipher(text: str, *, use: str) -> str:
    """Return a secret as it is kept in the database: AES-256-GCM, behind its version."""
    return _kept(text, settings.SECRET_KEY.encode(), use)


def decipher(text: str, *, use: str) -> str:
    """Return a kept secret. Raise InvalidToken where none of the office's keys opens it."""
    known = [secret.encode() for secret in secrets()]
    former: list[bytes] = []
    if not text.startswith(_KEPT):
        former = [derived(secret, use) for secret in known]
        # What was kept before keys were derived by HKDF was enciphered by this hash.
        former += [hashlib.sha256(b"second step:" + secret).digest() for secret in known]
    return _opened(text, known, use, former=former)


def renewed(text: str, *, use: str) -> str:
    """Return a kept secret as `encipher` keeps it today. Raise InvalidToken as `decipher`."""
    return encipher(decipher(text, use=use), use=use)


def encipher_lasting(text: str, *, use: str) -> str:
    """Return a text for a sealed row: it is opened for as long as there is TRACKING_KEY."""
    return _kept(text, settings.TRACKING_KEY, use)


def decipher_lasting(text: str, *, use: str) -> str:
    """Return what `encipher_lasting` kept. Raise InvalidToken where TRACKING_KEY is another."""
    former = hashlib.sha256(use.encode() + b":" + settings.TRACKING_KEY).digest()
    return _opened(text, [settings.TRACKING_KEY], use, former=[former])


def _kept(text: str, secret: bytes, use: str) -> str:
    return _KEPT + _sealed(text, _cipher(secret, use), to=use)


def _opened(text: str, known: list[bytes], use: str, *, former: list[bytes]) -> str:
    """Return the text by the first key that opens it.

    What has no version is Fernet's (AES-128-CBC and HMAC), by one of the `former` keys: releases
    before 1 December 2026 kept secrets so.
    """
    if not text.startswith(_KEPT):
        keys = [Fernet(base64.urlsafe_b64encode(key)) for key in former]
        return MultiFernet(keys).decrypt(text.encode()).decode()
    for secret in known:
        try:
            return _unsealed(text[len(_KEPT) :], _cipher(secret, use), to=use)
        except InvalidToken:
            continue
    raise InvalidToken


def _sealed(text: str, cipher: AESGCM, *, to: str) -> str:
    nonce = os.urandom(_NONCE)
    sealed = nonce + cipher.encrypt(nonce, text.encode("utf-8", "surrogatepass"), to.encode())
    return base64.urlsafe_b64encode(sealed).decode()


def _unsealed(text: str, cipher: AESGCM, *, to: str) -> str:
    try:
        sealed = base64.urlsafe_b64decode(text)
        opened = cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], to.encode())
    except (InvalidTag, ValueError) as error:
        raise InvalidToken from error
    return opened.decode("utf-8", "surrogatepass")


@lru_cache(maxsize=32)
def _cipher(secret: bytes, use: str) -> AESGCM:
    return AESGCM(derived(secret, f"AES-256-GCM:{use}"))


def encipher_bound(text: str, *, to: str) -> str:
    """Return a text as its column keeps it: AES-256-GCM, good in the place that `to` names alone.

    It begins by the mark of its key, so that a database can count what a key still holds.
    """
    mark, cipher = _bound_cipher(settings.SECRET_KEY)
    return mark + _sealed(text, cipher, to=to)


def decipher_bound(kept: str, *, to: str) -> str:
    """Return the text. Raise InvalidToken where no key opens it, or it belongs elsewhere."""
    for secret in secrets():
        mark, cipher = _bound_cipher(secret)
        if kept.startswith(mark):
            return _unsealed(kept[len(mark) :], cipher, to=to)
    raise InvalidToken


def bound_by_today() -> str:
    """Return how a text begins that today's SECRET_KEY enciphered for its column."""
    return _bound_cipher(settings.SECRET_KEY)[0]


def known_bounds() -> list[str]:
    """Return how texts begin that some key of the office opens, the newest first."""
    return [_bound_cipher(secret)[0] for secret in secrets()]


def blind_index(spelling: str) -> str:
    """Return a keyed hash of a value in its one spelling, by which equal values are found.

    The same for every column, and for as long as TRACKING_KEY: a telephone of the directory is
    found among calls, and a new SECRET_KEY changes no key of a unique index.
    """
    return f"{BLIND}{lasting_digest('blind index', spelling)[:32]}"


@lru_cache(maxsize=32)
def _bound_cipher(secret: str) -> tuple[str, AESGCM]:
    """Return the mark of a secret's key for columns, and its cipher."""
    key = derived(secret.encode(), "column")
    mark = hashlib.sha256(b"mark of a key:" + key).hexdigest()[:8]
    return f"{BOUND}{mark}:", AESGCM(key)

"""Keys of the office, one for each use, derived by HKDF-SHA-256 (RFC 5869).

Short-lived uses derive from SECRET_KEY and accept OLD_SECRET_KEYS too, so that a new key ends
nothing; what must last (codes on paper, deposits known again) derives from TRACKING_KEY.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterator
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.crypto import salted_hmac

__all__ = [
    "InvalidToken",
    "decipher",
    "derived",
    "encipher",
    "former_digests",
    "lasting_digest",
    "renewed",
    "secrets",
]


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
    """Return a secret as it is kept in the database."""
    return _cipher(use).encrypt(text.encode()).decode()


def decipher(text: str, *, use: str) -> str:
    """Return a kept secret. Raise InvalidToken where none of the office's keys opens it."""
    return _cipher(use).decrypt(text.encode()).decode()


def renewed(text: str, *, use: str) -> str:
    """Return a kept secret enciphered by today's SECRET_KEY. Raise InvalidToken as `decipher`."""
    return _cipher(use).rotate(text.encode()).decode()


def _cipher(use: str) -> MultiFernet:
    keys = [derived(secret.encode(), use) for secret in secrets()]
    # What was kept before keys were derived by HKDF was enciphered by this hash.
    keys += [hashlib.sha256(f"second step:{secret}".encode()).digest() for secret in secrets()]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])

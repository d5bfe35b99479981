"""Until when the certificates of the keys that sign are valid, and whether a key is weak."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from org.strength import is_strong
from registry.book.signing import key_of, office_key


@dataclass(frozen=True, slots=True)
class KeyDate:
    """A key by its owner ("": the office); no day where it cannot be opened."""

    owner: str
    ends_at: datetime | None
    is_weak: bool = False


def key_dates() -> Iterator[KeyDate]:
    """Yield the office's key, where there is one, and those of people."""
    if settings.SIGNING_KEY_FILE:
        key = office_key()
        yield _date_of("", key.path, key.password)
    if settings.SIGNING_KEYS_DIR:
        for path in sorted(Path(settings.SIGNING_KEYS_DIR).glob("*.p12")):
            found = key_of(path.stem)
            yield _date_of(path.stem, path, found.password if found else "")


def _date_of(owner: str, path: Path, password: str) -> KeyDate:
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        key, certificate, _chain = pkcs12.load_key_and_certificates(
            path.read_bytes(), password.encode() or None
        )
    except (OSError, ValueError):
        return KeyDate(owner, None)
    if key is None or certificate is None:
        return KeyDate(owner, None)
    weak = not is_strong(key, rsa_bits=settings.SIGNING_RSA_BITS)
    return KeyDate(owner, certificate.not_valid_after_utc, is_weak=weak)

"""Until when the certificates of the keys that sign are valid."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from registry.book.signing import key_of, office_key


@dataclass(frozen=True, slots=True)
class KeyDate:
    """A key by its owner ("": the office); no day where it cannot be opened."""

    owner: str
    ends_at: datetime | None


def key_dates() -> Iterator[KeyDate]:
    """Yield the office's key, where there is one, and those of people."""
    if settings.SIGNING_KEY_FILE:
        key = office_key()
        yield KeyDate("", _end(key.path, key.password))
    if settings.SIGNING_KEYS_DIR:
        for path in sorted(Path(settings.SIGNING_KEYS_DIR).glob("*.p12")):
            found = key_of(path.stem)
            yield KeyDate(path.stem, _end(path, found.password if found else ""))


def _end(path: Path, password: str) -> datetime | None:
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        _key, certificate, _chain = pkcs12.load_key_and_certificates(
            path.read_bytes(), password.encode() or None
        )
    except (OSError, ValueError):
        return None
    return certificate.not_valid_after_utc if certificate else None

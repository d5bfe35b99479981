"""Signing PDFs with pyHanko (PAdES): the office's own pages, and replies in a person's name.

Keys are PKCS#12 files: the office's is SIGNING_KEY_FILE; a person's is NAME.p12 in
SIGNING_KEYS_DIR, its password in NAME.pass beside it. They never pass through the database.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

TIMESTAMP_SECONDS = 20


class TimestampAwayError(Exception):
    """The timestamp authority cannot be reached, or gives no timestamp."""


@dataclass(frozen=True, slots=True)
class Key:
    """Where a key with its certificate lies, and what opens it."""

    path: Path
    password: str = ""


def signed(pdf: bytes) -> bytes:
    """Return the PDF with the office's PAdES signature; unchanged when no key is configured."""
    if not settings.SIGNING_KEY_FILE:
        return pdf
    return pades(pdf, key=office_key())


def key_of(username: str) -> Key | None:
    """Return the person's key, else the office's; None where there is neither."""
    if settings.SIGNING_KEYS_DIR:
        folder = Path(settings.SIGNING_KEYS_DIR)
        path = folder / f"{username}.p12"
        if path.parent == folder and path.is_file():
            secret = path.with_suffix(".pass")
            password = secret.read_text(encoding="utf-8").strip() if secret.is_file() else ""
            return Key(path, password)
    return office_key() if settings.SIGNING_KEY_FILE else None


def office_key() -> Key:
    """Return the office's key, where SIGNING_KEY_FILE names one."""
    return Key(Path(settings.SIGNING_KEY_FILE), settings.SIGNING_KEY_PASSWORD)


def is_usable(key: Key) -> bool:
    """Return whether the key can be opened."""
    try:
        _signer(key)
    except ImproperlyConfigured:
        return False
    return True


def pades(pdf: bytes, *, key: Key, timestamper: Any = None, name: str = "") -> bytes:
    """Return the PDF with a signature PAdES B-B, or B-T with a timestamper; `name` is the signer.

    Raise ImproperlyConfigured for a key that cannot be used, TimestampAwayError.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.timestamps import TimestampRequestError

    meta = signers.PdfSignatureMetadata(
        field_name="Sijill", subfilter=SigSeedSubFilter.PADES, name=name or None
    )
    out = io.BytesIO()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    try:
        signers.sign_pdf(writer, meta, signer=_signer(key), timestamper=timestamper, output=out)
    except (TimestampRequestError, TimeoutError) as error:
        raise TimestampAwayError from error
    return out.getvalue()


def timestamper() -> Any:
    """Return the timestamp authority of TIMESTAMP_URL (RFC 3161); None where none is set."""
    if not settings.TIMESTAMP_URL:
        return None
    from registry.stamper import StraightTimeStamper

    return StraightTimeStamper(settings.TIMESTAMP_URL, timeout=TIMESTAMP_SECONDS)


def _signer(key: Key) -> Any:
    from pyhanko.sign import signers

    signer: Any = signers.SimpleSigner.load_pkcs12(  # type: ignore[no-untyped-call]
        str(key.path), passphrase=key.password.encode() or None
    )
    if signer is None:
        raise ImproperlyConfigured("SIGNING_KEY_FILE (or SIGNING_KEYS_DIR) holds no usable key")
    return signer

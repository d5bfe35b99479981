"""Signing the office's own PDFs with pyHanko, when SIGNING_KEY_FILE names a PKCS#12 key."""

import io
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def signed(pdf: bytes) -> bytes:
    """The PDF with a PAdES signature of the office; unchanged when no key is configured."""
    if not settings.SIGNING_KEY_FILE:
        return pdf
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter

    password = settings.SIGNING_KEY_PASSWORD.encode() or None
    signer: Any = signers.SimpleSigner.load_pkcs12(  # type: ignore[no-untyped-call]
        settings.SIGNING_KEY_FILE, passphrase=password
    )
    if signer is None:
        raise ImproperlyConfigured("SIGNING_KEY_FILE holds no usable PKCS#12 key")
    meta = signers.PdfSignatureMetadata(field_name="Sijill", subfilter=SigSeedSubFilter.PADES)
    out = io.BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), meta, signer=signer, output=out)
    return out.getvalue()

"""What production lacks so that its register is proven: key, signer, timestamp, anchor outside."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from org.start_words import gettext as _
from org.strength import OWN_BITS, is_strong
from signer.note import COSIGNATURE, NoteError, VerifierKey, read_key

NONE: Final = "none"  # this office does without
EMBEDDED: Final = "embedded"  # SIGNER_SOCKET: `manage up` starts the signer itself
READ: Final = ("SIGNER_SOCKET", "TIMESTAMP_URL", "ANCHOR_URL", "ANCHOR_WITNESSES", "WITNESS_URLS")


def witness_urls(text: str) -> list[tuple[VerifierKey, str]]:
    """Return the witnesses of WITNESS_URLS: `KEY URL`, separated by commas. Raise ValueError."""
    found = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        key, _space, url = part.partition(" ")
        if urlsplit(url.strip()).scheme not in {"http", "https"}:
            raise ValueError(_("Each is a verifier key, a space, and an https:// address."))
        known = read_key(key)
        if known.kind != COSIGNATURE:
            raise ValueError(_("%(name)s is no key of cosignatures.") % {"name": known.name})
        found.append((known, url.strip().rstrip("/")))
    return found


def unreadable(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the settings that cannot be read, in any office, each with the remedy."""
    try:
        witness_urls(given.get("WITNESS_URLS", ""))
    except NoteError:
        yield "WITNESS_URLS", _("A verifier key in it cannot be read.")
    except ValueError as error:
        yield "WITNESS_URLS", str(error)
    url = given.get("ANCHOR_URL", "")
    if url and urlsplit(url).scheme not in {"s3", "file"}:
        yield (
            "ANCHOR_URL",
            _("It must be s3://key:secret@host/bucket?lock_days=…, or file:///folder."),
        )


def missing(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the settings that production lacks, each with the remedy."""
    if not given.get("SIGNER_SOCKET"):
        yield (
            "SIGNER_SOCKET",
            _(
                "Set it to the socket of the signer’s own service (python -m signer serve); to "
                "have the web server start one beside it say embedded."
            ),
        )
    if urlsplit(given.get("TIMESTAMP_URL", "")).scheme not in {"http", "https"}:
        yield (
            "TIMESTAMP_URL",
            _(
                "Set it to a timestamp authority (RFC 3161): it says when the register stood as it "
                "is."
            ),
        )
    url, people = given.get("ANCHOR_URL", ""), given.get("ANCHOR_WITNESSES", "")
    if not any((url, people, given.get("WITNESS_URLS"))):
        yield (
            "ANCHOR_URL",
            _(
                "Set it to a store that the owner of the database does not own (or name people in "
                "ANCHOR_WITNESSES, or witnesses in WITNESS_URLS): what never leaves the house is "
                "rewritten with it."
            ),
        )
    if url.startswith("s3:") and "lock_days=" not in url:
        yield "ANCHOR_URL", _("Add lock_days=…: what can be deleted there proves little.")


def signing(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the key by which pages of the register are signed."""
    path = given.get("SIGNING_KEY_FILE", "")
    if not path:
        yield (
            "SIGNING_KEY_FILE",
            _("Set it to a PKCS#12 file; to leave the pages of the register unsigned say none."),
        )
    elif path != NONE:
        told = given.get("RSA_LEAST_BITS", "")
        bits = int(told) if told.isdecimal() else OWN_BITS
        yield from _key_file(Path(path), given.get("SIGNING_KEY_PASSWORD", ""), bits=bits)


def _key_file(path: Path, password: str, *, bits: int) -> Iterator[tuple[str, str]]:
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        key, certificate, _chain = pkcs12.load_key_and_certificates(
            path.read_bytes(), password.encode() or None
        )
    except OSError as error:
        yield ("SIGNING_KEY_FILE", _("It cannot be read: %(why)s.") % {"why": error.strerror})
    except ValueError:
        yield (
            "SIGNING_KEY_FILE",
            _("SIGNING_KEY_PASSWORD does not open it, or it is no PKCS#12 file."),
        )
    else:
        if key is None or certificate is None:
            yield ("SIGNING_KEY_FILE", _("It lacks the key or its certificate."))
        elif not is_strong(key, rsa_bits=bits):
            words = _(
                "Its key is weaker than RSA of %(bits)d bits: ask the authority for a stronger "
                "one. Until its certificate comes, RSA_LEAST_BITS=2048 takes one of 2048."
            )
            yield ("SIGNING_KEY_FILE", words % {"bits": bits})

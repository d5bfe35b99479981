"""What production lacks so that its register is proven: signer, timestamp, anchor outside."""

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

from signer.note import COSIGNATURE, NoteError, VerifierKey, read_key

EMBEDDED: Final = "embedded"  # SIGNER_SOCKET: `manage up` starts the signer itself
READ: Final = ("SIGNER_SOCKET", "TIMESTAMP_URL", "ANCHOR_URL", "ANCHOR_WITNESSES", "WITNESS_URLS")


def witness_urls(text: str) -> list[tuple[VerifierKey, str]]:
    """Return the witnesses of WITNESS_URLS: `KEY URL`, separated by commas. Raise ValueError."""
    found = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        key, _, url = part.partition(" ")
        if urlsplit(url.strip()).scheme not in {"http", "https"}:
            raise ValueError("each is a verifier key, a space, and an https:// address")
        known = read_key(key)
        if known.kind != COSIGNATURE:
            raise ValueError(f"{known.name} is no key of cosignatures")
        found.append((known, url.strip().rstrip("/")))
    return found


def unreadable(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the settings that cannot be read, in any office, each with the remedy."""
    try:
        witness_urls(given.get("WITNESS_URLS", ""))
    except (NoteError, ValueError) as error:
        yield "WITNESS_URLS", f"It cannot be read: {error}."
    url = given.get("ANCHOR_URL", "")
    if url and urlsplit(url).scheme not in {"s3", "file"}:
        yield "ANCHOR_URL", "It must be s3://key:secret@host/bucket?lock_days=…, or file:///folder."


def missing(given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the settings that production lacks, each with the remedy."""
    if not given.get("SIGNER_SOCKET"):
        yield (
            "SIGNER_SOCKET",
            "Set it to the socket of the signer's own service (python -m signer serve); to have "
            "the web server start one beside it say embedded.",
        )
    if urlsplit(given.get("TIMESTAMP_URL", "")).scheme not in {"http", "https"}:
        yield (
            "TIMESTAMP_URL",
            "Set it to a timestamp authority (RFC 3161): it says when the register stood as it is.",
        )
    url, people = given.get("ANCHOR_URL", ""), given.get("ANCHOR_WITNESSES", "")
    if not any((url, people, given.get("WITNESS_URLS"))):
        yield (
            "ANCHOR_URL",
            "Set it to a store that the owner of the database does not own (or name people in "
            "ANCHOR_WITNESSES, or witnesses in WITNESS_URLS): what never leaves the house is "
            "rewritten with it.",
        )
    if url.startswith("s3:") and "lock_days=" not in url:
        yield "ANCHOR_URL", "Add lock_days=…: what can be deleted there proves little."

"""An entry as the log holds it, and the proof that a process with the office's secret made it."""

import hashlib
import hmac
import json
import secrets
import time
from datetime import datetime
from functools import cache
from typing import Any, Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from ledger.canonical import canonical


class Entry(Protocol):
    """What a leaf is made of."""

    at: Any
    label: str
    act: str
    lines: str
    nonce: str


def new_nonce() -> str:
    """Return a nonce: 48 bits of time, so that its index grows at one end, and 80 of chance."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def leaf_of(entry: Entry) -> bytes:
    """Return the leaf. It hides the rows from who has not the nonce, and binds them for who has."""
    return make_leaf(
        at=entry.at, label=entry.label, act=entry.act, lines=entry.lines, nonce=entry.nonce
    )


def make_leaf(*, at: datetime, label: str, act: str, lines: str, nonce: str) -> bytes:
    """Return the leaf of these values."""
    blinded = hashlib.sha256(f"{nonce}\n{lines}".encode()).hexdigest()
    told = {"act": act, "at": canonical(at), "digest": blinded, "table": label, "v": 1}
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


def mac_of(leaf: bytes) -> str:
    """Return the code by which the sequencer knows an entry of the office's own."""
    return hmac.digest(_key(settings.TRACKING_KEY), leaf, "sha256").hex()


def is_ours(leaf: bytes, mac: str) -> bool:
    """Return whether the code is right."""
    return hmac.compare_digest(mac_of(leaf), mac)


@cache
def _key(secret: bytes) -> bytes:
    """Return the key of these codes; it stays when SECRET_KEY changes, as entries may wait."""
    return HKDF(SHA256(), length=32, salt=None, info=b"sijill:ledger.entry").derive(secret)

"""The citizen's tracking code: eight unambiguous consonants, beside the public number."""

import hashlib
import hmac
from uuid import UUID

from django.conf import settings

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"  # 20 consonants, no vowel, no digit, no Y
LENGTH = 8  # 20^8 ≈ 2.6e10 codes


def _keyed(purpose: str, text: str) -> bytes:
    message = f"{purpose}:{text}".encode()
    return hmac.new(settings.TRACKING_KEY, message, hashlib.sha256).digest()


def code_of(letter_id: UUID) -> str:
    """Return the letter's code, e.g. "BKTR-MWDQ": an HMAC of its random id under a secret key.

    So the receipt can be printed again without the code being stored anywhere.
    """
    return spelled(_keyed("code", str(letter_id)), length=LENGTH)


def spelled(digest: bytes, *, length: int) -> str:
    """Return a digest as a code of so many consonants, in groups of four."""
    number = int.from_bytes(digest, "big")
    letters = []
    for _ in range(length):
        number, index = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[index])
    return "-".join("".join(letters[at : at + 4]) for at in range(0, length, 4))


def code_hash(letter_id: UUID, code: str) -> str:
    """Return the hash that the database keeps of a code."""
    plain = "".join(c for c in code.upper() if c.isalpha())
    return _keyed("hash", f"{letter_id}:{plain}").hex()


def code_fits(letter_id: UUID, stored_hash: str, code: str) -> bool:
    """Return whether a person's code is the letter's, in constant time."""
    return hmac.compare_digest(stored_hash, code_hash(letter_id, code))

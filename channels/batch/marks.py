"""The office's own marks: QR codes of separator sheets and stickers, as opposed to foreign codes.

`SIJILL/SEP/…` and `SIJILL/STK/…`: kind, number, and a check by a key of this office, so that a
sheet of another office, or a forged one, cuts nothing here. Capitals and digits only: such codes
need the fewest dots.
"""

import base64
import secrets
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

PREFIX: Final = "SIJILL"
SEPARATOR, STICKER = "SEP", "STK"
_ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without look-alikes
_DIGITS: Final = 9  # characters of a sticker's number
_CHECK: Final = 10  # characters of 5 bits


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of this office: its kind and its number."""

    kind: str
    number: str


def new_number() -> str:
    """Return a number that no other sticker has: 45 bits from a secure source."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_DIGITS))


def code_of(mark: Mark) -> str:
    """Return the text of the mark's QR code."""
    return f"{PREFIX}/{mark.kind}/{mark.number}/{_check(mark)}"


def read_mark(text: str) -> Mark | None:
    """Return the mark that a QR code holds; None for a code that is not this office's."""
    parts = text.strip().split("/")
    if len(parts) != 4 or parts[0] != PREFIX or parts[1] not in (SEPARATOR, STICKER):
        return None
    mark = Mark(parts[1], parts[2][:40])
    return mark if constant_time_compare(parts[3], _check(mark)) else None


def sticker_of(text: str) -> Mark | None:
    """Return the sticker whose code was scanned, or whose number and check were typed.

    Typed from its label, in any case and with any separators; None for what is no sticker of this
    office.
    """
    mark = read_mark(text)
    if mark is None:
        signs = "".join(sign for sign in text.upper() if sign.isascii() and sign.isalnum())
        number, check = signs[:_DIGITS], signs[_DIGITS:].replace("0", "O").replace("1", "I")
        mark = read_mark(f"{PREFIX}/{STICKER}/{number}/{check}")
    return mark if mark and mark.kind == STICKER else None


def check_of(mark: Mark) -> str:
    """Return the check as a label shows it to whoever types it."""
    return _check(mark)


def _check(mark: Mark) -> str:
    """Return the check, by the key of tracking codes.

    The office keeps that key, since codes on paper depend on it.
    """
    digest = salted_hmac(
        "channels.batch.mark",
        f"{mark.kind}/{mark.number}",
        secret=settings.TRACKING_KEY.hex(),
        algorithm="sha256",
    ).digest()
    return base64.b32encode(digest).decode()[:_CHECK]

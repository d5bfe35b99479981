"""The code of a contract: printed on its bills, kept as a keyed hash alone."""

import hashlib
import hmac
import unicodedata
from typing import Final

from django.conf import settings

from language.numerals import ascii_digits

LEAST: Final = 4
MOST: Final = 40


def plain_code(code: str) -> str:
    """Return the letters and digits of a code, as they are compared: capitals, ASCII digits."""
    bare = unicodedata.normalize("NFKC", ascii_digits(code)).upper()
    return "".join(sign for sign in bare if sign.isalnum())


def access_hash(number_key: str, code: str) -> str:
    """Return the keyed hash of a contract's code, the same however it is typed."""
    return keyed("access", f"{number_key}:{plain_code(code)}")


def keyed(purpose: str, text: str) -> str:
    """Return a keyed hash of a text, for one purpose."""
    message = f"contracts.{purpose}:{text}".encode()
    return hmac.new(settings.TRACKING_KEY, message, hashlib.sha256).hexdigest()

"""Accounts of Moroccan banks (RIB): 24 digits, the last two of them a key."""

import re


def is_rib(text: str) -> bool:
    """Return whether a text is an account whose key is right; spaces do not matter."""
    digits = re.sub(r"\s", "", text)
    return re.fullmatch(r"[0-9]{24}", digits) is not None and int(digits) % 97 == 0

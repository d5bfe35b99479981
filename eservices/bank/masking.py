"""Names as a bank may show them before anything is paid: "M. B***"."""

from typing import Final

HIDDEN: Final = "***"


def masked(name: str) -> str:
    """Return a name with its first letters alone, of any script; "" for none."""
    words = [word for word in (_bare(part) for part in name.split()) if word]
    if not words:
        return ""
    last = f"{words[-1][0].upper()}{HIDDEN}"
    return last if len(words) == 1 else f"{words[0][0].upper()}. {last}"


def _bare(word: str) -> str:
    """Return a word from its first letter or digit on."""
    for place, sign in enumerate(word):
        if sign.isalnum():
            return word[place:]
    return ""

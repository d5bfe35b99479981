"""What the writer of a mail wrote: without the mail beneath that it answers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_LETTER: Final = r"[^\W\d_]"
# "-----Message d'origine-----", "Le 20 mai 2026 à 09:12, Service X a écrit :", lines behind ">".
_BEGINS: Final = re.compile(
    r"^[^\S\n]*(?:[-_=*]{2,}[^\n\w]*(?:message d['’]origine|original message"
    r"|message transf[ée]r[ée]"
    r"|forwarded message|الرسالة الأصلية|رسالة محولة)[^\n]*"
    r"|(?:le|on|في|بتاريخ|يوم)\s(?=[^\n]{0,160}(?:@|\d\s?[:h]\s?\d\d|\n\s*>))[^\n]{6,160}?"
    r"(?:a écrit|wrote|كتبت?)[^\n]{0,60}:?\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
_BEHIND_SIGN: Final = re.compile(r"^[^\S\n]*>[^\n]*$", re.MULTILINE)
# Bars before a line quote it as well; with a bar further on the line is a table's.
_BENEATH: Final = re.compile(r"^[^\S\n]*(?:>[^\n]*|\|(?:[^\S\n]*\|)*[^\n|]*)$", re.MULTILINE)
_HEADER: Final = re.compile(
    r"^[^\S\n]*(?:subject|sujet|objet|from|de|to|à|date|sent|envoyé|cc|الموضوع|من|إلى|التاريخ)\s?:"
    r"[^\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ENOUGH: Final = 12  # letters over a quoted mail; with fewer it is forwarded, and is the letter


@lru_cache(maxsize=1)  # sender and date ask for the same letter
def without_quoted(text: str) -> str:
    """Return the text without the mail quoted in it; the whole where nothing stands above."""
    begins = _BEGINS.search(text)
    above = text[: begins.start()] if begins else text
    plain = _BEHIND_SIGN.sub("", above)
    if _is_enough(plain):
        return plain
    rest = _BENEATH.sub("", text)  # the first mail is the letter; what it answers may follow
    again = _BEGINS.search(rest)
    return rest if again and _answers(text, rest, rest[again.end() :]) else text


def _answers(text: str, rest: str, below: str) -> bool:
    """Return whether what is left below the header is the letter, and not the mail it quotes.

    It is where it stands before the quoted mail, or is longer: a forwarded letter may stand behind
    signs of its own, with no more than "Envoyé de mon iPhone" under it.
    """
    if not _is_enough(below):
        return False
    begins = _BEGINS.search(text)
    quoted = _BENEATH.search(text, begins.end()) if begins else None
    if begins and quoted and _is_enough(text[begins.end() : quoted.start()]):
        return True
    return _letters(below) > _letters(text) - _letters(rest)


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _is_enough(text: str) -> bool:
    return len(re.findall(_LETTER, _HEADER.sub("", text[:2000]))) >= _ENOUGH

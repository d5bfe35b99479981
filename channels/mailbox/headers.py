"""A mail's headers decoded to plain text: nothing here raises on hostile ones."""

import re
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from typing import Final, TypeAlias

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from language.lines import one_line

Mail: TypeAlias = "Message[str, str]"
_ID: Final = re.compile(r"<([^<>\s]{1,255})>")
_WORD: Final = r"=\?[^?\s]{1,80}\?[bq]\?.{0,2000}?\?="
_WORDS: Final = re.compile(rf"({_WORD}(?:\s+{_WORD})*)", re.IGNORECASE | re.DOTALL)
MOST_IDS: Final = 50


def text_of(mail: Mail, name: str, longest: int = 500) -> str:
    """Return the header's text on one line, "" where there is none."""
    raw = mail.get(name)
    return one_line(_decoded(str(raw)), longest) if raw is not None else ""


def _decoded(raw: str) -> str:
    """Decode encoded words (RFC 2047) and bare 8-bit text, each in its charset as far as known.

    Only the words are handed to the library: it writes letters beside them as `\\u0634`.
    """
    pieces = _WORDS.split(raw[:20_000])
    return "".join(_words(one) if at % 2 else _part(one, None) for at, one in enumerate(pieces))


def _words(encoded: str) -> str:
    try:
        parts = decode_header(encoded)
    except Exception:  # hostile headers raise any exception
        parts = [(encoded, None)]
    return "".join(_part(text, charset) for text, charset in parts)


def _part(text: str | bytes, charset: str | None) -> str:
    if isinstance(text, str):
        text = text.encode("ascii", "surrogateescape") if _is_eight_bit(text) else text
    if isinstance(text, str):
        return text
    for one in (charset or "utf-8", "utf-8"):
        try:
            return text.decode(one)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return text.decode("cp1252", "replace")


def _is_eight_bit(text: str) -> bool:
    return all(c.isascii() or "\udc80" <= c <= "\udcff" for c in text) and not text.isascii()


def word_of(mail: Mail, name: str) -> str:
    """Return the first word of a header in lower case, as "auto-replied" of "Auto-Replied; a=b"."""
    found = re.split(r"[\s;(]", text_of(mail, name).lower(), maxsplit=1)
    return found[0]


def sender_of(mail: Mail) -> tuple[str, str]:
    """Return name and e-mail of the sender; each "" where the header gives none that is usable."""
    for header in ("From", "Sender", "Reply-To"):
        raw = mail.get_all(header, [])
        try:
            found = getaddresses([str(one)[:5000] for one in raw])
        except Exception:  # noqa: S112 - hostile headers raise what they like
            continue
        for name, address in found:
            if is_address(address):
                return one_line(_decoded(name), 200), address
    return text_of(mail, "From", 200), ""


def is_address(address: str) -> bool:
    """Return whether this is an e-mail address that the register accepts."""
    try:
        validate_email(address)
    except ValidationError:
        return False
    return len(address) <= 254


def message_id_of(mail: Mail) -> str:
    """Return the Message-ID without its brackets, "" where there is none."""
    return text_of(mail, "Message-ID", 300).strip("<> ")[:255]


def references_of(mail: Mail) -> list[str]:
    """Return the Message-IDs that it answers, the nearest first."""
    found = _ID.findall(text_of(mail, "In-Reply-To", 2000))
    found += reversed(_ID.findall(text_of(mail, "References", 10_000)))
    return list(dict.fromkeys(found))[:MOST_IDS]


def date_of(mail: Mail) -> datetime | None:
    """Return the moment at which the sender says it was written; None where that is invalid."""
    try:
        moment = parsedate_to_datetime(str(mail.get("Date")))
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except Exception:  # hostile headers raise any exception
        return None

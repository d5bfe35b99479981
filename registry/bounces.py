"""Message-IDs of the mails that we send, and bounces: shared by mailbox and replies."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final
from uuid import UUID

_LENGTH: Final = 22  # of a UUID in base 64, without its filling


@dataclass(frozen=True, slots=True)
class Bounce:
    """The mail of an outgoing letter that bounced.

    `message_id` is the one under which it left, `status` an enhanced status code (RFC 3463) or "".
    """

    letter_id: UUID
    message_id: str
    recipient: str
    status: str


def mail_name(sending_id: UUID, letter_id: UUID) -> str:
    """Return the left half of a Message-ID of ours: which sending, of which letter.

    Short, so that the header stays on one line, and not guessable.
    """
    return f"{_short(sending_id)}.{_short(letter_id)}"


def named_by(message_id: str) -> tuple[UUID, UUID] | None:
    """Return the sending and the letter that a Message-ID names; None for one that is not ours."""
    sending, dot, letter = message_id.strip("<> ").partition("@")[0].partition(".")
    if not dot or len(sending) != _LENGTH or len(letter) != _LENGTH:
        return None
    try:
        return _long(sending), _long(letter)
    except (binascii.Error, ValueError):
        return None


def _short(name: UUID) -> str:
    return urlsafe_b64encode(name.bytes).decode().rstrip("=")


def _long(text: str) -> UUID:
    return UUID(bytes=urlsafe_b64decode(f"{text}=="))

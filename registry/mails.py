"""Extraction of a mail's attachments as documents; the mail itself stays the original.

Attachments packed by Outlook into a winmail.dat are extracted too.
"""

import email.policy
import io
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from registry.files.kinds import EML, MSG, TNEF, RefusedError
from registry.tnef import MARK, BadTnefError, Tnef, read_tnef

MAILS = frozenset({EML, MSG, TNEF})
MAX_ATTACHMENTS = 100
MOST_PARTS = 1000  # a mail with a hundred attachments has some 110 of them
_HEAD = 256 * 1024  # bytes in which a mail's headers end


@dataclass(frozen=True, slots=True)
class Attachment:
    """A named part of a mail, decoded; `problem` is the code of why it could not be."""

    name: str
    content: bytes
    problem: str = ""

    def stream(self) -> io.BytesIO:
        """Return the bytes as a stream."""
        return io.BytesIO(self.content)


def attachments_of(path: Path, media_type: str) -> Iterator[Attachment]:
    """Yield the attachments of an EML or MSG file; a broken mail gives what it can.

    How many of them are taken (`MAX_ATTACHMENTS`) is for the caller, who tells of the others.

    Raise RefusedError("damaged") for a mail of so many or so deep parts that only an attack has
    them.
    """
    found = {EML: _of_eml, MSG: _of_msg, TNEF: _of_tnef}.get(media_type)
    if found is None:
        return
    each = found(path)
    if media_type != TNEF:
        each = (inner for one in each for inner in _unpacked(one))
    for count, attachment in enumerate(each):
        if count >= MOST_PARTS:
            raise RefusedError("damaged")
        yield attachment


def _unpacked(attachment: Attachment) -> Iterator[Attachment]:
    """Yield the attachment, or what is in it where it is a winmail.dat.

    Itself as well where not all of it is an attachment or text of the mail.
    """
    if not attachment.content.startswith(MARK):
        yield attachment
        return
    try:
        opened = read_tnef(attachment.content)
    except BadTnefError:
        yield attachment
        return
    if not opened.whole:
        yield attachment
    yield from _packed(opened)


def _of_tnef(path: Path) -> Iterator[Attachment]:
    try:
        yield from _packed(read_tnef(path.read_bytes()))
    except BadTnefError:  # it is kept as it is
        return


def _packed(opened: Tnef) -> Iterator[Attachment]:
    for number, one in enumerate(opened.attachments, start=1):
        yield Attachment(one.name[:200] or f"attachment-{number}", one.content)


def _of_eml(path: Path) -> Iterator[Attachment]:
    for number, part in enumerate(parts_of(path), start=1):
        if part.is_multipart() and part.get_content_type() != "message/rfc822":
            continue
        if part.get_content_type() == "message/rfc822":
            continue
        name = _name_of(part)
        inline_text = part.get_content_maintype() == "text" and not name
        disposition = str(part.get("Content-Disposition") or "").lower()
        if inline_text and not disposition.startswith("attachment"):
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield Attachment(name or f"attachment-{number}", content)


def parts_of(path: Path) -> "list[Message[str, str]]":
    """Return all parts of a mail, in their order, the mail itself first.

    Headers of bare 8-bit text are decoded. Raise RefusedError("damaged") for so many or so deep
    parts that only an attack has them: the parser itself knows no limit.
    """
    made = 0

    def make(**options: Any) -> "Message[str, str]":
        nonlocal made
        made += 1
        if made > MOST_PARTS:
            raise RefusedError("damaged")
        return Message(**options)

    try:
        with path.open("rb") as stream:
            parts = list(BytesParser(make, policy=email.policy.compat32).parse(stream).walk())
    except RecursionError as error:
        raise RefusedError("damaged") from error
    for part in parts:
        _read_bare_text(part)
    return parts


def _read_bare_text(part: "Message[str, str]") -> None:
    """Decode the headers of bare 8-bit text, of which `Message.get` answers replacement signs."""
    seen: set[str] = set()
    for name, raw in list(part.raw_items()):
        if not raw.isascii() and name.lower() not in seen:  # the first of a name alone is read
            part.replace_header(name, _in_utf8(raw))
        seen.add(name.lower())


def _in_utf8(raw: str) -> str:
    """Return text that the parser took for ASCII: as UTF-8, else as Windows' Western."""
    octets = raw.encode("utf-8", "surrogateescape")
    try:
        return octets.decode()
    except UnicodeDecodeError:
        return octets.decode("cp1252", "replace")


def _name_of(part: "Message[str, str]") -> str:
    from email.header import decode_header, make_header

    try:
        name = part.get_filename() or ""
        return str(make_header(decode_header(name)))[:200]
    except Exception:  # hostile headers raise anything
        return ""


def _of_msg(path: Path) -> Iterator[Attachment]:
    import oxmsg

    try:
        message = oxmsg.Message.load(str(path))
        parts = list(message.attachments)
    except Exception:  # a broken container: the mail itself is kept as it is
        return
    for number, part in enumerate(parts, start=1):
        name, content = f"attachment-{number}", None
        try:
            name = (part.file_name or "")[:200] or name
            content = part.file_bytes
        except Exception:  # noqa: S110 - told as unreadable; the next part may be whole
            pass
        if isinstance(content, bytes):
            yield Attachment(name, content)
        else:  # a mail within the mail has no bytes of its own
            yield Attachment(name, b"", problem="unreadable")


def message_id_of(path: Path) -> str:
    """Return the Message-ID of an EML file without its brackets; empty where it has none."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD).partition(b"\r\n\r\n")[0].partition(b"\n\n")[0]
    try:
        found = BytesParser(policy=email.policy.compat32).parsebytes(head, headersonly=True)
        return str(found.get("Message-ID") or "").strip().strip("<>")[:255]
    except Exception:  # hostile headers raise anything
        return ""

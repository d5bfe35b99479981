"""Contents of Outlook's winmail.dat (TNEF, MS-OXTNEF): its attachments, and its text.

One pass over the bytes, each copied once, whatever the lengths in it claim. Pure: no Django.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

MARK: Final = b"\x78\x9f\x3e\x22"
MOST_ATTRIBUTES: Final = 10_000
MOST_DEPTH: Final = 3  # of mails inside a mail
_ATTACHMENT_BEGINS: Final = 0x9002
_TITLE, _DATA, _PROPERTIES = 0x8010, 0x800F, 0x9005
_BODY, _MESSAGE_PROPERTIES, _CODE_PAGE = 0x800C, 0x9003, 0x9007
_LONG_NAME, _NAME, _SHOWN_NAME, _OBJECT = 0x3707, 0x3704, 0x3001, 0x3701
_TEXT, _RTF, _HTML = 0x1000, 0x1009, 0x1013
_MAIL_INSIDE: Final = bytes.fromhex("0703020000000000c000000000000046")  # IID_IMessage
_FIXED: Final = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
_VARIABLE: Final = frozenset({0x0D, 0x1E, 0x1F, 0x102})
_WIDE: Final = 0x1F


class BadTnefError(Exception):
    """These bytes are no TNEF, or end in the midst of it."""


@dataclass(slots=True)
class Packed:
    """An attachment; `name` may be empty."""

    name: str = ""
    content: bytes = b""


@dataclass(slots=True)
class Tnef:
    """What was found. `whole`: nothing else is left than the attachments and text here."""

    attachments: list[Packed] = field(default_factory=list)
    text: str = ""
    html: bytes = b""
    rtf: bytes = b""  # compressed (`registry.rtf_packing`)
    whole: bool = True


def read_tnef(content: bytes, *, depth: int = 0) -> Tnef:
    """Return what is in a winmail.dat. Raise BadTnefError."""
    if not content.startswith(MARK):
        raise BadTnefError("no TNEF")
    found, page = Tnef(), "cp1252"
    try:
        for name, data in _attributes(memoryview(content)):
            if name == _CODE_PAGE:
                page = _page(data)
            elif name == _ATTACHMENT_BEGINS:
                found.attachments.append(Packed())
            else:
                _add(found, name, data, page=page, depth=depth)
    except (struct.error, IndexError) as error:
        raise BadTnefError("cut off") from error
    return found


def _attributes(view: memoryview) -> Iterator[tuple[int, memoryview]]:
    at = 6
    for _count in range(MOST_ATTRIBUTES):
        if at >= len(view):
            return
        _level, name, _kind, length = struct.unpack_from("<BHHI", view, at)
        if at + 11 + length > len(view):
            raise BadTnefError("cut off")
        yield name, view[at + 9 : at + 9 + length]
        at += length + 11
    raise BadTnefError("too many attributes")


def _add(found: Tnef, name: int, data: memoryview, *, page: str, depth: int) -> None:
    if name in (_TITLE, _DATA, _PROPERTIES):
        if not found.attachments:
            raise BadTnefError("an attachment that never began")
        _add_to_attachment(found, name, data, page=page, depth=depth)
    elif name == _BODY:
        found.text = found.text or _decoded(data, page)
    elif name == _MESSAGE_PROPERTIES:
        for prop, kind, value in _properties(data):
            if prop == _TEXT:
                found.text = _decoded(value, "utf-16-le" if kind == _WIDE else page)
            elif prop == _RTF:
                found.rtf = bytes(value)
            elif prop == _HTML:
                found.html = bytes(value)


def _add_to_attachment(found: Tnef, name: int, data: memoryview, *, page: str, depth: int) -> None:
    last = found.attachments[-1]
    if name == _TITLE:
        last.name = last.name or _decoded(data, page)
    elif name == _DATA:
        last.content = bytes(data)
    else:
        names: dict[int, str] = {}
        for prop, kind, value in _properties(data):
            if prop in (_LONG_NAME, _NAME, _SHOWN_NAME):
                names[prop] = _decoded(value, "utf-16-le" if kind == _WIDE else page)
            elif prop == _OBJECT:
                _add_object(found, last, bytes(value), depth=depth)
        last.name = (
            names.get(_LONG_NAME) or last.name or names.get(_NAME) or names.get(_SHOWN_NAME, "")
        )


def _add_object(found: Tnef, last: Packed, content: bytes, *, depth: int) -> None:
    """Add the attachments of a mail inside the mail; anything else stays in its package."""
    inner = content.removeprefix(_MAIL_INSIDE)
    if inner.startswith(MARK) and depth < MOST_DEPTH:
        found.attachments[-1:-1] = read_tnef(inner, depth=depth + 1).attachments
        found.whole = False  # its own words
    elif not last.content:
        found.whole = False


def _properties(data: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    """Yield each property: its number, its type, its (first) value."""
    (count,) = struct.unpack_from("<I", data)
    at = 4
    for _number in range(min(count, len(data) // 4)):
        kind, prop = struct.unpack_from("<HH", data, at)
        at = _after_name(data, at + 4) if prop >= 0x8000 else at + 4
        many, kind = bool(kind & 0x1000), kind & ~0x1000
        values = 1
        if many or kind in _VARIABLE:
            (values,) = struct.unpack_from("<I", data, at)
            at += 4
        first = data[:0]
        for place in range(min(values, len(data) // 4)):
            value, at = _value(data, at, kind)
            first = value if place == 0 else first
        yield prop, kind, first


def _value(data: memoryview, at: int, kind: int) -> tuple[memoryview, int]:
    if kind in _VARIABLE:
        (length,) = struct.unpack_from("<I", data, at)
        at += 4
    elif kind in _FIXED:
        length = _FIXED[kind]
    else:
        raise BadTnefError("a property of no known type")
    if at + length > len(data):
        raise BadTnefError("cut off")
    return data[at : at + length], at + length + -length % 4


def _after_name(data: memoryview, at: int) -> int:
    """Return the position after the name of a named property: a GUID, then a number or a text."""
    (kind, length) = struct.unpack_from("<II", data, at + 16)
    return at + 24 if kind == 0 else at + 24 + length + -length % 4


def _page(data: memoryview) -> str:
    (number,) = struct.unpack_from("<I", data)
    return f"cp{number}" if number != 65001 else "utf-8"


def _decoded(data: memoryview, page: str) -> str:
    try:
        text = bytes(data).decode(page, errors="replace")
    except LookupError:
        text = bytes(data).decode("cp1252", errors="replace")
    return text.rstrip("\0")

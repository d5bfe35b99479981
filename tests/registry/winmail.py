"""TNEF (winmail.dat) for tests, written as Outlook writes it (MS-OXTNEF, MS-OXRTFCP)."""

import struct
from collections.abc import Iterable

_SIGNATURE, _KEY = 0x223E9F78, 0x1234
_MESSAGE, _ATTACHMENT = 1, 2
IID_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")


def attribute(level: int, kind: int, name: int, data: bytes) -> bytes:
    """One attribute with its checksum."""
    head = struct.pack("<BHHI", level, name, kind, len(data))
    return head + data + struct.pack("<H", sum(data) & 0xFFFF)


def prop(name: int, kind: int, value: bytes) -> bytes:
    """One property of variable length."""
    padded = value + b"\0" * (-len(value) % 4)
    return struct.pack("<HHII", kind, name, 1, len(value)) + padded


def flag(name: int, value: int) -> bytes:
    """One property of type PT_LONG."""
    return struct.pack("<HHI", 3, name, value)


def properties(each: Iterable[bytes]) -> bytes:
    """A list of properties."""
    rows = list(each)
    return struct.pack("<I", len(rows)) + b"".join(rows)


def attachment(name: str, content: bytes, *, long_name: str = "", inside: bytes = b"") -> bytes:
    """The attributes of one attachment; `inside` is a mail (TNEF) that it holds."""
    made = [
        attribute(_ATTACHMENT, 6, 0x9002, b"\x01\0" + b"\xff" * 12),
        attribute(_ATTACHMENT, 1, 0x8010, name.encode("cp1252", errors="replace") + b"\0"),
    ]
    if content:
        made.append(attribute(_ATTACHMENT, 6, 0x800F, content))
    rows = [flag(0x3705, 1)]
    if long_name:
        rows.append(prop(0x3707, 0x1F, (long_name + "\0").encode("utf-16-le")))
    if inside:
        rows.append(prop(0x3701, 0x0D, IID_MESSAGE + inside))
    made.append(attribute(_ATTACHMENT, 6, 0x9005, properties(rows)))
    return b"".join(made)


def winmail(*attachments: bytes, text: str = "", rtf: bytes = b"") -> bytes:
    """A whole winmail.dat; `rtf` is packed as it is (uncompressed) or given packed."""
    made = [
        attribute(_MESSAGE, 8, 0x9006, struct.pack("<I", 0x10000)),
        attribute(_MESSAGE, 6, 0x9007, struct.pack("<II", 1252, 0)),
        attribute(_MESSAGE, 7, 0x8008, b"IPM.Microsoft Mail.Note\0"),
    ]
    rows = [flag(0x0017, 1)]
    if text:
        rows.append(prop(0x1000, 0x1F, (text + "\0").encode("utf-16-le")))
    if rtf:
        rows.append(prop(0x1009, 0x102, rtf))
    made.append(attribute(_MESSAGE, 6, 0x9003, properties(rows)))
    return struct.pack("<IH", _SIGNATURE, _KEY) + b"".join(made) + b"".join(attachments)


def plain_rtf(text: bytes) -> bytes:
    """RTF in the container, not compressed."""
    return struct.pack("<II4sI", len(text) + 12, len(text), b"MELA", 0) + text

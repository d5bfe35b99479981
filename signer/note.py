"""Signed notes, checkpoints and cosignatures as the C2SP specifications give them.

https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint, https://c2sp.org/tlog-cosignature
"""

import base64
import binascii
import hashlib
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519: Final = 1  # signs the text of a note
COSIGNATURE: Final = 4  # signs a time and the text of a checkpoint: cosignature/v1
DASH: Final = "\N{EM DASH} "
LONGEST: Final = 1_000_000  # characters of a note
Sign = Callable[[bytes], bytes]


class NoteError(ValueError):
    """The text is no note, no checkpoint or no key of these formats."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with the name of its owner: `name+hash+base64`."""

    name: str
    public: bytes
    kind: int = ED25519

    @property
    def key_id(self) -> bytes:
        """Return the four bytes that stand before each of its signatures."""
        text = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(text).digest()[:4]

    def __str__(self) -> str:
        """Return the key as one line."""
        key = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{key}"


@dataclass(frozen=True, slots=True)
class Signature:
    """A line below a note."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        """Return the line."""
        return f"{DASH}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}"


@dataclass(frozen=True, slots=True)
class Note:
    """A text (its last character a newline) and the signatures below it."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        """Return the note as it is sent and kept."""
        return self.text + "\n" + "".join(f"{line}\n" for line in self.signatures)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint states: whose log, of how many leaves, under which root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return the text that is signed."""
        root = base64.b64encode(self.root).decode()
        return "".join(f"{line}\n" for line in (self.origin, self.size, root, *self.extensions))


def read_key(text: str) -> VerifierKey:
    """Return the key of a line `name+hash+base64`. Raise NoteError."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = _decoded(encoded)
    if not is_name(name) or len(raw) != 33 or raw[0] not in (ED25519, COSIGNATURE):
        raise NoteError("this is no verifier key")
    key = VerifierKey(name, raw[1:], raw[0])
    if key.key_id.hex() != key_id:
        raise NoteError("the hash of the verifier key is another one")
    return key


def is_name(name: str) -> bool:
    """Return whether a key may have this name."""
    return bool(name) and "+" not in name and not any(sign.isspace() for sign in name)


def read_note(text: str) -> Note:
    """Return the note. Raise NoteError."""
    body, gap, tail = text.rpartition("\n\n")
    if not gap or not tail.endswith("\n") or len(text) > LONGEST:
        raise NoteError("this is no signed note")
    return Note(body + "\n", tuple(_signature(line) for line in tail[:-1].split("\n")))


def _signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(DASH).partition(" ")
    raw = _decoded(encoded)
    if not line.startswith(DASH) or not is_name(name) or len(raw) < 5:
        raise NoteError("a signature of the note cannot be read")
    return Signature(name, raw[:4], raw[4:])


def read_checkpoint(text: str) -> Checkpoint:
    """Return what the text of a checkpoint states, signed or not. Raise NoteError."""
    lines = text.partition("\n\n")[0].rstrip("\n").split("\n")
    if len(lines) < 3 or not lines[0] or not lines[1].isdecimal() or not all(lines):
        raise NoteError("this is no checkpoint")
    root = _decoded(lines[2])
    if len(root) != 32 or str(int(lines[1])) != lines[1]:
        raise NoteError("this is no checkpoint")
    return Checkpoint(lines[0], int(lines[1]), root, tuple(lines[3:]))


def signed(text: str, key: VerifierKey, sign: Sign, *, at: int = 0) -> Signature:
    """Return the signature of a note's text; `at` (seconds) is the time of a cosignature."""
    if key.kind == COSIGNATURE:
        value = struct.pack(">Q", at) + sign(_timed(text, at))
    else:
        value = sign(text.encode())
    return Signature(key.name, key.key_id, value)


def verified(note: Note, keys: Iterable[VerifierKey]) -> dict[VerifierKey, int]:
    """Return the keys that signed the note and the time of their cosignature, 0 of a signature.

    Raise NoteError where a signature of one of these keys is false.
    """
    known = {(key.name, key.key_id): key for key in keys}
    found: dict[VerifierKey, int] = {}
    for line in note.signatures:
        key = known.get((line.name, line.key_id))
        if key is not None:
            found[key] = _check(note.text, key, line.signature)
    return found


def _check(text: str, key: VerifierKey, value: bytes) -> int:
    """Return the time of a true signature. Raise NoteError."""
    at, message = 0, text.encode()
    if key.kind == COSIGNATURE:
        at, message, value = int.from_bytes(value[:8], "big"), b"", value[8:]
        message = _timed(text, at)
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(value, message)
    except (InvalidSignature, ValueError) as error:
        raise NoteError(f"the signature of {key.name} is false") from error
    return at


def _timed(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("a part in base64 cannot be read") from error

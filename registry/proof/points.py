"""What somebody outside holds of the register: a size and a root, read from whatever they bring.

A checkpoint with its signatures, a cosigned one, the text or the PDF of a receipt or a closing, a
timestamp token: each becomes a `Point`, or raises PointError in words for a person.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.x509 import Certificate

from ledger.models import LedgerCheckpoint
from registry.models.anchors import Anchor
from registry.proof.timestamps import TokenError, is_issued_by, read_token
from signer.note import NoteError, VerifierKey, read_checkpoint, read_note, verified

_PRINTED: Final = re.compile(r"([\w.:\[\]/-]*)#(\d{1,15})#([0-9a-f]{64})")
_LONGEST: Final = 50_000_000
_ROWS: Final = 500


class PointError(ValueError):
    """The data hold no checkpoint, or its signature is false."""


@dataclass(frozen=True, slots=True)
class Point:
    """The first `size` entries of a log have this root.

    `signers` are the known keys that signed that; None where nothing is signed, as on paper.
    """

    size: int
    root: bytes
    reported_by: str
    signers: tuple[VerifierKey, ...] | None = None


def read_point(
    told: str, keys: Iterable[VerifierKey], roots: Sequence[Certificate] = ()
) -> list[Point]:
    """Return the checkpoint in a file, or in a text typed from a paper. Raise PointError.

    `roots`: certificates of timestamp authorities, where not every one counts.
    """
    path = Path(told)
    try:
        is_file = path.is_file()
    except OSError:  # a text longer than a name may be
        is_file = False
    if not is_file:
        try:
            return read_printed(told, told[:60])
        except PointError as error:
            said = f"{told[:60]}: there is no such file here, and it is no ORIGIN#SIZE#ROOT"
            raise PointError(said) from error
    if path.stat().st_size > _LONGEST:
        raise PointError(f"{path.name} is too large to be a proof")
    content = path.read_bytes()
    if content.startswith(b"%PDF"):
        return read_printed(_words_of(content), path.name)
    if content[:1] == b"\x30":
        return [_timestamped(content, path.name, roots)]
    text = content.decode("utf-8", "replace")
    return [read_signed(text, path.name, keys)] if "\n\n" in text else read_printed(text, path.name)


def read_signed(text: str, name: str, keys: Iterable[VerifierKey]) -> Point:
    """Return a signed checkpoint. Raise PointError where a signature is false."""
    try:
        checkpoint = read_checkpoint(text)
        signers = verified(read_note(text), keys)
    except NoteError as error:
        raise PointError(f"{name}: {error}") from error
    return Point(checkpoint.size, checkpoint.root, name, tuple(signers))


def read_printed(text: str, name: str) -> list[Point]:
    """Return the checkpoints that are printed in a text. Raise PointError."""
    found = {
        (int(size), root): Point(int(size), bytes.fromhex(root), name)
        for _origin, size, root in _PRINTED.findall("".join(text.split()))
    }
    if not found:
        raise PointError(f"{name}: there is no checkpoint in it (ORIGIN#SIZE#ROOT)")
    return list(found.values())


def _words_of(content: bytes) -> str:
    """Return the text of a paper of our own, read again."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(content) as paper:
            return "\n".join(page.get_textpage().get_text_bounded() for page in paper)
    except pypdfium2.PdfiumError as error:
        raise PointError("the PDF cannot be read") from error


def _timestamped(content: bytes, name: str, roots: Sequence[Certificate]) -> Point:
    """Return the checkpoint whose note a timestamp token is of."""
    try:
        token = read_token(content)
    except TokenError as error:
        raise PointError(f"{name}: {error}") from error
    if roots and not is_issued_by(token, roots):
        raise PointError(f"{name}: {token.authority} is none of the authorities that count")
    for rows in (LedgerCheckpoint.objects.order_by("-size"), Anchor.objects.order_by("-size")):
        for note in rows.values_list("note", flat=True).iterator(chunk_size=_ROWS):
            if hashlib.sha256(note.encode()).digest() == token.imprint:
                told = read_checkpoint(note)
                return Point(told.size, told.root, f"{name} ({token.authority}, {token.at})")
    raise PointError(
        f"{name}: no checkpoint that this office keeps is the one that {token.authority} stamped "
        f"on {token.at}; bring the checkpoint itself"
    )

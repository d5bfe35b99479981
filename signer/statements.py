"""What is said of a key in the log: that another follows it, and why. A signed note.

Its lines: a title, the origin, the reason, the old and the new verifier key, the last checkpoint
of the old key that counts (size, root), the time in seconds. The new key signs it, and the old one
where it is there still.
"""

from dataclasses import dataclass
from typing import Final

from signer.note import NoteError, VerifierKey, read_key, read_note, verified

TITLE: Final = "sijill.key-statement/v1"
ROTATION, LOSS, COMPROMISE = "rotation", "loss", "compromise"
REASONS: Final = (ROTATION, LOSS, COMPROMISE)


@dataclass(frozen=True, slots=True)
class Statement:
    """One key follows another, from one checkpoint on."""

    origin: str
    reason: str
    old: VerifierKey
    new: VerifierKey
    size: int
    root: str
    at: int

    @property
    def text(self) -> str:
        """Return the text that is signed."""
        lines = (
            TITLE,
            self.origin,
            self.reason,
            f"old {self.old}",
            f"new {self.new}",
            f"after {self.size} {self.root}",
            f"time {self.at}",
        )
        return "".join(f"{line}\n" for line in lines)


def read_statement(text: str) -> Statement:
    """Return a statement whose signatures are true. Raise NoteError.

    The new key must have signed it; a rotation is signed by the old key as well.
    """
    note = read_note(text)
    try:
        title, origin, reason, old, new, after, time = note.text[:-1].split("\n")
        size, root = after.removeprefix("after ").split(" ")
        found = Statement(
            origin=origin,
            reason=reason,
            old=read_key(old.removeprefix("old ")),
            new=read_key(new.removeprefix("new ")),
            size=int(size),
            root=root,
            at=int(time.removeprefix("time ")),
        )
    except ValueError as error:
        raise NoteError("this is no statement of a key") from error
    if title != TITLE or reason not in REASONS or found.text != note.text:
        raise NoteError("this is no statement of a key")
    signers = verified(note, [found.old, found.new])
    if found.new not in signers or (reason == ROTATION and found.old not in signers):
        raise NoteError("the statement lacks a signature")
    return found

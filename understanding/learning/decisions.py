"""What people decided of letters: what a model learns from and is judged by.

One letter in five, chosen by its id for ever, is never learnt from: these judge every model.
"""

import hashlib
from dataclasses import dataclass
from typing import Final
from uuid import UUID

ONE_IN: Final = 5


@dataclass(frozen=True, slots=True)
class Decision:
    """What people decided of one letter: codes, "" where nothing was decided."""

    letter_id: UUID
    kind: str
    department: str

    @property
    def judges(self) -> bool:
        """Whether the letter is held back from training."""
        return short_hash(str(self.letter_id)) % ONE_IN == 0

    @property
    def digest(self) -> str:
        """A digest that changes with the letter and with what was decided of it."""
        return f"{short_hash(f'{self.letter_id} {self.kind} {self.department}'):08x}"


def short_hash(words: str) -> int:
    """Return the first 32 bits of the SHA-256 of some words."""
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:4], "big")

"""The index terms of a letter: what both engines are given to index."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The searchable side of a document: tokens joined by single spaces, or lists of whole keys.

    `words` has one entry for each part of the letter, so that no phrase runs across two parts.
    `sender`, `proposed` (the proposed sender) and `recipients` hold words, stems ("s_…") and keys
    of names ("n_…") together.
    """

    number_keys: tuple[str, ...]
    words: tuple[str, ...]
    stems: str
    subject: str
    subject_stems: str
    people: str
    sender: str
    proposed: str
    recipients: str
    reference: str
    names: tuple[str, ...]
    keys: tuple[str, ...]

"""From words as written to the plain tokens both engines get: folded and stemmed once, here."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from language.numerals import registry_number_key
from language.stems import index_stems
from language.tokens import Token, tokenize
from search.contract import SearchDocument

# Stands in every index; a change of this number, or of what the functions here return for the
# same text, asks for a rebuild (`manage rebuild_index`).
SCHEMA_VERSION: Final = 1
LONGEST_TOKEN: Final = 100
# About 2,500 dense pages; what is longer is indexed up to here.
LONGEST_TEXT: Final = 8_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The searchable side of a document: tokens joined by single spaces, or lists of whole keys.

    `words` has one entry for each part of the letter, so that no phrase runs across two parts.
    """

    number_key: str
    words: tuple[str, ...]
    stems: str
    subject: str
    subject_stems: str
    people: str
    keys: tuple[str, ...]


def analyse(document: SearchDocument) -> Terms:
    """Return the terms under which a letter is found."""
    number, subject = _Words(document.number), _Words(document.subject)
    people = _Words(document.parties)
    reference, text = _Words(document.reference), _Words(document.text[:LONGEST_TEXT])
    parts = (number, subject, people, reference, text)
    return Terms(
        number_key=number_term(document.number),
        words=tuple(" ".join(part.words) for part in parts if part.words),
        stems=" ".join(stem for part in parts for stem in part.stems()),
        subject=" ".join(subject.words),
        subject_stems=" ".join(subject.stems()),
        people=" ".join((*people.words, *reference.words)),
        keys=tuple(sorted({key for part in parts for key in part.keys})),
    )


class _Words:
    """The tokens of one part of a letter."""

    def __init__(self, text: str) -> None:
        self.words: list[str] = []
        self.keys: set[str] = set()
        for token in tokenize(text):
            if token.whole:
                self.keys.add(reference_term(token))
                continue
            self.words += plain_words(token)
        self.keys |= {bare_number(word) for word in self.words if word[0] == "0"}

    def stems(self) -> Iterable[str]:
        return (stem for word in self.words for stem in index_stems(word))


def plain_words(token: Token) -> list[str]:
    """The folded word or words of one token: a sign such as ½ folds to several."""
    folded = token.folded
    if folded.isalnum():
        return [folded[:LONGEST_TOKEN]]
    pieces = "".join(char if char.isalnum() else " " for char in folded).split()
    return [piece[:LONGEST_TOKEN] for piece in pieces]


def bare_number(word: str) -> str:
    """000123 as 123, so that a number is found without its zeros; other words unchanged."""
    return word.lstrip("0") or "0" if word.isdecimal() else word


def number_term(number: str) -> str:
    """The key of a registry number in any notation, as one plain token; "" for none."""
    key = registry_number_key(number)
    return key.replace("/", "_").lower() if key else ""


def reference_term(token: Token) -> str:
    """A reference as one plain token whatever joins its pieces: 345-DG/2025 is 345_dg_2025.

    Registry numbers lose their zeros and take one order. A very long one is known by its hash.
    """
    number = number_term(token.text)
    if number:
        return number
    joined = "_".join(
        word for piece in tokenize(token.text) if not piece.whole for word in plain_words(piece)
    )
    if len(joined) > LONGEST_TOKEN:
        return hashlib.sha256(joined.encode()).hexdigest()
    return joined

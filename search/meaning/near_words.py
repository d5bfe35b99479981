"""Words with their vectors, by script, and which of them are nearest to another word."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from language.vectors import sentence_vectors
from search.meaning.text import as_bytes
from search.meaning.vocabulary import is_arabic
from search.meaning_contract import SIZE

_AT_ONCE: Final = 128  # words given to the model together


class Script(NamedTuple):
    """The words in Latin or Arabic letters as UTF-8, in their order, and the vector of each."""

    words: Any
    vectors: Any

    def vector_of(self, word: str) -> Any:
        """Return the vector of a word that is here, else None."""
        spelt = word.encode()
        place = int(np.searchsorted(self.words, np.bytes_(spelt)))
        here = place < len(self.words) and self.words[place] == spelt
        return self.vectors[place] if here else None


class Words(NamedTuple):
    """A list of words by script; `common` are stems that are too frequent to search for."""

    latin: Script
    arabic: Script
    common: frozenset[str] = frozenset()

    def nearest(self, vectors: Any, *, arabic: bool, most: int) -> list[list[tuple[str, float]]]:
        """Return, for each of these vectors, the words of a script nearest to it with likeness."""
        known = self.arabic if arabic else self.latin
        if not len(known.words) or not len(vectors):
            return [[] for _ in vectors]
        # Imported late: only a process that asks needs the library.
        from usearch.index import search

        count = min(most, len(known.words))
        found = search(known.vectors, vectors, count, metric="cos", exact=True, threads=1)
        keys = np.asarray(found.keys).reshape(len(vectors), -1)
        away = np.asarray(found.distances).reshape(len(vectors), -1)
        return [
            [(known.words[key].decode(), 1.0 - float(far)) for key, far in zip(*row, strict=True)]
            for row in zip(keys, away, strict=True)
        ]


def vectors_of(words: Sequence[str], known: Script) -> Any:
    """Return a row for each of these words; the model computes those that are not known."""
    rows = [known.vector_of(word) for word in words]
    strange = [word for word, row in zip(words, rows, strict=True) if row is None]
    vectors = word_vectors(strange) if strange else b""
    made = (vectors[at : at + SIZE] for at in range(0, len(vectors), SIZE))
    joined = b"".join(next(made) if row is None else bytes(row) for row in rows)
    return np.frombuffer(joined, dtype=np.int8).reshape(-1, SIZE)


def by_script(words: Sequence[str], vectors: bytes) -> Words:
    """Return these words, with their vectors one after another, by script."""
    rows = np.frombuffer(vectors, dtype=np.int8).reshape(len(words), SIZE)
    spelt = np.array([word.encode() for word in words], dtype=np.bytes_)  # as wide as the longest
    arabic = np.array([is_arabic(word) for word in words])
    latin, right = (
        sorted(np.nonzero(arabic == script)[0], key=lambda n: words[int(n)].encode())
        for script in (False, True)
    )
    return Words(Script(spelt[latin], rows[latin]), Script(spelt[right], rows[right]))


def word_vectors(words: list[str]) -> bytes:
    """Return the vectors of these words, one after another."""
    pieces = (words[at : at + _AT_ONCE] for at in range(0, len(words), _AT_ONCE))
    return b"".join(as_bytes(np.asarray(sentence_vectors(piece))) for piece in pieces)

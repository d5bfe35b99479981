"""The features of many letters as one weighted sparse matrix, for training.

A row equals what `classification.weighted` makes of one letter, in a fraction of the time.
"""

from __future__ import annotations

import itertools
import math
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from understanding.learning.classification import SHARES, SIZES

_OTHER: Final = len(SHARES)  # features that keep their own size


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each letter has each feature: sparse, of shape (letters, names)."""

    names: tuple[str, ...]
    table: Any

    @classmethod
    def of(cls, counted: Sequence[Mapping[str, int]]) -> Counts:
        """Count the features of at least two of these letters, in order of their names."""
        from scipy.sparse import csr_matrix

        documents = Counter(itertools.chain.from_iterable(counted))
        names = sorted(name for name, number in documents.items() if number > 1)
        column = {name: n for n, name in enumerate(names)}
        columns, values, ends = array("i"), array("d"), [0]
        for row in counted:  # arrays: as lists of numbers they would take ten times the memory
            for name, number in row.items():
                if (place := column.get(name)) is not None:
                    columns.append(place)
                    values.append(number)
            ends.append(len(columns))
        table = csr_matrix(
            (np.array(values), np.array(columns), ends), shape=(len(counted), len(names))
        )
        return cls(tuple(names), table)

    def vocabulary(self, known: Sequence[int]) -> Vocabulary:
        """Return the features of at least two of the letters `known`, weighted by rarity."""
        documents = np.bincount(self.table[known].indices, minlength=len(self.names))
        kept = np.flatnonzero(documents > 1)
        rarity = [math.log((1 + len(known)) / (1 + number)) + 1 for number in documents[kept]]
        return Vocabulary(self, kept, np.array(rarity, dtype=np.float32))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features that a model knows, and their smoothed inverse document frequency."""

    counts: Counts
    kept: Any
    idf: Any

    def places(self) -> dict[str, int]:
        """Return feature → column."""
        return {self.counts.names[column]: n for n, column in enumerate(self.kept)}

    def rows(self, letters: Sequence[int]) -> Any:
        """Return these letters, weighted; sparse, of shape (letters, features)."""
        table = self.counts.table[letters][:, self.kept].astype(float)
        blocks = self._blocks()[table.indices]
        words, rules = blocks != _OTHER, blocks == _OTHER
        table.data[words] = (1 + np.log(table.data[words])) * self.idf[table.indices[words]]
        sizes = np.array([SIZES.get(self.counts.names[n][0], 0.0) for n in self.kept])
        table.data[rules] = sizes[table.indices[rules]] * np.log1p(table.data[rules])
        lines = np.repeat(np.arange(len(letters)), np.diff(table.indptr))
        for block, share in enumerate(SHARES.values()):
            mine = blocks == block
            squares = np.bincount(lines[mine], table.data[mine] ** 2, minlength=len(letters))
            squares[squares == 0] = 1
            table.data[mine] *= (share / np.sqrt(squares))[lines[mine]]
        return table

    def _blocks(self) -> Any:
        number = {letter: n for n, letter in enumerate(SHARES)}
        names = self.counts.names
        return np.array([number.get(names[n][0], _OTHER) for n in self.kept], dtype=int)

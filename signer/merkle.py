"""The Merkle tree of RFC 6962 and RFC 9162: roots, proofs, and their verification.

A tree is given as `Nodes`: the hash of a complete, aligned subtree. `level` 0 are the leaves;
node (level, index) covers the leaves from `index << level` to `(index + 1) << level`.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

SIZE: Final = 32  # bytes of a hash
EMPTY: Final = hashlib.sha256(b"").digest()
Nodes = Callable[[int, int], bytes]


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node with these two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(nodes: Nodes, size: int) -> bytes:
    """Return the root of the tree of the first `size` leaves."""
    return _range_root(nodes, 0, size) if size else EMPTY


def inclusion_proof(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Return the path of leaf `index` in the tree of `size` leaves, from the leaf up."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(_range_root(nodes, middle, end))
            end = middle
        else:
            proof.append(_range_root(nodes, start, middle))
            start = middle
    return proof[::-1]


def consistency_proof(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """Return the proof that the tree of `new` leaves begins with that of `old` leaves."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} leaves does not follow one of {old}")
    if old in (0, new):
        return []
    proof: list[bytes] = []
    start, end, is_whole = 0, new, True  # is_whole: the old tree's root is known to the verifier
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(_range_root(nodes, middle, end))
            end = middle
        else:
            proof.append(_range_root(nodes, start, middle))
            start, is_whole = middle, False
    if not is_whole:
        proof.append(_range_root(nodes, start, end))
    return proof[::-1]


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], top: bytes) -> bool:
    """Return whether the hash `leaf` is proven to stand at `index` under the root `top`."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(step, found)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, step)
        here, last = here >> 1, last >> 1
    return last == 0 and found == top


def is_consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Return whether the tree of `new` leaves is proven to begin with that of `old` leaves."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 <= old < new:
        return False
    if old == 0:
        return not proof and old_root == EMPTY
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    before = after = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            before, after = node_hash(step, before), node_hash(step, after)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            after = node_hash(after, step)
        here, last = here >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


class Range:
    """A compact range: the root of any number of leaves, given one after the other."""

    def __init__(self) -> None:
        """Start with no leaf."""
        self.size = 0
        self._tops: list[bytes] = []  # the roots of the complete subtrees, the largest first

    def add(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        found, filled = leaf, self.size
        while filled & 1:
            found = node_hash(self._tops.pop(), found)
            filled >>= 1
        self._tops.append(found)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        if not self._tops:
            return EMPTY
        found = self._tops[-1]
        for top in reversed(self._tops[:-1]):
            found = node_hash(top, found)
        return found


class StoredTree:
    """The hashes of all complete subtrees, in a file for each level; only ever appended to.

    The files are made from the journal and can be made again; 64 bytes for each leaf.
    """

    def __init__(self, folder: Path) -> None:
        """Open or make the files in `folder`."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder = folder
        self._files: list[int] = []
        for level in range(64):
            if not (folder / f"{level:02d}").exists():
                break
            self._open(level)
        self.size = self._count(0) if self._files else 0

    def node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree."""
        found = os.pread(self._files[level], SIZE, index * SIZE)
        if len(found) != SIZE:
            raise ValueError(f"the tree has no node {index} at level {level}")
        return found

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first `size` leaves, by default of all."""
        return root(self.node, self.size if size is None else size)

    def leaves(self, first: int, count: int) -> list[bytes]:
        """Return the hashes of `count` leaves from `first` on, or of as many as there are."""
        count = min(count, self.size - first)
        if count <= 0:
            return []
        found = os.pread(self._files[0], count * SIZE, first * SIZE)
        return [found[at : at + SIZE] for at in range(0, len(found), SIZE)]

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Append the hashes of leaves, and the nodes that they complete."""
        new = list(leaves)
        level, start = 0, self.size
        while new:
            self._append(level, start, new)
            first = start >> 1  # the first pair that is not complete yet, or was not
            pairs = (start + len(new)) >> 1
            if pairs == first:
                break
            if start & 1:
                new = [self.node(level, start - 1), *new]
            new = [node_hash(new[at], new[at + 1]) for at in range(0, 2 * (pairs - first), 2)]
            level, start = level + 1, first
        self.size = self._count(0) if self._files else 0

    def cut(self, size: int) -> None:
        """Keep at most `size` leaves, and only as many as have all their nodes."""
        whole = min(size, self.size)
        if len(self._files) < whole.bit_length():
            whole = 0
        for level in range(whole.bit_length()):
            if self._count(level) < whole >> level:
                whole = self._count(level) << level
        for level, file in enumerate(self._files):
            os.truncate(file, (whole >> level) * SIZE)
        self.size = whole

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            os.close(file)

    def _append(self, level: int, start: int, hashes: Sequence[bytes]) -> None:
        if level == len(self._files):
            self._open(level)
        text, at = b"".join(hashes), start * SIZE
        while text:
            written = os.pwrite(self._files[level], text, at)
            text, at = text[written:], at + written

    def _count(self, level: int) -> int:
        return os.fstat(self._files[level]).st_size // SIZE

    def _open(self, level: int) -> None:
        path = self._folder / f"{level:02d}"
        self._files.append(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def _split(count: int) -> int:
    """Return the largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def _range_root(nodes: Nodes, start: int, end: int) -> bytes:
    """Return the root over leaves start to end; `start` is a multiple of a power of two ≥ count."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return nodes(level, start >> level)
    middle = start + _split(count)
    return node_hash(_range_root(nodes, start, middle), _range_root(nodes, middle, end))

"""The tree against the definition of RFC 6962, and its proofs against their forgeries."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from signer.merkle import (
    EMPTY,
    Range,
    StoredTree,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    root,
)

FEW = settings(max_examples=40, deadline=None)


def naive_root(leaves: list[bytes]) -> bytes:
    """Return MTH(D[n]) as section 2.1 writes it."""
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(naive_root(leaves[:split]), naive_root(leaves[split:]))


def hashes(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


def nodes_of(leaves: list[bytes]) -> Callable[[int, int], bytes]:
    def node(level: int, index: int) -> bytes:
        return naive_root(leaves[index << level : (index + 1) << level])

    return node


@FEW
@given(st.integers(0, 70))
def test_the_root_is_that_of_the_definition(count: int) -> None:
    leaves = hashes(count)
    added = Range()
    for leaf in leaves:
        added.add(leaf)
    assert naive_root(leaves) == root(nodes_of(leaves), count) == added.root()


@FEW
@given(st.data())
def test_each_leaf_is_proven_and_no_other_in_its_place(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70))
    index = data.draw(st.integers(0, size - 1))
    leaves = hashes(size)
    top = naive_root(leaves)
    proof = inclusion_proof(nodes_of(leaves), index, size)
    assert is_included(leaves[index], index, size, proof, top)
    assert not is_included(leaf_hash(b"other"), index, size, proof, top)
    assert not is_included(leaves[index], index, size, [*proof, top], top)
    assert not is_included(leaves[index], size, size, proof, top)
    if proof:
        assert not is_included(leaves[index], index, size, proof[:-1], top)
    other = data.draw(st.integers(0, size - 1))
    assert other == index or not is_included(leaves[index], other, size, proof, top)


@FEW
@given(st.data())
def test_a_tree_follows_its_beginning_and_no_other(data: st.DataObject) -> None:
    new = data.draw(st.integers(1, 70))
    old = data.draw(st.integers(1, new))
    leaves = hashes(new)
    before, after = naive_root(leaves[:old]), naive_root(leaves)
    proof = consistency_proof(nodes_of(leaves), old, new)
    assert is_consistent(old, new, before, after, proof)
    forged = naive_root([leaf_hash(b"forged"), *leaves[1:old]])
    assert not is_consistent(old, new, forged, after, proof)
    assert not is_consistent(old, new, before, after, [*proof, after])
    assert not is_consistent(new + 1, new, before, after, proof)


@FEW
@given(st.lists(st.integers(0, 20), max_size=8), st.integers(0, 90))
def test_the_stored_tree_grows_in_any_parts_and_is_opened_again(parts: list[int], cut: int) -> None:
    with TemporaryDirectory() as folder:
        tree = StoredTree(Path(folder))
        leaves: list[bytes] = []
        for part in parts:
            new = hashes(len(leaves) + part)[len(leaves) :]
            tree.extend(new)
            leaves += new
        tree.close()
        tree = StoredTree(Path(folder))
        assert tree.size == len(leaves)
        assert tree.root() == naive_root(leaves)
        tree.cut(cut)
        assert tree.size == min(cut, len(leaves))
        tree.extend(leaves[tree.size :])
        assert tree.root() == naive_root(leaves)
        assert tree.leaves(0, 200) == leaves
        tree.close()


def test_what_is_missing_of_the_stored_tree_is_made_again(tmp_path: Path) -> None:
    tree = StoredTree(tmp_path)
    leaves = hashes(21)
    tree.extend(leaves)
    tree.close()
    (tmp_path / "02").write_bytes((tmp_path / "02").read_bytes()[:64])
    tree = StoredTree(tmp_path)
    tree.cut(21)
    assert tree.size == 8
    tree.extend(leaves[8:])
    assert tree.root() == naive_root(leaves)
    tree.close()

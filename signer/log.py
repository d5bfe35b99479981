"""The log: journal, tree, key and the newest checkpoint in one folder; it only grows.

`LogError` says why something is refused. Every method is safe to call from several threads.
"""

import base64
import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from signer.journal import Journal, JournalError
from signer.keys import Key, KeyStore
from signer.merkle import StoredTree, consistency_proof, inclusion_proof, leaf_hash
from signer.note import (
    COSIGNATURE,
    Checkpoint,
    Note,
    NoteError,
    VerifierKey,
    is_name,
    read_checkpoint,
    read_note,
    signed,
    verified,
)
from signer.statements import REASONS, ROTATION, Statement
from signer.words import gettext as _

MOST_LEAVES: Final = 10_000  # of one call
_SLACK: Final = 2_000_000  # microseconds that the clock may be set back; its last time counts then


class LogError(Exception):
    """The log refuses the operation."""


class Log:
    """One log with its current key."""

    def __init__(
        self,
        folder: Path,
        keys: KeyStore,
        *,
        origin: str = "",
        now: Callable[[], int] = lambda: time.time_ns() // 1000,
    ) -> None:
        """Open the log of a folder; make it, with a new key, where `origin` names a new one.

        Raise LogError, JournalError or KeyMissingError where it is not what was signed.
        """
        self._folder, self._keys, self._now = folder, keys, now
        self._lock = threading.Lock()
        state = self._read("state")
        if not state:
            state = self._begin(origin)
        self.origin = str(state["origin"])
        self._key_name = str(state["key"])
        self._key: Key = keys.load(self._key_name)
        self._journal = Journal(folder / "journal")
        self._tree = StoredTree(folder / "tree")
        try:
            self._open()
        except Exception:
            self.close()
            raise

    @property
    def size(self) -> int:
        """Return the number of leaves."""
        return self._tree.size

    @property
    def key(self) -> VerifierKey:
        """Return the verifier key of the signatures."""
        return VerifierKey(self.origin, self._key.public)

    def checkpoint(self) -> str:
        """Return the newest signed checkpoint."""
        return self._checkpoint

    def append(self, leaves: Sequence[bytes], first: int) -> str:
        """Append leaves from index `first` on, and return a checkpoint that covers them.

        Leaves that stand there already are not doubled; other ones in their place are refused.
        """
        if not 0 < len(leaves) <= MOST_LEAVES:
            raise LogError(f"1 to {MOST_LEAVES} leaves at once")
        hashes = [leaf_hash(leaf) for leaf in leaves]
        with self._lock:
            if self._tree.size < self._journal.size:  # it failed after the journal had the leaves
                self._fill()
            if first > self.size or first < 0:
                raise LogError(f"the log has {self.size} leaves: {first} cannot be the next")
            there = self._tree.leaves(first, len(hashes))
            if there != hashes[: len(there)]:
                raise LogError(f"the log has other leaves from {first} on")
            if new := hashes[len(there) :]:
                self._journal.append(new, self._time())
                self._tree.extend(new)
            if read_checkpoint(self._checkpoint).size < self.size:
                self._sign()
            return self._checkpoint

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the proof that a leaf is in the tree of `size` leaves."""
        with self._lock:
            self._within(size)
            return inclusion_proof(self._tree.node, index, size)

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return the proof that the tree of `new` leaves begins with that of `old`."""
        with self._lock:
            self._within(new)
            return consistency_proof(self._tree.node, old, new)

    def leaf_hashes(self, first: int, count: int) -> list[bytes]:
        """Return hashes of leaves, as many as there are, at most `MOST_LEAVES`."""
        with self._lock:
            return self._tree.leaves(max(first, 0), min(max(count, 0), MOST_LEAVES))

    def prepare_key(self, reason: str, old: VerifierKey | None = None) -> str:
        """Make the next key and return its statement, to be put into the log.

        `old`: the key that was lost; else the present one is replaced. Called again before the key
        is in use, a new key takes the place of the one that waits.
        """
        if reason not in REASONS:
            raise LogError(f"the reason must be one of {', '.join(REASONS)}")
        with self._lock:
            waits = self._read("next")
            if waits and waits["key"] != self._key_name:  # a crash may leave it after `use_key`
                self._keys.forget(waits["key"])
            name = f"key-{time.time_ns()}"
            self._write("next", {"key": name, "note": ""})
            new = self._keys.create(name)
            top = read_checkpoint(self._checkpoint)
            statement = Statement(
                self.origin,
                reason,
                old or self.key,
                VerifierKey(self.origin, new.public),
                top.size,
                base64.b64encode(top.root).decode(),
                self._now() // 1_000_000,
            )
            lines = [signed(statement.text, statement.new, new.sign)]
            if reason == ROTATION:
                lines.insert(0, signed(statement.text, self.key, self._key.sign))
            note = str(Note(statement.text, tuple(lines)))
            self._write("next", {"key": name, "note": note})
            return note

    def use_key(self, index: int, leaf: bytes, nonce: str = "") -> str:
        """Sign with the next key from now on; leaf `index` of the log states it.

        The leaf holds the statement, or the SHA-256 (hexadecimal) of `nonce`, a newline and the
        statement.
        """
        with self._lock:
            waits = self._read("next")
            if not waits.get("note"):
                raise LogError("no other key waits")
            note = str(waits["note"])
            hidden = hashlib.sha256(f"{nonce}\n{note}".encode()).hexdigest()
            if note.encode() not in leaf and hidden.encode() not in leaf:
                raise LogError("the leaf does not hold the statement of the next key")
            if self._tree.leaves(index, 1) != [leaf_hash(leaf)]:
                raise LogError(f"leaf {index} of the log is another one")
            key = self._keys.load(waits["key"])
            self._write("state", {"origin": self.origin, "key": waits["key"]})
            self._key_name, self._key = waits["key"], key
            self._sign()
            (self._folder / "next").unlink()
            return self._checkpoint

    def check(self) -> None:
        """Compare journal, tree and checkpoint whole. Raise JournalError, LogError."""
        self._journal.check()
        for index, line in enumerate(self._journal.lines()):
            if self._tree.node(0, index) != line.leaf:
                words = _("leaf %(index)d of the tree is another one than in the journal")
                raise LogError(words % {"index": index})
        self._tree.cut(0)
        self._fill()
        self._compare()

    def close(self) -> None:
        """Close the files."""
        self._journal.close()
        self._tree.close()

    def _begin(self, origin: str) -> dict[str, Any]:
        if not is_name(origin):
            raise LogError(
                _("a new log needs SIGNER_ORIGIN: one word that names it, as host/register")
            )
        if (self._folder / "journal").exists():
            raise LogError(_("there is a journal, and no word of whose it is"))
        name = "key-1"
        self._keys.create(name)
        state = {"origin": origin, "key": name}
        self._write("state", state)
        return state

    def _open(self) -> None:
        path = self._folder / "checkpoint"
        kept = path.read_text("utf-8") if path.exists() else ""
        size = read_checkpoint(kept).size if kept else 0
        self._journal.drop_torn(size)
        self._fill()
        self._checkpoint = kept
        if kept:
            self._compare()
        if not kept or self._journal.size > size or not self._is_mine(kept):
            self._sign()

    def _is_mine(self, checkpoint: str) -> bool:
        try:
            return self.key in verified(read_note(checkpoint), [self.key])
        except NoteError:
            return False

    def _fill(self) -> None:
        """Have the tree hold what the journal holds."""
        self._tree.cut(self._journal.size)
        for start in range(self._tree.size, self._journal.size, MOST_LEAVES):
            lines = self._journal.lines(start)
            count = min(MOST_LEAVES, self._journal.size - start)
            self._tree.extend([next(lines).leaf for _ in range(count)])

    def _compare(self) -> None:
        """Raise JournalError where the journal is not what the newest checkpoint states."""
        told = read_checkpoint(self._checkpoint)
        if self._tree.root(told.size) != told.root:
            self._tree.cut(0)  # its files are only made from the journal: the journal decides
            self._fill()
        if self._tree.root(told.size) != told.root:
            raise JournalError(_("the journal is another one than was signed"))

    def _sign(self) -> None:
        """Sign the present tree, with the time beside it, and keep the note."""
        text = Checkpoint(self.origin, self.size, self._tree.root()).text
        timed = VerifierKey(self.origin, self._key.public, COSIGNATURE)
        lines = (
            signed(text, self.key, self._key.sign),
            signed(text, timed, self._key.sign, at=self._time() // 1_000_000),
        )
        note = str(Note(text, lines))
        _replace(self._folder / "checkpoint", note)
        self._checkpoint = note

    def _time(self) -> int:
        """Return the time of a new line. Raise LogError where the clock was set back."""
        now = self._now()
        last = self._journal.line(self._journal.size - 1).at if self._journal.size else 0
        if now < last - _SLACK:
            raise LogError(_("the clock stands before the newest line of the journal"))
        return max(now, last)

    def _within(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise LogError(f"the log has {self.size} leaves, not {size}")

    def _read(self, name: str) -> dict[str, Any]:
        try:
            return dict(json.loads((self._folder / name).read_text("utf-8")))
        except FileNotFoundError:
            return {}

    def _write(self, name: str, value: dict[str, Any]) -> None:
        _replace(self._folder / name, json.dumps(value))


def _replace(path: Path, text: str) -> None:
    """Write a file whole or not at all; it is on the disk when this returns."""
    fresh = path.with_name(f".{path.name}")
    file = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(file, "wb") as out:
        out.write(text.encode())
        out.flush()
        os.fsync(file)
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

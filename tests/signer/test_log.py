"""The log: it only grows, takes nothing twice, survives a crash, and changes its key in order."""

import hashlib
import json
import os
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from signer.journal import LINE, JournalError
from signer.keys import FileKeys, KeyMissingError
from signer.log import Log, LogError
from signer.merkle import is_consistent, is_included, leaf_hash
from signer.note import COSIGNATURE, VerifierKey, read_checkpoint, read_note, verified
from signer.statements import COMPROMISE, ROTATION, read_statement
from signer.words import gettext

LEAVES = [str(number).encode() for number in range(20)]


class Opened:
    """A log that can be opened again, with a clock that the test sets."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, 1_700_000_000_000_000
        self.log = self._open()

    def _open(self) -> Log:
        keys = FileKeys(self.folder)
        return Log(self.folder, keys, origin="office.example/register", now=lambda: self.now)

    def again(self) -> Log:
        self.log.close()
        self.log = self._open()
        return self.log


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    found = Opened(tmp_path)
    yield found
    found.log.close()


def test_leaves_are_signed_and_proven(opened: Opened) -> None:
    log = opened.log
    before = read_checkpoint(log.append(LEAVES[:7], 0))
    note = log.append(LEAVES[7:], 7)
    after = read_checkpoint(note)
    timed = VerifierKey(log.origin, log.key.public, COSIGNATURE)
    assert verified(read_note(note), [log.key, timed]) == {log.key: 0, timed: 1_700_000_000}
    assert (before.size, after.size) == (7, 20)
    proof = log.consistency(7, 20)
    assert is_consistent(7, 20, before.root, after.root, proof)
    assert is_included(leaf_hash(LEAVES[3]), 3, 20, log.inclusion(3, 20), after.root)
    assert log.leaf_hashes(18, 9) == [leaf_hash(leaf) for leaf in LEAVES[18:]]
    assert opened.again().checkpoint() == note
    opened.log.check()


def test_a_repeated_call_doubles_nothing_and_other_leaves_are_refused(opened: Opened) -> None:
    log = opened.log
    note = log.append(LEAVES[:5], 0)
    assert log.append(LEAVES[:5], 0) == note
    assert read_checkpoint(log.append(LEAVES[3:9], 3)).size == 9
    for leaves, first in (([b"other"], 8), (LEAVES[:1], 10), ([], 9), (LEAVES[:1], -1)):
        with pytest.raises(LogError):
            log.append(leaves, first)
    assert log.size == 9


def test_a_torn_end_is_dropped_and_a_shorter_or_changed_journal_refused(opened: Opened) -> None:
    opened.log.append(LEAVES, 0)
    opened.log.close()
    journal = opened.folder / "journal"
    whole = journal.read_bytes()
    for torn in (whole[:-1][-90:], whole[:LINE], b"\0" * LINE):
        journal.write_bytes(whole + torn)
        opened.log = opened._open()
        assert opened.log.size == 20
        opened.log.close()
    changed = whole.replace(leaf_hash(LEAVES[4]).hex().encode(), leaf_hash(b"x").hex().encode())
    journal.write_bytes(whole[:-LINE])
    with pytest.raises(JournalError):
        opened._open()
    journal.write_bytes(changed)
    (opened.folder / "tree" / "00").unlink()
    with pytest.raises(JournalError):
        opened._open()
    journal.write_bytes(whole)
    opened.log = opened._open()
    assert opened.log.size == 20


def test_a_batch_that_a_crash_cut_is_completed_by_its_repetition(opened: Opened) -> None:
    opened.log.append(LEAVES[:4], 0)
    opened.log._journal.append([leaf_hash(leaf) for leaf in LEAVES[4:6]], opened.now)
    log = opened.again()
    assert log.size == 6
    assert read_checkpoint(log.append(LEAVES[4:], 4)).size == 20


def test_a_full_disk_leaves_nothing_behind_and_the_call_is_repeated(opened: Opened) -> None:
    log, journal = opened.log, opened.folder / "journal"
    log.append(LEAVES[:4], 0)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (journal.stat().st_size + 90, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            log.append(LEAVES[4:], 4)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (journal.stat().st_size, log.size) == (4 * LINE, 4)
    with journal.open("ab") as file:  # as where even that could not be removed
        file.write(b"torn")
    assert read_checkpoint(log.append(LEAVES, 0)).size == 20
    assert opened.again().size == 20
    opened.log.check()


def test_leaves_are_not_doubled_where_the_tree_failed_after_the_journal(opened: Opened) -> None:
    log = opened.log
    log.append(LEAVES[:4], 0)
    level = log._tree._files[1]
    kept, full = os.dup(level), os.open("/dev/full", os.O_RDWR)
    os.dup2(full, level)
    with pytest.raises(OSError, match="space"):
        log.append(LEAVES[4:], 4)
    os.dup2(kept, level)
    for file in (kept, full):
        os.close(file)
    assert (log.size, log.leaf_hashes(0, 20)) == (4, [leaf_hash(leaf) for leaf in LEAVES[:4]])
    assert read_checkpoint(log.append(LEAVES[4:], 4)).size == 20
    assert log.leaf_hashes(0, 30) == [leaf_hash(leaf) for leaf in LEAVES]
    log.check()


def test_a_checkpoint_that_could_not_be_written_is_made_by_the_repetition(opened: Opened) -> None:
    (opened.folder / ".checkpoint").mkdir()
    with pytest.raises(IsADirectoryError):
        opened.log.append(LEAVES, 0)
    (opened.folder / ".checkpoint").rmdir()
    assert read_checkpoint(opened.log.append(LEAVES, 0)).size == 20


def test_a_clock_that_goes_back_is_refused(opened: Opened) -> None:
    opened.log.append(LEAVES[:1], 0)
    opened.now -= 1_000_000
    opened.log.append(LEAVES[:2], 0)
    opened.now -= 10_000_000
    words = gettext("the clock stands before the newest line of the journal")
    with pytest.raises(LogError, match=words):
        opened.log.append(LEAVES[:3], 0)


def test_one_process_holds_a_log_and_its_files_are_its_own(opened: Opened) -> None:
    opened.log.append(LEAVES[:1], 0)
    with pytest.raises(JournalError):
        opened._open()
    for path in opened.folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0 or path.is_dir()
    os.chmod(opened.folder / "key-1.pem", 0o640)
    with pytest.raises(KeyMissingError):
        opened.again()
    os.chmod(opened.folder / "key-1.pem", 0o600)
    opened.log = opened._open()


def test_a_key_changes_only_when_the_log_says_so(opened: Opened) -> None:
    log = opened.log
    log.append(LEAVES[:3], 0)
    old = log.key
    statement = log.prepare_key(ROTATION)
    found = read_statement(statement)
    assert (found.old, found.size, found.reason) == (old, 3, ROTATION)
    leaf = hashlib.sha256(f"n\n{statement}".encode()).hexdigest().encode()
    with pytest.raises(LogError):
        log.use_key(3, leaf, "n")
    log.append([leaf], 3)
    with pytest.raises(LogError):
        log.use_key(2, LEAVES[2])
    note = log.use_key(3, leaf, "n")
    assert log.key == found.new != old
    assert verified(read_note(note), [found.new]) == {found.new: 0}
    assert opened.again().key == found.new
    # A crash after the key was taken into use, before what announced it was removed.
    (opened.folder / "next").write_text(
        json.dumps({"key": opened.log._key_name, "note": statement})
    )
    lost = read_statement(opened.again().prepare_key(COMPROMISE, old))
    assert opened.again().key == found.new
    assert (lost.old, lost.reason) == (old, COMPROMISE)

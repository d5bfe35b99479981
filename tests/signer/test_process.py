"""The process: asked over its socket, killed in mid-work, as another user where root allows."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from signer.client import Client, Refused, Unavailable
from signer.merkle import is_included, leaf_hash
from signer.note import read_checkpoint
from tests.signer.running import Signer


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Signer]:
    with Signer(tmp_path / "signer") as found:
        yield found


def test_the_office_appends_asks_for_proofs_and_repeats_after_a_crash(running: Signer) -> None:
    client = running.client
    told = client.append([b"a", b"b"], first_index=0)
    running.kill()
    with pytest.raises(Unavailable):
        client.checkpoint()
    running.start()
    assert client.append([b"a", b"b", b"c"], first_index=0).first_index == 0
    top = read_checkpoint(client.checkpoint())
    assert (read_checkpoint(told.checkpoint).size, top.size) == (2, 3)
    assert is_included(leaf_hash(b"b"), 1, 3, client.inclusion(1, 3), top.root)
    assert len(client.consistency(2, 3)) == 1
    assert client.leaf_hashes(0, 5) == [leaf_hash(leaf) for leaf in (b"a", b"b", b"c")]
    for wrong in (lambda: client.append([b"z"], first_index=0), lambda: client.inclusion(9, 3)):
        with pytest.raises(Refused):
            wrong()
    status = client.status()
    assert (status.size, status.origin) == (3, "office.example/register")
    if os.getuid() == 0:
        assert status.uid != 0
        assert (running.folder / "key-1.pem").stat().st_uid == status.uid
    assert running.folder.stat().st_mode & 0o777 == 0o700


def test_it_ends_with_its_parent(running: Signer) -> None:
    assert running.process.stdin
    running.process.stdin.close()
    assert running.process.wait(20) == 0


def test_a_changed_journal_is_refused_in_one_line(running: Signer) -> None:
    running.client.append([b"a"], first_index=0)
    running.process.send_signal(signal.SIGTERM)
    running.process.wait(20)
    (running.folder / "journal").write_bytes(b"")
    ended = subprocess.run(
        [sys.executable, "-m", "signer", "check"],
        env=running.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (
        78,
        "signer: 0 lines are left of 1 that were signed\n",
    )


def test_nobody_answers_where_nothing_runs(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        Client(tmp_path / "none" / "signer.sock").status()

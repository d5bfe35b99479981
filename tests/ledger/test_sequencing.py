"""Entries reach the log once each, in their order, whoever is killed in between."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from ledger import append_only, sequencing
from ledger.leaves import leaf_of
from ledger.models import LedgerCheckpoint, LedgerEntry
from ledger.proving import check_ledger
from ledger.sequencing import seal_pending
from org.models import User
from signer.client import Client, Refused
from signer.merkle import Range, leaf_hash
from signer.note import read_checkpoint
from tests.signer.running import Signer

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(tmp_path: Path, settings: Any) -> Iterator[Client]:
    """A log of the test's own that nothing was given to yet."""
    with Signer(tmp_path, own_user=False) as running:
        settings.SIGNER_SOCKET = tmp_path / "signer.sock"
        yield running.client


def written(count: int) -> None:
    for number in range(count):
        User.objects.create(username=f"written{number}")


def leaves(log: Client) -> list[bytes]:
    return log.leaf_hashes(0, log.status().size)


def entries() -> list[LedgerEntry]:
    return list(LedgerEntry.objects.exclude(place=None).order_by("place"))


def test_entries_reach_the_log_and_a_checkpoint_says_so(
    log: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sequencing, "BATCH", 100)
    written(3)
    count = LedgerEntry.objects.count()
    assert seal_pending() == count > 100
    assert seal_pending() == 0
    told = [leaf_hash(leaf_of(entry)) for entry in entries()]
    assert told == leaves(log)
    tree = Range()
    for each in told:
        tree.add(each)
    newest = LedgerCheckpoint.objects.order_by("-size")[0]
    assert read_checkpoint(newest.note).root == tree.root()
    assert list(check_ledger()) == []


def test_what_was_taken_before_a_kill_is_found_again(
    log: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal_pending()
    written(2)

    def killed(_placed: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sequencing, "_keep", killed)
        with pytest.raises(KeyboardInterrupt):
            seal_pending()
    written_later = User.objects.create(username="later")
    assert seal_pending() == 3
    assert [leaf_hash(leaf_of(entry)) for entry in entries()] == leaves(log)
    assert entries()[-1].key == str(written_later.pk)


def forge(nonce: str) -> None:
    old = LedgerEntry.objects.order_by("-pk")[0]
    old.pk, old.place, old.nonce = None, None, nonce or old.nonce
    old.save(force_insert=True)


def test_an_entry_of_the_forgers_own_is_kept_out(log: Client) -> None:
    written(1)
    seal_pending()
    forge(nonce="f" * 32)
    assert seal_pending() == 0
    assert [problem.code for problem in check_ledger()] == ["entry_forged"]


def test_entries_that_wait_outlast_a_change_of_the_secret_key(log: Client, settings: Any) -> None:
    written(1)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 8, []
    assert list(check_ledger()) == []
    assert seal_pending() == LedgerEntry.objects.count()


def test_an_entry_that_is_put_in_a_second_time_is_kept_out(log: Client) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite drops a constraint with its table only")
    written(1)
    seal_pending()
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conname LIKE 'ledger%nonce%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE ledger_ledgerentry DROP CONSTRAINT "{name}"')
    forge(nonce="")
    assert seal_pending() == 0
    assert [problem.code for problem in check_ledger()] == ["entry_forged"]


def test_an_entry_that_is_lost_leaves_a_hole_that_is_named(log: Client) -> None:
    written(2)
    seal_pending()
    append_only.remove(connection)
    lost = LedgerEntry.objects.order_by("-pk")[1]
    place = lost.place
    lost.delete()
    append_only.install(connection)
    assert ("entry_missing", f"ledger.ledgerentry/#{place}") in {
        (problem.code, problem.row) for problem in check_ledger()
    }


def test_a_log_that_is_another_one_is_not_written_to(log: Client) -> None:
    entry = LedgerEntry.objects.order_by("pk")[0]
    LedgerEntry.objects.filter(pk=entry.pk).update(place=7)
    with pytest.raises(Refused):
        seal_pending()
    assert log.status().size == 0


def test_without_a_signer_entries_wait(settings: Any, tmp_path: Path) -> None:
    settings.SIGNER_SOCKET = tmp_path / "nobody.sock"
    assert seal_pending() == 0

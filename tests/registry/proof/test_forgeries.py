"""Whoever owns the database, and even the office's keys, is refuted by what left the house.

Each forgery is whole to everything that stands in the database; a receipt, the second store, a
witness's note and the signer's log find it.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

from ledger.models import LedgerEntry
from ledger.sequencing import seal_pending
from registry.models.closings import DailyClosing
from registry.models.letters import Letter
from registry.proof.anchoring import anchor_now
from registry.proof.checkpoints import current
from registry.proof.exporting import export_proof
from registry.proof.proving import check_brought
from registry.verification import Problem, verify_register
from tests.factories import close_so_far, deposit, drain
from tests.registry.proof import forging
from tests.signer.running import LocalSigner
from tools.verify_independently import verify


class Outside:
    """What left the house before the forgery: a line on paper, the store, the signer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.signer = LocalSigner(folder / "signer")
        self.key = str(self.signer.log.key)
        self.printed = ""

    def finds(self) -> set[str]:
        """What is found against everything that is outside."""
        found = list(check_brought([self.printed, "store"], [self.key]))
        return {problem.code for problem in found}


@pytest.fixture(scope="module")
def outside(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outside]:
    """An office with closings, whose register is anchored; rolled back at the end."""
    found = Outside(tmp_path_factory.mktemp("outside"))
    places = {"SIGNER_SOCKET": found.signer.socket, "ANCHOR_URL": f"file://{found.folder}/store"}
    with django_db_blocker.unblock(), override_settings(**places):
        with transaction.atomic():
            deposit(subject="Fuite")
            deposit(subject="Facture")
            close_so_far()
            deposit(subject="La dernière")
            point = current()
            assert point is not None
            found.printed = point.printed
            anchor_now(point)
            drain("anchor.make")
            yield found
            transaction.set_rollback(True)
        connection.close()
    found.signer.stop()


@pytest.fixture
def forger(outside: Outside, db: None) -> Iterator[Outside]:
    """What the test forges is undone."""
    mark = transaction.savepoint()
    yield outside
    transaction.savepoint_rollback(mark)


def found_inside() -> list[Problem]:
    """What the database finds by itself: nobody outside is asked."""
    with override_settings(SIGNER_SOCKET=settings.DATA_DIR / "no-signer.sock"):
        return list(verify_register(files=False))


def codes() -> set[str]:
    return {problem.code for problem in verify_register(files=False)}


def independently(outside: Outside, folder: Path) -> list[str]:
    """What the verifier finds that shares nothing with the house."""
    found: list[str] = []
    export_proof(folder)
    verify(folder, [outside.printed], [outside.key], "", found.append)
    return found


def rewrite_a_subject() -> None:
    with forging.owning() as cursor:
        cursor.execute("UPDATE registry_letter SET subject = 'Autre' WHERE subject = 'Fuite'")
        forging.make_whole()


def delete_the_newest() -> None:
    with forging.owning():
        forging.delete_letter(Letter.objects.get(subject="La dernière"))
        forging.make_whole()


def delete_all_closings() -> None:
    with forging.owning() as cursor:
        cursor.execute("DELETE FROM registry_dailyclosing")
        forging.make_whole()


FORGERIES = [rewrite_a_subject, delete_the_newest, delete_all_closings]


def test_what_nobody_forged_is_whole(forger: Outside, tmp_path: Path) -> None:
    assert codes() == set()
    assert forger.finds() == set()
    assert independently(forger, tmp_path) == []


@pytest.mark.parametrize("forge", FORGERIES)
def test_what_is_whole_inside_is_refuted_outside(
    forger: Outside, forge: Callable[[], None], tmp_path: Path
) -> None:
    forge()
    assert found_inside() == []
    assert forger.finds() == {"log_rewritten"}
    size = forger.printed.split("#")[1]
    told = f"{forger.printed[:80]}: the first {size} entries are not those of then"
    assert independently(forger, tmp_path) == [told]
    assert "entry_rewritten" in codes()  # the signer's journal names the entries


def test_dropped_triggers_are_missed_even_inside(forger: Outside) -> None:
    with connection.cursor() as cursor:
        on = " ON registry_dailyclosing" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER registry_dailyclosing_no_delete{on}")
    assert "trigger_missing" in codes()


def test_an_older_database_is_shorter_than_what_is_outside(forger: Outside) -> None:
    before = transaction.savepoint()
    deposit(subject="Plus tard")
    point = current()
    assert point is not None
    transaction.savepoint_rollback(before)  # the backup of before; the vault has the newer file
    assert found_inside() == []
    assert {problem.code for problem in check_brought([point.printed], [forger.key])} == {
        "log_shorter"
    }
    assert "log_shorter" in codes()


def test_a_history_of_whoever_has_all_keys_is_refuted(forger: Outside, tmp_path: Path) -> None:
    """SECRET_KEY, the signer's key and its journal are the forger's: a new log is signed."""
    forged = tmp_path / "signer"
    forged.mkdir(mode=0o700)
    for name in ("key-1.pem", "state"):
        shutil.copy(forger.signer.folder / name, forged / name)
    rewrite_a_subject()
    with forging.owning():
        LedgerEntry.objects.update(place=None)
    signer = LocalSigner(forged)
    with override_settings(SIGNER_SOCKET=signer.socket):
        seal_pending()
        assert codes() == set()  # inside, and to a signer whose key is stolen, it is whole
        assert forger.finds() == {"log_rewritten"}
    signer.stop()


def test_closings_name_the_log_before_them(forger: Outside) -> None:
    for closing in DailyClosing.objects.all():
        origin, size, root = closing.checkpoint.split("#")
        assert (origin, len(root)) == ("office.example/register", 64)
        assert 0 < int(size) < LedgerEntry.objects.count()

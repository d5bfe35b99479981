"""The life of the log's key: made, followed by others, lost, betrayed; each by its command."""

import io
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils.translation import override

from jobs.errors import Unavailable
from ledger.leaves import leaf_of
from ledger.problems import Problem
from ledger.proving import check_ledger
from ledger.sequencing import is_waiting, seal_pending, waiting
from registry.proof.checkpoints import current
from registry.proof.keys import remember_first_key, stated_keys
from registry.proof.proving import check_brought, check_proof
from registry.sealing import seal_work
from registry.verifying import last_verified
from signer.client import Refused
from tests.factories import deposit
from tests.signer.running import LocalSigner
from web.desk.administration import health_proof

pytestmark = pytest.mark.django_db


@pytest.fixture
def signer(tmp_path: Path, settings: Any) -> Iterator[LocalSigner]:
    found = LocalSigner(tmp_path / "signer")
    settings.SIGNER_SOCKET = found.socket
    deposit()
    remember_first_key()
    seal_pending()
    yield found
    found.stop()


def shown(do: str, **options: str) -> list[str]:
    out = io.StringIO()
    call_command("log_key", do, stdout=out, **options)
    return out.getvalue().splitlines()


def found(*brought: str) -> list[Problem]:
    return [*check_proof(), *check_brought(brought)]


def kept(path: Path) -> str:
    """The newest checkpoint, in a file as somebody outside has it."""
    point = current()
    assert point is not None
    path.write_text(point.note)
    return str(path)


def test_a_key_follows_another_and_both_count(signer: LocalSigner, tmp_path: Path) -> None:
    first = str(signer.log.key)
    assert shown("show") == [first]
    before = kept(tmp_path / "before")
    size = signer.log.size
    old, new = shown("rotate")
    assert old == f"{first} until {size}"
    assert new == str(signer.log.key) != first
    deposit()
    assert found(before, kept(tmp_path / "after")) == []


def test_a_betrayed_key_signs_nothing_that_counts_any_more(
    signer: LocalSigner, tmp_path: Path
) -> None:
    before = kept(tmp_path / "before")
    thief = tmp_path / "thief"
    shutil.copytree(signer.folder, thief, ignore=lambda _d, _n: ["signer.sock"])
    shown("compromised")
    deposit()
    seal_pending()
    forged = LocalSigner(thief)
    forged.log.append([b"whatever"] * 50, forged.log.size)
    (tmp_path / "forged").write_text(forged.log.checkpoint())
    forged.stop()
    assert found(before) == []
    codes = {problem.code for problem in check_brought([str(tmp_path / "forged")])}
    assert "anchor_unsigned" in codes


def test_a_lost_log_begins_again_with_all_entries(
    signer: LocalSigner, tmp_path: Path, settings: Any
) -> None:
    first, before = str(signer.log.key), kept(tmp_path / "before")
    fresh = LocalSigner(tmp_path / "new")
    settings.SIGNER_SOCKET = fresh.socket
    deposit()
    assert {problem.code for problem in check_proof()} >= {"entry_not_in_log"}
    old, new = shown("lost")
    assert old.startswith(f"{first} until ")
    assert new == str(fresh.log.key)
    assert found(before, kept(tmp_path / "after")) == []
    assert stated_keys().newest == fresh.log.key
    fresh.stop()


def test_what_is_not_lost_is_not_called_lost(
    signer: LocalSigner, tmp_path: Path, settings: Any
) -> None:
    first = shown("show")
    with override("fr"):
        with pytest.raises(CommandError, match="Rien n’est perdu"):
            call_command("log_key", "lost")
        with pytest.raises(CommandError, match=r"--old.: ce n’est pas une clé de vérification"):
            call_command("log_key", "lost", "--old", "garbage")
    assert shown("show") == first
    settings.SIGNER_SOCKET = tmp_path / "nowhere" / "signer.sock"
    with override("fr"), pytest.raises(CommandError, match="Le signataire ne répond pas"):
        call_command("log_key", "rotate")


def test_a_broken_key_is_told_before_the_register_is_looked_at() -> None:
    out = io.StringIO()
    with override("fr"), pytest.raises(CommandError, match=r"--key.: ce n’est pas une clé"):
        call_command("verify_register", "--key", "garbage", stdout=out)
    assert last_verified() is None


def test_an_older_database_gives_the_log_nothing_until_a_person_decides(
    signer: LocalSigner, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = str(signer.log.key)
    before = transaction.savepoint()
    deposit()
    seal_pending()
    transaction.savepoint_rollback(before)  # the backup of before, under the log of now
    size = signer.log.size
    deposit()
    with pytest.raises(Refused):
        seal_pending()
    with pytest.raises(Unavailable):
        seal_work("all", lambda _done, _total: None)
    assert signer.log.size == size
    assert {problem.code for problem in check_proof()} == {"log_shorter"}
    monkeypatch.setattr(health_proof, "LATE", timedelta(0))
    assert f": {size}," in next(health_proof.proof()).words
    fresh = LocalSigner(tmp_path / "emptied")
    settings.SIGNER_SOCKET = fresh.socket
    old, new = shown("lost")
    assert old.startswith(first)
    assert new == str(fresh.log.key)
    assert found() == list(check_ledger()) == []
    assert next(health_proof.proof()).state != "bad"
    fresh.stop()


def test_what_the_log_took_before_a_process_was_killed_is_no_problem(signer: LocalSigner) -> None:
    deposit()
    signer.log.append([leaf_of(entry) for entry in waiting()], signer.log.size)
    assert found() == []
    assert not is_waiting()


def test_without_a_signer_nothing_changes(settings: Any, tmp_path: Path) -> None:
    settings.SIGNER_SOCKET = tmp_path / "none.sock"
    for do in ("show", "rotate", "lost"):
        with pytest.raises(CommandError):
            shown(do)


def test_a_signer_with_a_key_that_the_log_does_not_tell_is_found(
    signer: LocalSigner, tmp_path: Path, settings: Any
) -> None:
    other = LocalSigner(tmp_path / "other")
    settings.SIGNER_SOCKET = other.socket
    assert "key_unstated" in {problem.code for problem in check_proof()}
    other.stop()

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
        env=running.environment | {"LANGUAGE_CODE": "en"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (
        78,
        "signer: the journal has 0 lines left of 1 that were signed\n",
    )


def test_nobody_answers_where_nothing_runs(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        Client(tmp_path / "none" / "signer.sock").status()


def ended(folder: Path, do: str, **given: str) -> tuple[int, str]:
    """Return how a signer ends that cannot do what it is asked for, and what it says."""
    unset = dict.fromkeys(("SIGNER_SOCKET", "SIGNER_ORIGIN", "SIGNER_KEY", "DATA_DIR"), "")
    done = subprocess.run(
        [sys.executable, "-m", "signer", do],
        env=os.environ | unset | {"SIGNER_DATA": str(folder), "LANGUAGE_CODE": "en"} | given,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, done.stderr


def test_each_setting_may_come_by_a_file(tmp_path: Path) -> None:
    kept = {
        "SIGNER_DATA": str(tmp_path / "signer"),
        "SIGNER_SOCKET": str(tmp_path / "signer" / "signer.sock"),
        "SIGNER_ORIGIN": "office.example/by-file",
        "SIGNER_KEY": "",
    }
    signer = Signer(tmp_path / "signer", own_user=False)
    for name, value in kept.items():
        (tmp_path / name).write_text(f"{value}\n")
        signer.environment |= {name: "nonsense", f"{name}_FILE": str(tmp_path / name)}
    with signer:
        assert signer.client.status().origin == "office.example/by-file"


def test_a_file_of_a_setting_that_is_not_there_is_told(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere")
    code, said = ended(tmp_path / "signer", "serve", SIGNER_KEY_FILE=nowhere)
    assert code == 78
    assert said.startswith("signer: SIGNER_KEY cannot be read from SIGNER_KEY_FILE: ")
    assert not (tmp_path / "signer").exists()


def test_a_misspelt_token_makes_no_key_in_a_file(tmp_path: Path) -> None:
    given = {"SIGNER_KEY": "pkcs:token=x", "SIGNER_ORIGIN": "office.example/register"}
    code, said = ended(tmp_path / "signer", "serve", **given)
    assert (code, said) == (78, "signer: SIGNER_KEY begins with pkcs11:, or is not set\n")
    assert not list((tmp_path / "signer").iterdir())


def test_a_check_where_no_log_is_makes_none(tmp_path: Path) -> None:
    code, said = ended(tmp_path / "typo", "check", SIGNER_ORIGIN="office.example/register")
    assert (code, said) == (78, f"signer: there is no log in {tmp_path / 'typo'}\n")
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize(
    ("language", "lacks", "misspelt"),
    [
        ("fr", "il n’y a pas de journal de preuve dans", "SIGNER_KEY commence par pkcs11:"),
        ("ar", "لا يوجد سجل إثبات في", "تبدأ SIGNER_KEY بـpkcs11:"),
    ],
)
def test_a_signer_speaks_the_offices_language(
    tmp_path: Path, language: str, lacks: str, misspelt: str
) -> None:
    code, said = ended(tmp_path / "typo", "check", LANGUAGE_CODE=language)
    assert code == 78
    assert said.startswith(f"signer: {lacks} ")
    given = {"SIGNER_KEY": "pkcs:token=x", "LANGUAGE_CODE": language}
    code, said = ended(tmp_path / "signer", "serve", **given)
    assert code == 78
    assert said.startswith(f"signer: {misspelt}")

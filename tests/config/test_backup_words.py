"""Why a backup or a restore failed, in the words of whoever reads it."""

import errno
import socket
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from config.backup.places import PlaceError, place_of
from config.backup.words import NOT_RESTORED, last_words
from org.file_errors import file_error


@pytest.fixture
def free_port() -> int:
    """Return a port at which nobody listens now: it was the system's to give."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("s3:", "une sauvegarde va vers"),
        ("sftp://clerk@host:99999/office", "le port de l’adresse"),
        ("sftp://clerk@host:0/office", "le port de l’adresse"),
        ("sftp://clerk@127.0.0.1/office?key=/nowhere/key", "/nowhere/key: ce fichier ou dossier"),
        ("sftp://c@127.0.0.1/x?known_hosts=/nowhere/known", "/nowhere/known: ce fichier"),
        ("sftp://clerk@nowhere.invalid/office", "nowhere.invalid: cette machine n’existe pas"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused_in_words(url: str, words: str) -> None:
    with override("fr"), pytest.raises(PlaceError, match=words):
        place_of(url)


def test_a_server_that_is_away_is_told_in_words(free_port: int, tmp_path: Path) -> None:
    with override("fr"):
        with pytest.raises(PlaceError, match=r"127\.0\.0\.1: aucune réponse$"):
            place_of(f"sftp://clerk@127.0.0.1:{free_port}/office")
        bucket = place_of(f"s3://a:b@127.0.0.1:{free_port}/bucket?tls=no")
        with pytest.raises(PlaceError, match=r"le compartiment: aucune réponse$"):
            list(bucket.names("snapshots"))


def test_a_folder_that_is_no_folder_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with override("ar"), pytest.raises(PlaceError, match="جزء من المسار ليس مجلدا"):
        place_of(str(tmp_path / "file/x")).put("one", tmp_path / "file")
    with override("fr"), pytest.raises(PlaceError, match=f"{tmp_path}/file: quelque chose"):
        place_of(str(tmp_path / "file")).put("one", tmp_path / "file")


@pytest.mark.django_db
@pytest.mark.parametrize("line", [["backup", "--make-identity"], ["restore", "/x", "--identity"]])
def test_the_commands_name_a_missing_file_in_words(line: list[str]) -> None:
    with pytest.raises(CommandError) as refused:
        call_command(*line, "/nowhere/key")
    assert str(refused.value) == "/nowhere/key: ce fichier ou dossier n’existe pas"


def test_the_reason_of_a_trial_is_told_once_and_without_its_log() -> None:
    with override("fr"):
        said = f"2026 INFO x Connected\nCommandError: {NOT_RESTORED % {'why': 'elle manque'}}\n"
        assert last_words(said, "restore") == "elle manque"
        long = NOT_RESTORED % {"why": "a" * 600}
        assert last_words(f"CommandError: {long}", "restore") == "a" * 500


def test_what_happens_seldom_is_told_in_the_words_of_the_system() -> None:
    assert file_error(OSError(errno.ELOOP, "Too many levels of symbolic links")).startswith("Too")
    assert file_error(OSError("size mismatch")) == "size mismatch"
    assert file_error(OSError()) == "OSError"

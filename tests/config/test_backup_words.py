"""Why a backup or a restore failed, in the words of whoever reads it."""

import errno
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from config.backup.places import PlaceError, place_of
from config.backup.words import NOT_RESTORED, last_words
from config.certificates import renew
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


class _HangsUp(BaseHTTPRequestHandler):
    """A store that reads no object where there is no such bucket, and says so when it is asked."""

    def do_PUT(self) -> None:
        self.close_connection = True

    def do_GET(self) -> None:
        told = b"<Error><Code>NoSuchBucket</Code></Error>"
        self.send_response(404)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_words: object) -> None:
        """Quiet."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """Return its port and the authority of its certificate."""
    renew(tmp_path / "tls", {"store": os.geteuid()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), _HangsUp)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "tls/store/cert.pem", tmp_path / "tls/store/key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, tmp_path / "tls/office/ca.pem"
    server.shutdown()
    server.server_close()


def test_a_bucket_that_is_not_there_is_not_told_as_a_certificate(
    store: tuple[int, Path], tmp_path: Path
) -> None:
    """Over TLS a store that hangs up is an error of TLS."""
    port, authority = store
    (tmp_path / "database").write_bytes(bytes(300_000))
    trusted = place_of(f"s3://a:b@127.0.0.1:{port}/bucket?ca_certs={authority}")
    with override("fr"):
        with pytest.raises(PlaceError, match=r"ce compartiment n’existe pas$"):
            trusted.put("databases/one", tmp_path / "database")
        stranger = place_of(f"s3://a:b@127.0.0.1:{port}/bucket")
        with pytest.raises(PlaceError, match="son certificat n’est pas de ceux"):
            stranger.put("databases/one", tmp_path / "database")


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


@pytest.mark.parametrize(
    ("flag", "words"),
    [
        ("--keep=-3", "--keep est un nombre entier"),
        ("--every=-1", "--every est un nombre d’heures"),
        ("--every=0", "--every est un nombre d’heures"),
        ("--every=nan", "--every est un nombre d’heures"),
        ("--every=inf", "--every est un nombre d’heures"),
    ],
)
def test_a_number_that_cannot_be_is_refused_before_anything_is_made(
    flag: str, words: str, tmp_path: Path
) -> None:
    """It was taken as unsaid: one backup in place of one each night, and nothing ever removed."""
    with pytest.raises(CommandError, match=words) as refused:
        call_command("backup", str(tmp_path / "to"), "--plain", flag)
    assert refused.value.returncode == 2
    assert not (tmp_path / "to").exists()

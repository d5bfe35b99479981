"""An original that cannot be read is told from one that is missing, in both kinds of vault."""

import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from registry.files import vault
from registry.files.receiving import VaultError
from registry.models.files import StoredFile
from registry.originals import GIVEN_UP, check_files
from tests.factories import deposit

pytestmark = pytest.mark.django_db


class _Refusing(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        missing = self.path.partition("?")[0].endswith("0" * 64)
        code = "NoSuchKey" if missing else "InternalError"
        body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
        self.send_response(404 if missing else 500)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def refusing_store(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The office's vault is a store that has nothing of the name 0…, and fails for any other."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.VAULT_URL = f"s3://key:secret@127.0.0.1:{server.server_port}/vault?tls=no"
        vault.get_vault.cache_clear()
        yield
        vault.get_vault.cache_clear()
        server.shutdown()


def row(sha256: str) -> StoredFile:
    return StoredFile(sha256=sha256, size=1, media_type="text/plain", stored_at=timezone.now())


def found() -> list[tuple[str, str]]:
    problems = check_files(StoredFile.objects.all(), lambda _what, _count: None)
    return [(one.code, one.detail) for one in problems]


def test_an_object_store_that_fails_is_not_said_to_lack_the_file(refusing_store: None) -> None:
    with pytest.raises(VaultError, match="away"):
        vault.hash_of("1" * 64)
    assert vault.hash_of("0" * 64) == ""


def test_files_of_a_store_that_fails_are_unread_and_not_missing(refusing_store: None) -> None:
    StoredFile.objects.bulk_create([row("1" * 64), row("0" * 64)])
    assert found() == [
        ("file_unread", f"{'1' * 64} could not be read (away)"),
        ("file_missing", "0" * 64),
    ]


def test_a_folder_that_is_not_there_is_away_and_its_files_are_unread(own_data_dir: Path) -> None:
    sha256 = deposit().letter.documents.get().file.sha256
    shutil.move(own_data_dir / "vault", own_data_dir / "elsewhere")
    with pytest.raises(VaultError, match="away"):
        vault.hash_of(sha256)
    with pytest.raises(VaultError, match="away"):
        vault.open_path(sha256)
    assert found() == [("file_unread", f"{sha256} could not be read (away)")]
    (own_data_dir / "vault").mkdir()
    assert found() == [("file_missing", sha256)]


def test_a_file_that_gives_no_bytes_is_unread(own_data_dir: Path) -> None:
    sha256 = deposit().letter.documents.get().file.sha256
    path = own_data_dir / "vault" / sha256[:2] / sha256[2:4] / sha256
    path.unlink()
    path.mkdir()
    with pytest.raises(VaultError, match="away"):
        vault.hash_of(sha256)
    assert found() == [("file_unread", f"{sha256} could not be read (away)")]


def test_a_vault_that_stays_away_is_not_asked_for_every_file(own_data_dir: Path) -> None:
    StoredFile.objects.bulk_create([row(f"{number:064x}") for number in range(GIVEN_UP + 5)])
    told = found()
    assert [code for code, _detail in told] == ["file_unread"] * GIVEN_UP + ["files_unread"]
    assert told[-1][1] == f"the vault is away: only {GIVEN_UP} were looked at"

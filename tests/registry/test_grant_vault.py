"""Who lets the office into its bucket stops no composition where there is nothing to let in."""

import io
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest
from django.core.management import call_command

from registry.files.vault import get_vault


@pytest.mark.parametrize("address", ["s3:///bucket?lock_days=1", "file:///srv/vault", ""])
def test_originals_in_a_folder_need_no_account(tmp_path: Path, address: str) -> None:
    (tmp_path / "url").write_text(address)
    told = io.StringIO()
    call_command("make_vault", "--grant", str(tmp_path / "url"), stderr=told)
    assert told.getvalue().count("folder") == 1 or "dossier" in told.getvalue()


def test_a_store_by_the_machines_own_rights_is_granted_nothing(
    tmp_path: Path, settings: Any
) -> None:
    settings.VAULT_URL = "s3:///bucket?region=eu-west-1&lock_days=1"
    get_vault.cache_clear()
    (tmp_path / "url").write_text(f"{settings.VAULT_URL}\n")
    told = io.StringIO()
    try:
        call_command("grant_vault", "--url-file", str(tmp_path / "url"), stdout=told)
    finally:
        get_vault.cache_clear()
    assert "rien à accorder" in told.getvalue()


class _Elsewhere(BaseHTTPRequestHandler):
    """A store elsewhere, whose key is for one bucket: it may not list the buckets of others."""

    asked: ClassVar[list[str]] = []

    def _answer(self, status: int, words: bytes = b"") -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.asked.append(f"{self.command} {self.path}")
        self.send_response(status)
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def do_HEAD(self) -> None:
        self._answer(200 if self.path == "/bucket" else 403)

    def do_GET(self) -> None:
        self._answer(403, b"<Error><Code>AccessDenied</Code></Error>")

    def do_PUT(self) -> None:
        self._answer(204 if self.path == "/bucket?policy" else 403)

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    _Elsewhere.asked.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}/bucket?tls=no"
    server.shutdown()
    server.server_close()


def test_a_store_elsewhere_whose_key_is_for_one_bucket_is_let_be(
    tmp_path: Path, settings: Any, elsewhere: str
) -> None:
    settings.VAULT_URL = f"s3://owner:secret@{elsewhere}"
    get_vault.cache_clear()
    (tmp_path / "url").write_text(f"s3://office:secret@{elsewhere}")
    told, noted = io.StringIO(), io.StringIO()
    words = ("--make-account", "--grant", str(tmp_path / "url"))
    try:
        call_command("make_vault", *words, stdout=told, stderr=noted)
    finally:
        get_vault.cache_clear()
    assert "passerelle Versity" in noted.getvalue()
    assert "office lit et écrit" in told.getvalue()
    assert _Elsewhere.asked == ["HEAD /bucket", "HEAD /bucket", "PUT /bucket?policy"]

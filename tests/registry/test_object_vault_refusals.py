"""An object store that answers by errors: deposits are refused, and nothing seems missing."""

import http.server
import socketserver
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.config import Config

from registry.files import vault_s3
from registry.files.receiving import VaultError, receive
from registry.files.vault import FileVault
from registry.files.vault_s3 import ObjectVault
from tests.factories import text_file


class Store(http.server.ThreadingHTTPServer):
    """A store that has nothing, and answers what is asked of its objects by one status."""

    status, code = 500, "InternalError"


class _Answers(http.server.BaseHTTPRequestHandler):
    server: Store

    def do_HEAD(self) -> None:
        self._say(404, b"")

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._refuse()

    def do_GET(self) -> None:
        self._refuse()

    def _refuse(self) -> None:
        if self.server.status == 200:
            self._break_off()
        else:
            words = f"<Error><Code>{self.server.code}</Code><Message>no</Message></Error>"
            self._say(self.server.status, words.encode())

    def _break_off(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"the beginning")
        self.close_connection = True

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        """Say nothing."""


class _Locks(_Answers):
    """A store that has one version of an object, which it locks as `server.locks` says."""

    server: "LockingStore"

    def do_HEAD(self) -> None:
        self.send_response(200)
        for name, value in self.server.locks.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def do_GET(self) -> None:
        key = parse_qs(urlsplit(self.path).query)["prefix"][0]
        version = f"<Version><Key>{key}</Key><VersionId>1</VersionId></Version>"
        self._say(200, f"<ListVersionsResult>{version}</ListVersionsResult>".encode())

    def do_DELETE(self) -> None:
        self._refuse()


class LockingStore(Store):
    """The store of `_Locks`, with the headers of its object."""

    locks: Mapping[str, str] = MappingProxyType({})


@pytest.fixture
def locking_store() -> Iterator[LockingStore]:
    with LockingStore(("127.0.0.1", 0), _Locks) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def store() -> Iterator[Store]:
    with Store(("127.0.0.1", 0), _Answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def _vault(store: Store) -> ObjectVault:
    client = boto3.client(
        "s3",
        endpoint_url=f"http://127.0.0.1:{store.server_port}",
        region_name="us-east-1",
        aws_access_key_id="key",
        aws_secret_access_key="secret",
        config=Config(retries={"total_max_attempts": 1}),
    )
    return ObjectVault(client, "vault")


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (500, "InternalError", "away"),
        (503, "SlowDown", "away"),
        (507, "InsufficientStorage", "full"),
        (403, "QuotaExceeded", "full"),
    ],
)
def test_a_store_that_takes_nothing_is_said(
    store: Store, status: int, code: str, said: str
) -> None:
    store.status, store.code = status, code
    incoming = receive(text_file("Une lettre").stream)
    with pytest.raises(VaultError) as refused:
        _vault(store).keep(incoming)
    assert refused.value.code == said
    assert incoming.path.exists()  # until somebody discards it
    incoming.discard()


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [(404, "NoSuchKey", "missing"), (500, "InternalError", "away"), (503, "SlowDown", "away")],
)
def test_only_an_object_that_is_not_there_is_missing(
    store: Store, status: int, code: str, said: str
) -> None:
    store.status, store.code = status, code
    with pytest.raises(VaultError) as refused:
        _vault(store).open("0" * 64)
    assert refused.value.code == said


_HOLD = {"x-amz-object-lock-legal-hold": "ON"}
_UNTIL = "x-amz-object-lock-retain-until-date"


@pytest.mark.parametrize(
    ("locks", "year"),
    [
        (_HOLD, None),
        ({_UNTIL: "2999-01-02T00:00:00Z"}, 2999),
        ({_UNTIL: "9999-12-31T23:59:59Z"}, None),
        ({**_HOLD, _UNTIL: "2999-01-02T00:00:00Z"}, None),
    ],
)
def test_a_lock_says_until_when_or_that_it_has_no_term(
    locking_store: LockingStore, locks: dict[str, str], year: int | None
) -> None:
    locking_store.locks = locks
    with pytest.raises(VaultError) as refused:
        _vault(locking_store).delete("0" * 64)
    assert refused.value.code == "locked"
    assert (refused.value.until.year if refused.value.until else None) == year


@pytest.mark.parametrize(
    ("status", "code", "said"), [(403, "AccessDenied", "refused"), (503, "SlowDown", "away")]
)
def test_a_deletion_that_is_refused_is_no_lock(
    locking_store: LockingStore, status: int, code: str, said: str
) -> None:
    locking_store.status, locking_store.code = status, code
    with pytest.raises(VaultError) as refused:
        _vault(locking_store).delete("0" * 64)
    assert refused.value.code == said


def test_an_object_that_breaks_off_is_away(store: Store) -> None:
    store.status = 200
    body = _vault(store).open("0" * 64)
    with pytest.raises(VaultError) as broken:
        list(iter(lambda: body.read(100), b""))
    body.close()
    assert broken.value.code == "away"


class _Silence(socketserver.BaseRequestHandler):
    """A store that hangs: it takes a connection, hears all that is said and answers nothing."""

    server: "SilentStore"

    def handle(self) -> None:
        heard = b""
        while more := self.request.recv(1 << 16):
            heard += more
        self.server.heard.append(heard.split(b" ", 1)[0].decode())


class SilentStore(socketserver.ThreadingTCPServer):
    """The store of `_Silence`, with the first word of each request that it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Silence)
        self.heard: list[str] = []


def test_a_store_that_hangs_is_asked_twice_briefly_and_sent_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vault_s3, "_ANSWER_SECONDS", 0.3)
    incoming = receive(text_file("Une lettre").stream)
    with SilentStore() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        port = server.server_address[1]
        vault = ObjectVault.from_url(f"s3://key:secret@127.0.0.1:{port}/vault?tls=no")
        with pytest.raises(VaultError) as refused:
            vault.keep(incoming)
        with pytest.raises(VaultError) as unread:
            vault.open("0" * 64)
        server.shutdown()
    incoming.discard()
    assert (refused.value.code, unread.value.code) == ("away", "away")
    assert sorted(server.heard) == ["GET", "GET", "HEAD", "HEAD"]


def test_a_file_that_cannot_be_opened_is_not_missing(tmp_path: Path) -> None:
    vault = FileVault(tmp_path)
    vault.path_of("0" * 64).mkdir(parents=True)
    with pytest.raises(VaultError) as refused:
        vault.open("0" * 64)
    assert refused.value.code == "away"
    with pytest.raises(VaultError) as refused:
        vault.open("1" * 64)
    assert refused.value.code == "missing"

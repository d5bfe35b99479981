"""The scanner by its protocol: what it finds is refused, and while it is away nothing is taken."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from registry.models.letters import Letter
from registry.refusals import DepositRefusedError
from tests.factories import deposit, file, pdf, text_file

pytestmark = pytest.mark.django_db
MARK: Final = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$"  # as EICAR's test file begins


class _Scanner(socketserver.StreamRequestHandler):
    """clamd's INSTREAM: pieces with their length, then a verdict; "ERROR" where it is asked to."""

    def handle(self) -> None:
        if self.rfile.read(10) != b"zINSTREAM\0":
            return
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.server.scanned.append(content)  # type: ignore[attr-defined]
        if b"too much for it" in content:
            self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
        elif MARK in content:
            self.wfile.write(b"stream: Win.Test.EICAR_HDB-1 FOUND\0")
        else:
            self.wfile.write(b"stream: OK\0")


@pytest.fixture(params=["tcp", "unix"])
def scanner(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[list[bytes]]:
    """An office with a scanner behind a port or a socket; the list holds what it was shown."""
    with _server(request.param, tmp_path) as server:
        server.scanned = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMD_URL = f"unix://{tmp_path}/clamd.sock"
        if request.param == "tcp":
            settings.CLAMD_URL = f"tcp://127.0.0.1:{server.server_address[1]}"  # type: ignore[index]
        yield server.scanned  # type: ignore[attr-defined]
        server.shutdown()


def _server(kind: str, folder: Path) -> socketserver.BaseServer:
    if kind == "tcp":
        return socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Scanner)
    return socketserver.ThreadingUnixStreamServer(f"{folder}/clamd.sock", _Scanner)


def refused(*files: Any) -> str:
    before = Letter.objects.count()
    with pytest.raises(DepositRefusedError) as caught:
        deposit(files=list(files))
    assert Letter.objects.count() == before
    return caught.value.refusals[0].code


def test_every_file_is_shown_to_it_whole(scanner: list[bytes]) -> None:
    long = "une ligne de la lettre\n" * 40_000  # more than one piece of the protocol
    deposit(files=[text_file("Bonjour, voici ma lettre."), text_file(long)])
    assert sorted(map(len, scanner)) == sorted([25, len(long)])


def test_what_it_finds_is_refused_with_all_that_came_along(scanner: list[bytes]) -> None:
    infected = file("lettre.txt", b"Bonjour. " + MARK)
    assert refused(pdf("Bonjour"), infected) == "infected"


def test_while_it_is_away_nothing_is_taken_unscanned(scanner: list[bytes], settings: Any) -> None:
    assert refused(text_file("this is too much for it")) == "scanner_away"
    settings.CLAMD_URL = "unix:///nowhere/clamd.sock"
    assert refused(text_file()) == "scanner_away"


def test_without_a_scanner_letters_are_taken(settings: Any) -> None:
    settings.CLAMD_URL = ""
    assert deposit(files=[text_file()]).letter.number

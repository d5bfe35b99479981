"""A mailbox whose server and address differ about TLS: what is wrong is told, and what to do."""

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from channels.mailbox.address import mailbox_address
from channels.mailbox.reading import PROBLEMS
from channels.mailbox.server import MailboxAwayError, connected
from tests.channels import plain_server
from tests.channels.plain_server import greeting_plainly
from tests.config.test_collector import certificate


class _Greeting(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        with contextlib.suppress(OSError):  # who called may hang up amid the handshake
            self.wfile.write(b"* OK ready\r\n")


@pytest.fixture
def encrypted(tmp_path: Path) -> Iterator[int]:
    """The port of a server that says nothing before TLS is agreed on."""
    _pem, context = certificate(tmp_path)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Greeting) as server:
        server.daemon_threads = True
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("tls", "code"), [("whole", "no_tls"), ("start", "no_tls"), ("none", "needs_tls")]
)
def test_what_is_wrong_with_encryption_is_told(tls: str, code: str) -> None:
    with greeting_plainly() as port:
        address = mailbox_address(f"imap://u:p@127.0.0.1:{port}/")

        with pytest.raises(MailboxAwayError) as caught, connected(replace(address, tls=tls)):
            pass

    assert caught.value.code == code
    assert "MAILBOX_URL" in str(PROBLEMS[code])


@pytest.mark.parametrize("tls", ["start", "none"])
def test_a_port_that_speaks_tls_alone_is_told_as_such(encrypted: int, tls: str) -> None:
    address = replace(mailbox_address(f"imap://u:p@127.0.0.1:{encrypted}/"), tls=tls)

    with pytest.raises(MailboxAwayError) as caught, connected(address, seconds=1):
        pass

    assert caught.value.code == "needs_tls"


@pytest.mark.parametrize("handler", [plain_server.EndlessLines, plain_server.EndlessLiteral])
def test_a_server_whose_answer_does_not_end_is_broken_off(
    handler: type[socketserver.BaseRequestHandler],
) -> None:
    with greeting_plainly(handler) as port:
        address = mailbox_address(f"imap://u:p@127.0.0.1:{port}/?tls=no")

        with pytest.raises(MailboxAwayError) as caught, connected(address):
            pass

    assert caught.value.code == "away"  # not at the end of all of it


def test_a_port_where_nobody_listens_stays_away() -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), _Greeting, bind_and_activate=False) as server:
        server.server_bind()  # nobody listens, and nobody else is given the port
        port = server.server_address[1]
        address = mailbox_address(f"imap://u:p@127.0.0.1:{port}/?tls=no")

        with pytest.raises(MailboxAwayError) as caught, connected(address):
            pass

    assert caught.value.code == "away"

"""TLS of the web server itself, for the way from the proxy: WEB_CERTIFICATE and WEB_KEY.

Towards people a proxy terminates TLS; the way behind it may cross a network that others can read.
"""

import logging
import ssl
import threading
from socket import MSG_PEEK, socket
from typing import Any, Final

from config.connections import Connection

_RECORD: Final = 16_384  # bytes, the most of one record: what is sent counts as it goes
_LATER: Final = (ssl.SSLWantReadError, ssl.SSLWantWriteError)
log = logging.getLogger(__name__)


class _UnfinishedError(Exception):
    """Only a part of a record has come, or of the handshake."""


class EncryptedConnection(Connection):
    """A connection that speaks TLS. Its handshake is read by the loop and takes no thread."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._turn = threading.Lock()  # OpenSSL takes one thread at a time on a connection
        super().__init__(*args, **kwargs)
        self.sendbuf_len = _RECORD

    def handle_read(self) -> None:
        """Read, where that gives whole records."""
        try:
            super().handle_read()
        except _UnfinishedError:
            return

    def recv(self, size: int) -> bytes:
        """Receive what one record holds, b"" at the end; raise where it is not whole yet."""
        try:
            with self._turn:
                data = bytes(self.socket.recv(size))
        except _LATER:
            raise _UnfinishedError from None
        except OSError as error:
            data = b""
            if getattr(error, "reason", "") == "HTTP_REQUEST":
                log.warning("A request came without TLS; by WEB_CERTIFICATE this port speaks it.")
        if not data:
            self.handle_close()
        self.moved += len(data)
        return data

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Send a record and count it; 0 where it cannot be taken now."""
        try:
            with self._turn:
                sent = int(self.socket.send(data))
        except _LATER:
            return 0
        except OSError:
            self.will_close = True
            return 0
        self.moved += sent
        return sent

    def has_more(self) -> bool:
        """Whether more came, as it lies there enciphered: nobody but the loop may open it."""
        return bool(socket.recv(self.socket, 16, MSG_PEEK))

    def end_sending(self) -> None:
        """Say that this was all, and by TLS too, since else it might have been cut off."""
        try:
            with self._turn:
                self.socket.unwrap()
        except (OSError, ValueError):  # the other end's own word is not waited for
            pass
        super().end_sending()

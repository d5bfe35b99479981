"""The certificate of the web server and its key: WEB_CERTIFICATE and WEB_KEY."""

import ssl
from pathlib import Path
from socket import socket

from org.tls import serving_context


def server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """Return the context in which a server presents this certificate.

    Raise OSError where the files cannot be read or do not belong together. No passphrase is read
    from a terminal: a key that has one cannot be read.
    """
    context = serving_context()
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.load_cert_chain(certificate, key, password="")
    return context


class ServedCertificate:
    """The certificate that new connections are given; a renewed one without a restart."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self._certificate, self._key = certificate, key
        self._changed_at = self._changes()
        self._context = self._read()

    def refresh(self) -> None:
        """Read the files again where they changed; while they do not fit, the old ones stay."""
        try:
            changed_at = self._changes()
            if changed_at != self._changed_at:
                self._context, self._changed_at = self._read(), changed_at
        except OSError:  # written at this moment: looked at again in a second
            return

    def begin(self, plain: socket) -> ssl.SSLSocket:
        """Return a TLS connection; its handshake runs as it reads, without blocking."""
        return self._context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)

    def _read(self) -> ssl.SSLContext:
        return server_context(self._certificate, self._key)

    def _changes(self) -> tuple[int, ...]:
        return tuple(file.stat().st_mtime_ns for file in (self._certificate, self._key))

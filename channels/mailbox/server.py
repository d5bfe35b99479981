"""The mail server: a folder opened over IMAP, its mails copied in pieces, and marked."""

import contextlib
import imaplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final

from imapclient import IMAPClient
from imapclient.exceptions import CapabilityError, LoginError

from channels.mailbox.address import MailboxAddress
from org.tls import client_context

PIECE: Final = 1024 * 1024  # bytes of a mail asked for at a time
MOST: Final = 16 * PIECE  # bytes of an answer to one command
_SECONDS: Final = 30.0  # without a sign of the server
_PROBE_SECONDS: Final = 5.0  # for the handshake of a port that greets nobody
_NEEDS_TLS: Final = ("PRIVACYREQUIRED", "LOGINDISABLED")  # RFC 5530, RFC 3501
_SPEAKS_PLAIN: Final = {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}
SEEN, FLAGGED = rb"\Seen", rb"\Flagged"


class MailboxAwayError(Exception):
    """The mailbox cannot be used now; `code` is one of `channels.mailbox.reading`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Envelope:
    """The server's description of a mail before it is copied: bytes, and when it arrived there."""

    size: int
    arrived_at: datetime | None


@contextmanager
def _answers() -> Iterator[None]:
    """Turn every connection failure and invalid answer of a server into one error."""
    try:
        yield
    except LoginError as error:
        needs_tls = any(word in str(error).upper() for word in _NEEDS_TLS)
        raise MailboxAwayError("needs_tls" if needs_tls else "login") from error
    except ssl.SSLCertVerificationError as error:
        raise MailboxAwayError("tls") from error
    except ssl.SSLError as error:
        no_tls = error.reason in _SPEAKS_PLAIN
        raise MailboxAwayError("no_tls" if no_tls else "away") from error
    except CapabilityError as error:  # of STARTTLS: nothing else that is asked for needs one
        raise MailboxAwayError("no_tls") from error
    except (OSError, imaplib.IMAP4.error, EOFError, ValueError, KeyError, IndexError) as error:
        raise MailboxAwayError("away") from error


class Server:
    """An open folder; every method raises MailboxAwayError when the server is lost."""

    def __init__(self, client: IMAPClient, address: MailboxAddress) -> None:
        self._client = client
        self._done = address.done
        self._made_done = False
        self.uidvalidity = self.count = 0

    def open(self, folder: str) -> None:
        """Open the folder; raise MailboxAwayError("folder") where there is none of that name."""
        with _answers():
            if not self._client.folder_exists(folder):
                raise MailboxAwayError("folder")
            told = self._client.select_folder(folder)
            self.uidvalidity, self.count = int(told[b"UIDVALIDITY"]), int(told[b"EXISTS"])

    def uids_after(self, uid: int) -> list[int]:
        """Return the UIDs above this one, in order ("n:*" names the last mail even below n)."""
        with _answers():
            found = self._client.search(["UID", f"{uid + 1}:*"])
        return sorted(int(one) for one in found if int(one) > uid)

    def envelope(self, uid: int) -> Envelope | None:
        """Return size and arrival; None when the mail is not there any more."""
        with _answers():
            row = self._client.fetch([uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid)
            if row is None:
                return None
            return Envelope(int(row[b"RFC822.SIZE"]), row.get(b"INTERNALDATE"))

    def copy(self, uid: int, target: IO[bytes], *, limit: int) -> bool:
        """Write the mail's bytes to `target`, leaving it unread on the server.

        At most one piece above `limit`. Return False when it is not there any more.
        """
        place = 0
        while place <= limit:
            with _answers():
                row = self._client.fetch([uid], [f"BODY.PEEK[]<{place}.{PIECE}>"]).get(uid)
                if row is None:
                    return False
                piece: bytes = row[f"BODY[]<{place}>".encode()] or b""
            target.write(piece)
            place += len(piece)
            if len(piece) < PIECE:
                break
        return True

    def mark_done(self, uids: Sequence[int]) -> None:
        """Mark mails as registered: seen, and moved where the office wants them. Idempotent."""
        with _answers():
            self._client.add_flags(list(uids), [SEEN], silent=True)
            if self._done and self._client.has_capability("MOVE"):
                self._make_done()
                self._client.move(list(uids), self._done)

    def mark_set_aside(self, uids: Sequence[int]) -> None:
        """Flag mails that were not registered, and leave them where they are."""
        with _answers():
            self._client.add_flags(list(uids), [FLAGGED], silent=True)

    def _make_done(self) -> None:
        if not self._made_done and not self._client.folder_exists(self._done):
            self._client.create_folder(self._done)
        self._made_done = True


@contextmanager
def connected(address: MailboxAddress, *, seconds: float = _SECONDS) -> Iterator[Server]:
    """Yield the mailbox's folder, open while the context lasts.

    Raise MailboxAwayError.
    """
    client = _greeted(address, seconds)
    try:
        with _answers():
            if address.tls == "start":
                client.starttls(client_context(address.ca_certs))
            client.login(address.user, address.password)
        server = Server(client, address)
        server.open(address.folder)
        yield server
    finally:
        with contextlib.suppress(Exception):  # it may be gone already
            client.logout()
        with contextlib.suppress(Exception):
            client.shutdown()


def _greeted(address: MailboxAddress, seconds: float) -> IMAPClient:
    """Return a client that has the server's greeting; a port of TLS alone greets nobody plainly."""
    try:
        with _answers():
            return _client(address, seconds)
    except MailboxAwayError as error:
        if error.code == "away" and address.tls != "whole" and _speaks_tls(address, seconds):
            raise MailboxAwayError("needs_tls") from error
        raise


def _speaks_tls(address: MailboxAddress, seconds: float) -> bool:
    """Return whether the port begins with TLS, whatever its certificate; nothing is said there."""
    place = (address.host, address.port)
    try:
        with (
            socket.create_connection(place, timeout=min(seconds, _PROBE_SECONDS)) as plain,
            client_context(address.ca_certs).wrap_socket(plain, server_hostname=address.host),
        ):
            return True
    except ssl.SSLCertVerificationError:
        return True
    except OSError:
        return False


def _client(address: MailboxAddress, seconds: float) -> IMAPClient:
    whole = address.tls == "whole"
    secured: dict[str, Any] = {"ssl_context": client_context(address.ca_certs)} if whole else {}
    client = IMAPClient(address.host, address.port, ssl=whole, timeout=seconds, **secured)
    client.normalise_times = False  # moments with their zone
    _meter(client._imap)
    return client


def _meter(imap: Any) -> None:
    """Break off a server whose answer to one command does not end, before it fills the memory."""
    left = MOST
    command, read, readline = imap._command, imap.read, imap.readline

    def begin(*args: Any, **more: Any) -> Any:
        nonlocal left
        left = MOST
        return command(*args, **more)

    def count(size: int) -> None:
        nonlocal left
        left -= size
        if left < 0:
            raise OSError("the answer is too long")

    def read_counted(size: int) -> bytes:
        count(size)  # as it is announced
        return bytes(read(size))

    def readline_counted() -> bytes:
        line = bytes(readline())
        count(len(line))
        return line

    imap._command, imap.read, imap.readline = begin, read_counted, readline_counted

"""MAILBOX_URL parsed: which folder of which server, and how its connection is protected."""

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from org.start_words import gettext as _

_PORTS = {"imaps": 993, "imap": 143}
_HERE = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class MailboxAddress:
    """The parsed address of a mailbox.

    `tls` is whole (from the first byte), start (STARTTLS) or none; `ca_certs` a file or "".
    """

    host: str
    port: int
    user: str
    password: str
    folder: str
    done: str
    tls: str
    ca_certs: str = ""

    @property
    def name(self) -> str:
        """The host, user and folder, without the password."""
        return f"{self.user}@{self.host}/{self.folder}"[:400]

    def __repr__(self) -> str:
        return f"MailboxAddress({self.host}:{self.port})"


def mailbox_address(url: str, *, done: str = "") -> MailboxAddress:
    """Parse imaps://user:password@host:port/folder, or imap:// (with STARTTLS).

    Options after "?": `ca_certs` (a file of a private authority), and `tls=no`, which imap:// needs
    beyond this machine to go without. The folder is INBOX where none is named; `done` is where
    mails go once they are registered. Raise ImproperlyConfigured.
    """
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError as error:
        words = _("Its port is no number.")
        raise ImproperlyConfigured(f"MAILBOX_URL: {words}") from error
    if parts.scheme not in _PORTS or not parts.hostname or not parts.username:
        words = _("Write it as %(form)s.") % {"form": "imaps://user:password@host/folder"}
        raise ImproperlyConfigured(f"MAILBOX_URL: {words}")
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if unknown := set(options) - {"tls", "ca_certs"}:
        words = _("It has an unknown option: “%(name)s”.") % {"name": sorted(unknown)[0]}
        raise ImproperlyConfigured(f"MAILBOX_URL: {words}")
    plain = options.get("tls") == "no" or parts.hostname in _HERE
    return MailboxAddress(
        host=parts.hostname,
        port=port or _PORTS[parts.scheme],
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        done=done,
        tls="whole" if parts.scheme == "imaps" else ("none" if plain else "start"),
        ca_certs=options.get("ca_certs", ""),
    )

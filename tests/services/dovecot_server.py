"""A real IMAP server with one mailbox: Dovecot, over TLS with a certificate of its own."""

import imaplib
import secrets
import shutil
import socket
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.services.process import (
    Child,
    ServiceMissingError,
    free_port,
    give_to_service,
    make_folder,
    service_group,
    service_user,
    start,
)

USER = "courrier"
CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail
mail_fsync = never
ssl = required
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
auth_mechanisms = plain login
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail
}}
"""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A running Dovecot: its address as MAILBOX_URL has it, and the folder where mails arrive."""

    child: Child
    port: int
    password: str

    @property
    def authority(self) -> Path:
        """The certificate to trust."""
        return self.child.folder / "cert.pem"

    def greets(self) -> bool:
        """Whether it greets over TLS: a port is open before the processes behind it can answer."""
        trusted = ssl.create_default_context(cafile=str(self.authority))
        try:
            with (
                socket.create_connection(("127.0.0.1", self.port), timeout=10) as plain,
                trusted.wrap_socket(plain, server_hostname="localhost") as secured,
            ):
                return secured.recv(4) == b"* OK"
        except OSError:
            return False

    def url(self, *, port: int = 0, password: str = "", folder: str = "INBOX") -> str:
        """MAILBOX_URL, through another port where something stands between."""
        secret = password or self.password
        where = f"localhost:{port or self.port}/{folder}"
        return f"imaps://{USER}:{secret}@{where}?ca_certs={self.authority}"

    def deliver(self, name: str, content: bytes, *, folder: str = "") -> None:
        """Put a mail into the Maildir, as a mail transfer agent does."""
        new = self.child.folder / "mail" / folder / "new" / name
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(content)
        give_to_service(self.child.folder / "mail")

    def contents(self) -> dict[int, bytes]:
        """Return the mails by UID, as another client than ours gets them."""
        trusted = ssl.create_default_context(cafile=str(self.authority))
        with imaplib.IMAP4_SSL("localhost", self.port, ssl_context=trusted) as client:
            client.login(USER, self.password)
            client.select("INBOX", readonly=True)
            uids = client.uid("SEARCH", "ALL")[1][0].split()
            fetched = {int(uid): client.uid("FETCH", uid, "(BODY.PEEK[])")[1][0] for uid in uids}
        return {uid: row[1] for uid, row in fetched.items() if isinstance(row, tuple)}

    def messages(self, folder: str = "") -> list[Path]:
        """Return the files in the folder; flags stand behind the comma of a name (S is seen)."""
        place = self.child.folder / "mail" / folder
        return [path for part in ("cur", "new") for path in sorted((place / part).glob("*"))]


def program() -> str:
    """Return the path of Dovecot. Raise `ServiceMissingError`."""
    if found := shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin:/usr/bin"):
        return found
    raise ServiceMissingError("Dovecot: no dovecot here (Debian: dovecot-core, dovecot-imapd)")


def start_dovecot() -> MailServer:
    """Start Dovecot on a free port. Raise `ServiceMissingError`."""
    dovecot, port, password = program(), free_port(), secrets.token_urlsafe(12)
    folder = make_folder("dovecot")
    _make_certificate(folder)
    user, group = _names()
    for name in ("run", "state", "mail/new", "mail/cur", "mail/tmp"):
        (folder / name).mkdir(parents=True)
    config = CONFIG.format(folder=folder, port=port, user=user, group=group, password=password)
    (folder / "dovecot.conf").write_text(config)
    give_to_service(folder)
    child = start("Dovecot", [dovecot, "-F", "-c", f"{folder}/dovecot.conf"], folder=folder)
    server = MailServer(child, port, password)
    child.wait_until(server.greets, seconds=120)
    return server


def _names() -> tuple[str, str]:
    import grp
    import os
    import pwd

    gid = service_group()
    user = service_user() or pwd.getpwuid(os.geteuid()).pw_name
    return user, grp.getgrgid(os.getegid() if gid is None else gid).gr_name


def _make_certificate(folder: Path) -> None:
    if not shutil.which("openssl"):
        raise ServiceMissingError("Dovecot: no openssl here to make its certificate")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    command += ["-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"]
    subprocess.run(command, check=True, capture_output=True)

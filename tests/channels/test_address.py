"""MAILBOX_URL: what it says, and what it may not say."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from channels.mailbox.address import mailbox_address


def test_everything_is_read_from_the_address() -> None:
    found = mailbox_address("imaps://o%40e.org:p%2Fw@mail.e.org:1993/Courrier%20re%C3%A7u")

    assert (found.host, found.port, found.tls) == ("mail.e.org", 1993, "whole")
    assert (found.user, found.password, found.folder) == ("o@e.org", "p/w", "Courrier reçu")
    assert "p/w" not in f"{found!r} {found.name}"


@pytest.mark.parametrize(
    ("url", "tls"),
    [
        ("imap://u:p@mail.e.org/", "start"),
        ("imap://u:p@mail.e.org/?tls=no", "none"),
        ("imap://u:p@127.0.0.1/", "none"),
        ("imaps://u:p@mail.e.org/?tls=no", "whole"),
    ],
)
def test_a_password_crosses_a_network_only_encrypted_unless_told(url: str, tls: str) -> None:
    assert mailbox_address(url).tls == tls
    assert mailbox_address(url).folder == "INBOX"


@pytest.mark.parametrize(
    "url", ["pop://u:p@e.org", "imaps://e.org", "imaps://u:p@e.org:x/", "imaps://u@e.org/?x=1", "x"]
)
def test_a_bad_address_is_said_loudly(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="MAILBOX_URL"):
        mailbox_address(url)

"""A mailbox whose server and address differ about TLS: what is wrong is told, and what to do."""

from dataclasses import replace

import pytest

from channels.mailbox.address import mailbox_address
from channels.mailbox.reading import PROBLEMS
from channels.mailbox.server import MailboxAwayError, connected
from tests.channels.plain_server import greeting_plainly


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

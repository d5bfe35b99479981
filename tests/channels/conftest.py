"""A real mail server for the tests of the mailbox, and a wire to it that can be cut."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.plugins.wanting import wanting
from tests.services.dovecot_server import MailServer, start_dovecot
from tests.services.process import ServiceMissingError


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """Dovecot with an empty mailbox; skipped loudly where it is not installed."""
    try:
        server = start_dovecot()
    except ServiceMissingError as error:
        wanting(str(error))
    yield server
    server.child.stop()


@pytest.fixture
def mailbox(mail_server: MailServer, settings: Any) -> MailServer:
    """The server as the office's mailbox."""
    settings.MAILBOX_URL = mail_server.url()
    settings.MAILBOX_DONE = ""
    return mail_server

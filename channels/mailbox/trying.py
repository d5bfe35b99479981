"""Trying the mailbox: it is opened with its log-in, and nothing is fetched."""

from django.core.exceptions import ImproperlyConfigured

from channels.mailbox.fetching import office_address
from channels.mailbox.reading import PROBLEMS
from channels.mailbox.server import MailboxAwayError, connected


def try_mailbox(*, seconds: float) -> tuple[str, int, str]:
    """Return the folder's name, how many mails lie in it, and the problem in words ("": none)."""
    try:
        address = office_address()
        with connected(address, seconds=seconds) as server:
            return address.folder, server.count, ""
    except MailboxAwayError as error:
        return "", 0, str(PROBLEMS.get(error.code, error.code))
    except ImproperlyConfigured:
        return "", 0, str(PROBLEMS["away"])

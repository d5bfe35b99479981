"""Mail sent by jobs, and how a mail server's answer is judged: refused, deferred, or unavailable.

What a refusal means is the caller's: a reply comes back to a person, a receipt is printed.
"""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage

from jobs.errors import JobError, Permanent, Unavailable

# Backends that print a mail, keep it as a file or drop it: it reaches nobody.
_KEPT_HERE: Final = {"console", "dummy", "filebased"}
# Of what no person wrote: nobody's absence answers it (RFC 3834), and it is no letter elsewhere.
AUTOMATIC: Final = {"Auto-Submitted": "auto-generated"}


def mail_leaves() -> bool:
    """Return whether a mail server is set, so that an accepted mail goes to its recipient."""
    return settings.EMAIL_BACKEND.split(".")[-2] not in _KEPT_HERE


def send(message: EmailMessage, *, patient: bool = True) -> None:
    """Send the message; failures are raised as the runner's errors, without any address in them.

    Raise Permanent where it is refused for good ("address_refused", "mail_refused"), Unavailable
    while the server defers it or is away ("mail_deferred", "mail_login", "mail_away"). A caller
    that is no longer `patient` gets Permanent for a deferral ("mail_given_up").
    """
    with mail_errors(patient=patient):
        if not message.send():
            raise Permanent("mail_refused", "The mail server took no recipient.")


@contextmanager
def mail_errors(*, patient: bool = True) -> Iterator[None]:
    """Translate the mail server's errors into the runner's."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= 500 for code, _words in error.recipients.values()):
            raise Permanent("address_refused", "The mail server refused the address.") from error
        raise _deferred(patient) from error
    except smtplib.SMTPAuthenticationError as error:
        raise Unavailable("mail_login", "The mail server refuses the office's log-in.") from error
    except smtplib.SMTPConnectError as error:
        raise Unavailable("mail_away", "The mail server is not to be had.") from error
    except smtplib.SMTPResponseException as error:
        if error.smtp_code >= 500:
            raise Permanent("mail_refused", "The mail server refused the message.") from error
        raise _deferred(patient) from error
    except smtplib.SMTPNotSupportedError as error:
        if "STARTTLS" in str(error):
            words = "The mail server offers no TLS: EMAIL_URL may end in ?tls=no."
            raise Unavailable("mail_no_tls", words) from error
        raise Permanent("mail_refused", "The mail server cannot take this address.") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable("mail_away", "The mail server cannot be reached.") from error


def _deferred(patient: bool) -> JobError:
    if patient:
        return Unavailable("mail_deferred", "The mail server asked to try later.")
    return Permanent("mail_given_up", "The mail server put the message off for days.")

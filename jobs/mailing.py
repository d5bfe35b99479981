"""A job's e-mail to a person of the office: sent, or said as the runner understands it."""

import smtplib

from django.core.mail import EmailMessage

from jobs.errors import Permanent, Unavailable


def send(message: EmailMessage) -> None:
    """Send the message. Raises Permanent when every address is refused for good, Unavailable while
    the server puts it off or cannot be reached; no address in their words."""
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        if all(code >= 500 for code, _words in error.recipients.values()):
            raise Permanent("address_refused", "The mail server refused the address.") from error
        raise Unavailable("mail_deferred", "The mail server asked to try later.") from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable("mail_away", "The mail server cannot be reached.") from error

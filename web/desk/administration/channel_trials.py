"""Trying a channel in earnest: the mailbox opened, a file written, a mail and an SMS sent.

Failures are put into our own words: the other side's might hold a name or a secret.
"""

import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from channels.services import try_mailbox
from correspondence.dispatch.sms import send_text
from jobs.errors import JobError
from jobs.mailing import AUTOMATIC, mail_leaves, send
from language.reach import phone_key
from org.file_errors import file_error
from org.institution import office_name

SECONDS: Final = 10
_MAIL: Final[dict[str, Any]] = {
    "address_refused": gettext_lazy("The mail server refused the address."),
    "mail_refused": gettext_lazy("The mail server refused the message."),
    "mail_deferred": gettext_lazy("The mail server asked to try later."),
    "mail_no_tls": gettext_lazy(
        "The mail server offers no encryption. Let it offer STARTTLS, or end EMAIL_URL in ?tls=no."
    ),
    "mail_login": gettext_lazy("The mail server refuses the office’s log-in."),
    "mail_away": gettext_lazy("The mail server cannot be reached."),
}
_SMS: Final[dict[str, Any]] = {
    "no_sms_gateway": gettext_lazy(
        "No SMS gateway is set: the message is kept as a file, not sent."
    ),
    "sms_away": gettext_lazy("The SMS gateway cannot be reached, or asks to try later."),
    "sms_login": gettext_lazy("The SMS gateway refuses the office’s key (SMS_KEY)."),
    "sms_refused": gettext_lazy("The SMS gateway refused the message."),
    "sms_rubbish": gettext_lazy("The SMS gateway’s answer cannot be understood."),
}


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a trial, in words."""

    ok: bool
    words: str


def try_channel(code: str, *, to: str) -> Tried:
    """Try a channel; `to` is whom the mail or the SMS goes to. Raise KeyError for no channel."""
    return _TRIALS[code](to)


def _mailbox(_to: str) -> Tried:
    if not settings.MAILBOX_URL:
        return Tried(False, _("None is set (MAILBOX_URL)."))
    folder, count, problem = try_mailbox(seconds=SECONDS)
    if problem:
        return Tried(False, problem)
    words = ngettext(
        "The mailbox is open: %(n)d mail lies in the folder %(folder)s.",
        "The mailbox is open: %(n)d mails lie in the folder %(folder)s.",
        count,
    )
    return Tried(True, words % {"n": count, "folder": folder})


def _folder(_to: str) -> Tried:
    if not settings.WATCH_FOLDER:
        return Tried(False, _("No folder is watched (WATCH_FOLDER)."))
    # the watch passes over names that begin with a full stop
    path = Path(settings.WATCH_FOLDER) / f".sijill-test-{secrets.token_hex(8)}"
    try:
        with path.open("xb") as file:
            file.write(b"Sijill\n")
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        count = sum(not name.startswith(".") for name in os.listdir(path.parent))
    except OSError as error:
        words = _("The folder cannot be written: %(reason)s.")
        return Tried(False, words % {"reason": file_error(error)})
    words = ngettext(
        "A file was written and removed; %(n)d entry lies in the folder.",
        "A file was written and removed; %(n)d entries lie in the folder.",
        count,
    )
    return Tried(True, words % {"n": count})


def _email(to: str) -> Tried:
    try:
        validate_email(to)
    except ValidationError:
        return Tried(False, _("Your account has no e-mail address to send a test to."))
    if not mail_leaves():
        return Tried(False, _("No mail server is set (EMAIL_URL): nothing would leave."))
    message = EmailMessage(
        _("%(office)s: a test") % {"office": " ".join(office_name().split())},
        _("This mail was sent by the test button of the administration. Nothing is to be done."),
        to=[to],
        headers={**AUTOMATIC},
        connection=get_connection(timeout=SECONDS),
    )
    try:
        send(message)
    except JobError as error:
        return Tried(False, str(_MAIL.get(error.code, error.code)))
    words = _("The mail server took a mail to %(address)s; look whether it arrives.")
    return Tried(True, words % {"address": to})


def _sms(to: str) -> Tried:
    number = phone_key(to)
    if not number:
        return Tried(False, _("Give a telephone number."))
    if settings.SMS_URL == "none":
        return Tried(False, _("No SMS gateway is set (SMS_URL)."))
    words = _("%(office)s: this is a test, nothing is to be done.")
    text = words % {"office": office_name()}
    try:
        send_text(to=number, text=text, reference=str(uuid4()), patient=True)
    except JobError as error:
        return Tried(False, str(_SMS.get(error.code, error.code)))
    except OSError:
        return Tried(False, _("The folder of SMS_URL cannot be written."))
    return Tried(True, _("The SMS gateway took the message; look whether it arrives."))


_TRIALS: Final[dict[str, Callable[[str], Tried]]] = {
    "mailbox": _mailbox,
    "folder": _folder,
    "email": _email,
    "sms": _sms,
}

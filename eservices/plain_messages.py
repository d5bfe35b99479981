"""A few lines to a citizen by mail or SMS, whatever they are about."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import parseaddr
from itertools import groupby
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage

from correspondence.dispatch.sender_messages import EMAIL, way_of
from correspondence.dispatch.sms import send_text
from jobs.mailing import send
from language.reach import email_key
from org.institution import mail_sender, office_name
from org.signs import colon, listed

_LONGEST_SMS: Final = 300
_BULLET: Final = "- "
_ENDS: Final = (".", "!", "?", "؟", ":", "…")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail; a text message has none."""

    name: str
    content: bytes
    media_type: str


def send_message(
    contact: str,
    *,
    subject: str,
    lines: list[str],
    reference: str,
    attach: Callable[[], Attachment] | None = None,
) -> str:
    """Send a mail or an SMS in the active language, and return the way.

    `attach` makes the file of a mail. Raise jobs' Permanent and Unavailable. The same `reference`
    is one SMS.
    """
    if way_of(contact) == EMAIL:
        _mail(email_key(contact), subject, lines, attach() if attach else None)
        return "email"
    text = cut_at_word(f"{office_name()}{colon()} {' '.join(lines)}")
    send_text(to=contact, text=text, reference=reference, patient=True)
    return "sms"


def one_line(lines: Iterable[str]) -> str:
    """Return the lines of a mail as an SMS says them: each a sentence, bullets a list in one."""
    said = []
    for bulleted, group in groupby(lines, key=lambda line: line.startswith(_BULLET)):
        bare = [line.removeprefix(_BULLET).strip() for line in group]
        said += [listed(bare)] if bulleted else bare
    return cut_at_word(" ".join(one if one.endswith(_ENDS) else f"{one}." for one in said))


def cut_at_word(text: str) -> str:
    """Return a text as long as an SMS may be; of a longer one its beginning, up to a word."""
    if len(text) <= _LONGEST_SMS:
        return text
    return text[:_LONGEST_SMS].rsplit(None, 1)[0].rstrip(",،;؛") + "…"


def _mail(to: str, subject: str, lines: list[str], attached: Attachment | None) -> None:
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    mail = EmailMessage(
        subject=f"{office_name()}{colon()} {subject}",
        body="\n\n".join([*lines, office_name()]),
        from_email=mail_sender(),
        to=[to],
        headers={
            "Message-ID": f"<{uuid.uuid4().hex}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    if attached:
        mail.attach(attached.name, attached.content, attached.media_type)
    send(mail)

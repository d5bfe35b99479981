"""Words about readings that go to a customer by mail or SMS: declined, unusual use, reminders."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from correspondence.dispatch.sender_messages import EMAIL, available_ways, way_of
from correspondence.dispatch.sms import send_text
from eservices.contracts.models import Contract
from eservices.readings.models import Reading
from jobs.mailing import send
from language.reach import email_key, phone_key
from org.institution import mail_sender, office_name
from org.signs import colon

_LONGEST_SMS: Final = 300


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a mail; a text message has none."""

    name: str
    content: bytes
    media_type: str


def address_of(reading: Reading) -> str:
    """Return how the customer is reached: as they sent it, else as the contract has it; or ""."""
    known = [reading.contact]
    if reading.contract is not None:
        known.append(contact_of(reading.contract))
    return next((one for one in known if one and _reached(one)), "")


def contact_of(contract: Contract) -> str:
    """Return the mail address, else the telephone number, that reaches a contract; else ""."""
    return next((one for one in (contract.email, contract.phone) if one and _reached(one)), "")


def _reached(contact: str) -> bool:
    way = way_of(contact)
    to = email_key(contact) if way == EMAIL else phone_key(contact)
    return bool(to) and way in available_ways()


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
    text = f"{office_name()}{colon()} {' '.join(lines)}"[:_LONGEST_SMS]
    send_text(to=contact, text=text, reference=reference, patient=True)
    return "sms"


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


def in_language(reading: Reading) -> override:
    """Return the context in which the customer's language is active."""
    return override(reading.language or "fr")


def named(reading: Reading) -> dict[str, object]:
    """Return what every message about a reading says: contract, meter, index, period."""
    return {
        "contract": reading.contract.number if reading.contract else "",
        "meter": reading.meter.serial if reading.meter else "",
        "index": reading.index,
        "period": reading.period,
    }


def declined_lines(reading: Reading, address: str) -> list[str]:
    """Return what is said of a reading that was declined, in the active language."""
    first = _("Your reading %(index)s of meter %(meter)s was not accepted.") % named(reading)
    why = _("Reason: %(reason)s") % {"reason": reading.reason}
    return [first, why, _("Send the reading again: %(address)s") % {"address": address}]

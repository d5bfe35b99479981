"""The job that notifies a customer of a declined reading where the request has ended."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from eservices.plain_messages import send_message
from eservices.readings.deciding import again_address
from eservices.readings.models import Reading
from eservices.readings.reading_messages import address_of, declined_lines, in_language


def notify_declined_work(subject: str, _progress: Any) -> str:
    """Send the message; return the way, "" where the customer cannot be reached."""
    rows = Reading.objects.select_related("contract", "meter")
    reading = rows.filter(pk=UUID(subject), state=Reading.State.DECLINED).first()
    contact = address_of(reading) if reading else ""
    if reading is None or not contact:
        return ""
    with in_language(reading):
        return send_message(
            contact,
            subject=_("your meter reading"),
            lines=declined_lines(reading, again_address(reading)),
            reference=f"reading:{reading.pk}:declined",
        )

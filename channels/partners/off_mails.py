"""The job `partner.off`: a mail to the contact and the administrators, once an address is off."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from channels.partners.models import Partner
from jobs.mailing import AUTOMATIC, send
from org.addresses import staff_address
from org.institution import office_name
from org.models import User


def mail_off_work(subject: str, _progress: Any) -> None:
    """Send the mail to one person; "PARTNER PERSON", where 0 is the partner's own contact."""
    pk, person_id = subject.split(" ")
    partner = Partner.objects.filter(pk=pk).exclude(webhook_off_at=None).first()
    if partner is None:
        return
    person = User.objects.filter(pk=person_id, is_active=True).first()
    to = partner.webhook_contact if person_id == "0" else person.email if person else ""
    if not to:
        return
    with override(person.language if person else settings.LANGUAGE_CODE):
        send(_mail(partner, to, with_link=person is not None))


def _mail(partner: Partner, to: str, *, with_link: bool) -> EmailMessage:
    words = _(
        "Messages to the system of %(partner)s are no longer sent: its address was switched off."
        "\n\n%(why)s\n\nAddress: %(url)s\n\n"
        "What waits is kept, and is sent once an administrator switches the address on again."
    )
    text = words % {
        "partner": partner.name,
        "why": partner.get_webhook_off_why_display(),
        "url": partner.webhook_url,
    }
    if with_link:
        text += f"\n\n{staff_address()}/partners/{partner.pk}/"
    subject = _("%(office)s: messages to %(partner)s are switched off")
    told = {"office": office_name(), "partner": partner.name}
    return EmailMessage(" ".join((subject % told).split()), text, to=[to], headers={**AUTOMATIC})

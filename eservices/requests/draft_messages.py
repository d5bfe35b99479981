"""The code of a draft by mail or SMS, at the wish of who writes the form."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from correspondence.dispatch.sender_messages import EMAIL, available_ways, way_of
from correspondence.dispatch.sms import send_text
from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceJob
from eservices.requests.drafts import code_of, open_draft
from eservices.requests.models import Draft
from jobs.mailing import send
from jobs.outbox import enqueue
from language.reach import email_key, is_miscounted, phone_key
from org.institution import office_name


class UnreachableError(Exception):
    """The office has no way to send anything to such an address."""


def send_draft_code(draft: Draft, *, contact: str) -> None:
    """Queue the code of a draft to a mail address or phone number.

    Raise UnreachableError where it is neither, or where this office cannot send to it.
    """
    way = way_of(contact)
    to = email_key(contact) if way == EMAIL else phone_key(contact)
    if not to or is_miscounted(to) or way not in available_ways():
        raise UnreachableError
    with transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(contact=to)
        enqueue(EserviceJob.DRAFT_TELL, draft.pk)
    draft.contact = to


def send_draft_code_work(draft_id: str, _progress: Any) -> None:
    """Send the code; nothing where the draft has been sent, given up or has ended.

    Raise jobs' Permanent and Unavailable.
    """
    draft = open_draft(draft_id)
    if draft is None or draft.request_id or not draft.contact:
        return
    with override(draft.language):
        facts = {
            "office": office_name(),
            "service": definition_of(draft.version).title.in_(draft.language),
            "code": code_of(draft.pk),
            "address": f"{settings.PUBLIC_URL}/draft/",
            "day": f"{draft.ends_at:%d/%m/%Y}",
        }
        if way_of(draft.contact) == EMAIL:
            send(_mail(draft.contact, facts))
            return
        words = _("%(office)s: code of your form %(code)s, until %(day)s: %(address)s") % facts
    reference = f"draft:{draft.pk}:{draft.saved_at:%Y%m%d%H%M}"
    send_text(to=draft.contact, text=words, reference=reference, patient=True)


def _mail(to: str, facts: dict[str, str]) -> EmailMessage:
    words = _(
        "Your form is kept: %(service)s\n\n"
        "Code to go on with it: %(code)s\nAddress: %(address)s\n\n"
        "You may go on until %(day)s, as often as you wish. Nothing is registered before you send "
        "the form. Give the code to nobody.\n\n%(office)s"
    )
    return EmailMessage(
        subject=_("%(office)s: the code of your form") % facts,
        body=words % facts,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
    )

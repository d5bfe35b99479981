"""The tracking code of a letter, sent once more to a verified contact of its sender."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from correspondence.dispatch.sms import send_text
from correspondence.kinds import OutgoingEvent
from eservices.kinds import EserviceJob
from eservices.people import events
from eservices.people.codes import key_of
from eservices.people.kinds import PersonKind
from eservices.people.models import ContactPoint, Person
from jobs.mailing import send
from jobs.outbox import enqueue
from org.institution import office_name
from registry import tracking
from registry.changes import record_change
from registry.models.letters import Letter
from registry.states import Stage


def send_tracking_code(letter: Letter, *, person: Person, contact: ContactPoint) -> None:
    """Queue the code of a letter that is this person's. Inside a transaction."""
    enqueue(EserviceJob.CODE_AGAIN, f"{letter.pk}:{contact.pk}")
    events.note(person, PersonKind.CODE_ASKED, letter=letter.number)


def send_tracking_code_work(subject: str, _progress: Any) -> bool:
    """Send one code; return whether it was sent: not where letter or contact are no longer."""
    letter, contact = _subject(subject)
    if letter is None or contact is None or letter.stage == Stage.VOIDED:
        return False
    with override(contact.person.language):
        facts = {
            "office": office_name(),
            "number": letter.number,
            "code": tracking.code_of(letter.pk),
            "address": f"{settings.PUBLIC_URL}/follow/",
        }
        words = _(
            "%(office)s: tracking code %(code)s for letter %(number)s. Give it to nobody. "
            "%(address)s"
        )
        if contact.way == ContactPoint.Way.EMAIL:
            send(
                EmailMessage(
                    subject=_("%(office)s: your tracking code") % facts,
                    body=words % facts,
                    from_email=settings.DEFAULT_FROM_EMAIL,
                    to=[key_of(contact.way, contact.value)],
                    headers={"Auto-Submitted": "auto-generated"},
                )
            )
        else:
            reference = f"{subject}:{letter.version}"
            send_text(
                to=key_of(contact.way, contact.value),
                text=words % facts,
                reference=reference,
                patient=True,
            )
    return True


def save_tracking_code_sent(subject: str, sent: bool) -> None:
    """Record in the letter's history that its code was sent."""
    letter, contact = _subject(subject)
    if sent and letter is not None:
        way = contact.way if contact is not None else ""
        data = {"about": "code", "way": "sms" if way == ContactPoint.Way.PHONE else "email"}
        record_change(letter, OutgoingEvent.SENDER_TOLD, actor=None, data=data)


def _subject(subject: str) -> tuple[Letter | None, ContactPoint | None]:
    letter_id, contact_id = subject.split(":")
    contacts = ContactPoint.objects.select_related("person").filter(verified_at__isnull=False)
    return (
        Letter.objects.filter(pk=UUID(letter_id)).first(),
        contacts.filter(pk=contact_id, person__closed_at=None).first(),
    )

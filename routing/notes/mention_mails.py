"""The e-mail to people mentioned in a note: the letter's number, never the content of either."""

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jobs.mailing import send
from org.addresses import staff_address
from org.institution import mail_sender, office_name
from org.signs import colon
from routing.models.notes import Mention
from routing.notes.seeing import sees


def mail_mention_work(mention_id: str, _progress: Any) -> bool:
    """Send the one e-mail of a mention; return whether one was sent.

    None is sent where it was sent already, the note is gone, or the person may not see it now. At
    least once: a worker that is killed after the server took the mail sends it again. Raise jobs'
    Unavailable while the server is unavailable.
    """
    rows = Mention.objects.filter(pk=mention_id, mailed_at=None, person__is_active=True)
    wanted = ("person", "note__letter", "note__department")
    mention = rows.exclude(person__email="").select_related(*wanted).first()
    if mention is None or not sees(mention.person, mention.note):
        return False
    send(_message(mention))
    return True


def save_mention_mailed(mention_id: str, _sent: bool) -> None:
    """Settle the mention: sent, or not to be sent any more."""
    Mention.objects.filter(pk=mention_id, mailed_at=None).update(mailed_at=timezone.now())


def _message(mention: Mention) -> EmailMessage:
    person = mention.person
    with translation.override(person.language or "fr"):
        sender, address = office_name(), mail_sender()
        subject = _("You are named in a note")
        title = f"{sender}{colon()} {subject}"
        context = {"letter": mention.note.letter, "office": staff_address()}
        body = render_to_string("routing/mention.txt", context)
    return EmailMessage(
        subject=title,
        body=body,
        from_email=address,
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated"},
    )

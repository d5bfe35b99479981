"""Mails about an account, sent by jobs: a page answers as fast for an address nobody has."""

from datetime import datetime
from typing import Any, Final

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from identity import events
from identity.kinds import IdentityJob, SecurityKind
from jobs.mailing import AUTOMATIC
from jobs.outbox import enqueue
from org.addresses import staff_address
from org.models import User
from org.written_days import date_format

MOST_SHARING: Final = 5  # people with one address
_NOBODY: Final = 0


def ask_reset(email: str, *, address: str = "") -> bool:
    """Have a link to a new password sent to everybody active who has this address.

    Return whether there is anybody. Where there is nobody, a job that finds nothing is queued: the
    page takes as long.
    """
    with transaction.atomic():
        rows = User.objects.filter(email__iexact=email, is_active=True).exclude(email="")
        found = list(rows.order_by("pk")[:MOST_SHARING])
        if not found:
            enqueue(IdentityJob.IDENTITY_RESET, _NOBODY)
        for person in found:
            events.record(SecurityKind.PASSWORD_ASKED, person=None, subject=person, address=address)
            enqueue(IdentityJob.IDENTITY_RESET, person.pk)
    return bool(found)


def send_reset_work(person_id: str, _progress: Any) -> None:
    """Send the link; it is valid for PASSWORD_RESET_TIMEOUT, once."""
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is None or not person.email:
        return
    with translation.override(person.language):
        key = default_token_generator.make_token(person)
        path = f"/password/new/{user_pk_to_url_str(person)}-{key}/"
        words = _(
            "Somebody asked for a new password for %(username)s at %(office)s.\n\n"
            "Choose one here, within a day:\n%(link)s\n\n"
            "If it was not you, do nothing: your password stays as it is."
        )
        link = f"{staff_address()}{path}"
        told = {"username": person.username, "office": _office(), "link": link}
        EmailMessage(
            _("A new password"), words % told, to=[person.email], headers={**AUTOMATIC}
        ).send()


def queue_notice(person: User, what: str) -> None:
    """Queue a mail to a person about a change to their account; `what` is one of those below."""
    with transaction.atomic():
        moment = timezone.now().replace(microsecond=0).isoformat()
        enqueue(IdentityJob.IDENTITY_NOTICE, f"{person.pk} {what} {moment}")


def send_notice_work(subject: str, _progress: Any) -> None:
    """Send the mail about a change."""
    pk, what, moment = subject.split(" ")
    person = User.objects.filter(pk=pk).exclude(email="").first()
    if person is None:
        return
    with translation.override(person.language):
        at = timezone.localtime(datetime.fromisoformat(moment))
        words = _(
            "%(what)s\n\nAccount: %(username)s, %(office)s\nWhen: %(when)s\n\n"
            "If it was not you, tell your administrator at once."
        )
        told = {
            "what": notices()[what],
            "username": person.username,
            "office": _office(),
            "when": date_format(at, "DATETIME_FORMAT"),
        }
        EmailMessage(
            _("A change to your account"), words % told, to=[person.email], headers={**AUTOMATIC}
        ).send()


def notices() -> dict[str, str]:
    """Return the texts of the mails, in the active language."""
    return {
        "password_changed": _("Your password was changed."),
        "factor_added": _("A second step of signing in was set up."),
        "factor_removed": _("A second step of signing in was removed."),
        "codes_made": _("New recovery codes were made."),
        "token_made": _("An API token was made in your name."),
        "provider_connected": _("Your account was connected to the identity provider."),
    }


def _office() -> str:
    return settings.ORGANISATION_NAME or _("Registry office")

"""One-time codes: six letters to a contact, good once, for ten minutes, for one purpose.

The database keeps a keyed hash. Until it is sent, address and code are kept enciphered beside it;
the job names the row alone.
"""

import hashlib
import hmac
import json
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from correspondence.dispatch.sms import send_text
from eservices.kinds import EserviceJob
from eservices.people.models import ContactPoint, OneTimeCode
from jobs.errors import Permanent
from jobs.mailing import send
from jobs.outbox import enqueue
from language.reach import email_key, phone_key
from org.institution import office_name
from org.keys import InvalidToken, decipher, encipher
from registry.tracking import ALPHABET

LENGTH: Final = 6
MINUTES: Final = 10  # what OWASP ASVS (6.5.5) allows a code that goes by mail or SMS (ADR 85)
MOST_LIVE: Final = 30  # of a contact: a stranger who asks for some keeps nobody from their own
MOST_TRIES: Final = 5


class TooManyCodesError(Exception):
    """A contact has as many live codes as it may; the oldest ends in `wait` seconds."""

    def __init__(self, wait: int) -> None:
        super().__init__(f"again in {wait} s")
        self.wait = wait


def good_for() -> str:
    """Return how long a code is good for, in words: what the pages and the messages say."""
    words = ngettext("%(count)d minute", "%(count)d minutes", MINUTES)
    return words % {"count": MINUTES}


def way_of(contact: str) -> str:
    """Return the way on which a contact that somebody typed is reached."""
    return ContactPoint.Way.EMAIL if "@" in contact else ContactPoint.Way.PHONE


def key_of(way: str, value: str) -> str:
    """Return a contact in its one spelling; "" where it is none."""
    return email_key(value) if way == ContactPoint.Way.EMAIL else phone_key(value)


def contact_hash(way: str, value: str) -> str:
    """Return the keyed hash of a contact, the same however it is written."""
    return _keyed("contact", f"{way}:{key_of(way, value)}")


def send_code(*, way: str, value: str, bound: str, language: str = "fr") -> None:
    """Have a new code sent to a contact; it is good for what `bound` names, for nothing else.

    Raise ValueError where the contact is none, TooManyCodesError where it has too many.
    """
    to = key_of(way, value)
    if not to:
        raise ValueError("no e-mail address and no telephone number")
    now, known = timezone.now(), contact_hash(way, value)
    with transaction.atomic():
        _check_room(_live(now).filter(contact_hash=known), now)
        code = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH))
        told = {"way": str(way), "to": to, "code": code, "language": language[:2] or "fr"}
        row = OneTimeCode.objects.create(
            contact_hash=known,
            bound=bound,
            code_hash=_code_hash(known, bound, code),
            sealed=encipher(json.dumps(told), use="one-time code"),
            made_at=now,
            ends_at=now + timedelta(minutes=MINUTES),
        )
        enqueue(EserviceJob.CODE_SEND, row.pk)


def use_code(code: str, *, way: str, value: str, bound: str) -> bool:
    """Return whether the code was sent to this contact for this purpose; it is used up then.

    Each call is a try of all live codes of contact and purpose: after five, they are good no more.
    """
    known = contact_hash(way, value)
    given = _code_hash(known, bound, code)
    fitting = 0
    for row in _live(timezone.now()).filter(contact_hash=known, bound=bound):
        counted = _unused(row.pk).filter(tries__lt=MOST_TRIES).update(tries=F("tries") + 1)
        if hmac.compare_digest(row.code_hash, given) and counted:
            fitting = row.pk
    used = bool(fitting and _unused(fitting).update(used_at=timezone.now(), sealed=""))
    if used:
        OneTimeCode.objects.filter(contact_hash=known, bound=bound, used_at=None).delete()
    return used


def forget_codes(way: str, value: str) -> None:
    """Delete all codes of a contact."""
    OneTimeCode.objects.filter(contact_hash=contact_hash(way, value)).delete()


def forget_ended() -> int:
    """Delete the codes whose time is over; return how many."""
    return OneTimeCode.objects.filter(ends_at__lte=timezone.now()).delete()[0]


def send_code_work(subject: str, _progress: Any) -> None:
    """Send one code by mail or SMS; nothing where it is used, ended or was sent."""
    row = _live(timezone.now()).filter(pk=subject).exclude(sealed="").first()
    if row is None:
        return
    try:
        told = json.loads(decipher(row.sealed, use="one-time code"))
    except InvalidToken as error:
        raise Permanent("code_unreadable", "SECRET_KEY is another by now.") from error
    with override(told["language"]):
        if told["way"] == ContactPoint.Way.EMAIL:
            send(_mail(told))
        else:
            _send_sms(told, reference=f"code:{row.pk}")


def save_code_sent(subject: str, _result: Any) -> None:
    """Forget address and code: the hash alone stays."""
    OneTimeCode.objects.filter(pk=subject).update(sealed="")


def send_code_parked(subject: str, _code: str) -> None:
    """Delete a code that could not be sent."""
    OneTimeCode.objects.filter(pk=subject).delete()


def _mail(told: dict[str, str]) -> EmailMessage:
    words = _(
        "Your code is %(code)s\n\n"
        "Type it on the page that asked for it. It is good for %(time)s, once.\n\n"
        "Give it to nobody: the office never asks for it by telephone or by mail. If you did not "
        "ask for a code, do nothing.\n\n%(office)s"
    )
    facts = {"code": told["code"], "time": good_for(), "office": office_name()}
    return EmailMessage(
        subject=_("%(office)s: your code") % facts,
        body=words % facts,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[told["to"]],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _send_sms(told: dict[str, str], *, reference: str) -> None:
    words = _("%(office)s: your code is %(code)s, for %(time)s. Give it to nobody.")
    facts = {"code": told["code"], "time": good_for(), "office": office_name()}
    send_text(to=told["to"], text=words % facts, reference=reference, patient=True)


def _check_room(live: QuerySet[OneTimeCode], now: datetime) -> None:
    ends = list(live.order_by("ends_at").values_list("ends_at", flat=True)[:MOST_LIVE])
    if len(ends) >= MOST_LIVE:
        raise TooManyCodesError(max(1, int((ends[0] - now).total_seconds())))


def _live(now: datetime) -> QuerySet[OneTimeCode]:
    return OneTimeCode.objects.filter(used_at=None, ends_at__gt=now)


def _unused(pk: int) -> QuerySet[OneTimeCode]:
    return OneTimeCode.objects.filter(pk=pk, used_at=None)


def _code_hash(known: str, bound: str, code: str) -> str:
    plain = unicodedata.normalize("NFKC", code).upper()
    return _keyed("code", f"{known}:{bound}:{''.join(c for c in plain if c.isalnum())}")


def _keyed(purpose: str, text: str) -> str:
    message = f"people.{purpose}:{text}".encode()
    return hmac.new(settings.TRACKING_KEY, message, hashlib.sha256).hexdigest()

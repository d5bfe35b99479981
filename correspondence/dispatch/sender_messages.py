"""Messages to the sender of a letter: its number and where to follow it, or the lost code.

A sender chooses the ways at the deposit. The choice stands in the event of the registration, with
a keyed hash of the address that was given: only to this address is anything sent, whatever is
corrected later.
"""

import hashlib
import hmac
import uuid
from datetime import timedelta
from email.utils import parseaddr
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from correspondence.dispatch.sender_words import About, words_about
from correspondence.dispatch.sms import send_text
from correspondence.kinds import OutgoingEvent, OutgoingJob
from correspondence.models.dispatch import Dispatch
from jobs.mailing import mail_leaves, send
from jobs.outbox import enqueue
from language.reach import email_key, phone_key
from org.institution import office_name
from org.signs import set_apart
from registry import tracking
from registry.changes import record_change
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.states import Stage

EMAIL: Final = "email"
SMS: Final = "sms"
_NOBODY: Final = "nobody"
_GIVE_UP_AFTER: Final = timedelta(days=3)


def available_ways() -> tuple[str, ...]:
    """Return the ways on which this office can notify a sender: e-mail, SMS, both or none."""
    ways = {EMAIL: mail_leaves(), SMS: settings.SMS_URL.startswith("http")}
    return tuple(way for way, open_ in ways.items() if open_)


def chosen(*, email: str = "", phone: str = "", language: str = "") -> dict[str, Any]:
    """Return what the register notes of a sender's choice: the address of each chosen way."""
    given = {EMAIL: email, SMS: phone}
    hashes = {way: contact_hash(way, text) for way, text in given.items() if _key(way, text)}
    return {"tell": hashes, "tell_in": language[:2]} if hashes else {}


def contact_hash(way: str, address: str) -> str:
    """Return a keyed hash of an address, the same however it is written."""
    message = f"tell:{way}:{_key(way, address)}".encode()
    return hmac.new(settings.TRACKING_KEY, message, hashlib.sha256).hexdigest()[:32]


def _key(way: str, address: str) -> str:
    return email_key(address) if way == EMAIL else phone_key(address)


def chosen_ways(letter: Letter) -> dict[str, str]:
    """Return the ways that the sender chose at the deposit, each with its address.

    A way whose address has been changed since is left out.
    """
    sender = letter.sender
    noted = _noted(letter.pk).get("tell")
    if sender is None or not isinstance(noted, dict):
        return {}
    given = {EMAIL: sender.email, SMS: sender.phone}
    return {
        way: given[way]
        for way in available_ways()
        if given[way] and noted.get(way) == contact_hash(way, given[way])
    }


def _noted(letter_id: UUID) -> dict[str, Any]:
    first = (
        LetterEvent.objects.filter(letter=letter_id, seq=1).values_list("data", flat=True).first()
    )
    return first if isinstance(first, dict) else {}


def notify_sender(letter: Letter, about: About, *, but: str = "") -> list[str]:
    """Queue a message on each chosen way, `but` one; return the ways. Inside a transaction."""
    ways = [way for way in chosen_ways(letter) if way != but]
    for way in ways:
        enqueue(OutgoingJob.SENDER_TELL, f"{letter.pk}:{about}:{way}")
    return ways


def notify_of_answer(letter: Letter, *, method: str) -> None:
    """Notify the sender that an answer has left, but not on the way on which it arrives itself."""
    if method in (EMAIL, SMS):
        notify_sender(letter, About.ANSWER, but=method)
    elif method == Dispatch.Method.PORTAL:
        notify_sender(letter, About.ANSWER)


def way_of(contact: str) -> str:
    """Return the way on which an address that somebody typed is reached."""
    return EMAIL if "@" in contact else SMS


def send_code_again(letter: Letter | None, *, contact: str) -> None:
    """Queue the lost code, if `contact` is an address that the sender chose at the deposit.

    Where it is not, or where there is no such letter, a job that finds nothing is queued, so that
    both cases look alike from outside. Call it inside a transaction.
    """
    way = way_of(contact)
    noted = _noted(letter.pk if letter else uuid.uuid4()).get("tell")
    told = noted.get(way, _NOBODY) if isinstance(noted, dict) else _NOBODY
    fits = hmac.compare_digest(str(told), contact_hash(way, contact))
    known = letter.pk if letter and fits else uuid.uuid4()
    enqueue(OutgoingJob.SENDER_TELL, f"{known}:{About.CODE}:{way}")


def notify_sender_work(subject: str, _progress: Any) -> bool:
    """Send one message; return whether one was sent.

    At least once. None is sent on a way that was not chosen, or for a voided letter. Raise jobs'
    Permanent and Unavailable.
    """
    letter, about, way = _subject(subject)
    address = chosen_ways(letter).get(way, "") if letter else ""
    if letter is None or not address or letter.stage == Stage.VOIDED:
        return False
    words = _words(letter, about)
    if way == EMAIL:
        send(_message(letter, about, words, address))
        return True
    patient = timezone.now() - letter.registered_at <= _GIVE_UP_AFTER
    reference = f"{subject}:{letter.version}"  # the next message comes after this one's event
    send_text(to=address, text=words["short"], reference=reference, patient=patient)
    return True


def save_sender_notified(subject: str, sent: bool) -> None:
    """Record that the sender was notified, on which way and of what."""
    if sent:
        _record(subject, OutgoingEvent.SENDER_TOLD)


def notify_sender_parked(subject: str, code: str) -> None:
    """Record that a message did not reach the sender."""
    _record(subject, OutgoingEvent.SENDER_UNREACHED, problem=code)


def _record(subject: str, kind: OutgoingEvent, **more: str) -> None:
    letter, about, way = _subject(subject)
    if letter:
        record_change(letter, kind, actor=None, data={"about": str(about), "way": way, **more})


def _subject(subject: str) -> tuple[Letter | None, About, str]:
    letter_id, about, way = subject.split(":")
    rows = Letter.objects.prefetch_related("parties").filter(pk=UUID(letter_id))
    return rows.first(), About(about), way


def _words(letter: Letter, about: About) -> dict[str, str]:
    """Return the subject of a mail, and the text of an SMS, in the sender's language."""
    with override(_language(letter)):
        facts = {
            "office": office_name(),
            "number": set_apart(letter.number),
            "address": f"{settings.PUBLIC_URL}/follow/",
            "code": tracking.code_of(letter.pk) if about == About.CODE else "",
        }
        subject, short = words_about(about, is_request=_is_request(letter))
        return {"subject": subject % facts, "short": short % facts}


def _is_request(letter: Letter) -> bool:
    """Return whether it was sent by the form of a service: its sender calls it a request."""
    return bool(_noted(letter.pk).get("service"))


def _language(letter: Letter) -> str:
    return str(_noted(letter.pk).get("tell_in") or letter.language or "fr")


def _message(letter: Letter, about: About, words: dict[str, str], address: str) -> EmailMessage:
    with override(_language(letter)):
        context = {
            "about": str(about),
            "is_request": _is_request(letter),
            "number": set_apart(letter.number),
            "code": tracking.code_of(letter.pk) if about == About.CODE else "",
            "follow": f"{settings.PUBLIC_URL}/follow/",
            "office": office_name(),
        }
        body = render_to_string("correspondence/sender_told.txt", context)
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return EmailMessage(
        subject=words["subject"],
        body=body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        headers={
            "Message-ID": f"<{uuid.uuid4().hex}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )

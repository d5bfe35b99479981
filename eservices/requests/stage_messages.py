"""The citizen is notified of a move by mail or SMS, in plain words, once, on record."""

import uuid
from datetime import timedelta
from email.utils import parseaddr
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from correspondence.dispatch.sender_messages import EMAIL, SMS, available_ways, chosen_ways
from correspondence.dispatch.sms import send_text
from correspondence.kinds import OutgoingEvent
from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceEvent, EserviceJob
from eservices.people.mandates import live
from eservices.people.models import ContactPoint, Mandate
from eservices.plain_messages import one_line
from eservices.requests.event_words import as_written
from eservices.requests.models import Outcome, Request, StageKind
from jobs.mailing import send
from jobs.outbox import enqueue
from org.institution import mail_sender, office_name
from org.signs import set_apart
from registry.changes import record_change
from registry.models.events import LetterEvent
from registry.models.pieces import PiecesRequest
from registry.states import Stage
from routing.closing.satisfaction import may_rate, rating_token

_GIVE_UP_AFTER: Final = timedelta(days=3)


def queue_move_message(request: Request, event: LetterEvent) -> None:
    """Queue one message about a move; nothing where there is no way. Inside a transaction."""
    if way_to(request)[1]:
        enqueue(EserviceJob.REQUEST_TELL, f"{request.pk}:{event.seq}")


def way_to(request: Request) -> tuple[str, str]:
    """Return the way on which the citizen is notified, and the address; ("", "") for none.

    It is what they chose at the deposit, else a contact that they have verified since. An agent
    whose mandate has ended is not notified: the principal is then.
    """
    ended = _mandate_ended(request)
    known = {} if ended else dict(chosen_ways(request.letter))
    person = request.on_behalf_of_id if ended else request.person_id
    if not known and person:
        rows = ContactPoint.objects.filter(person=person, verified_at__isnull=False)
        found = {EMAIL if row.way == "email" else SMS: row.value for row in rows.order_by("-pk")}
        known = {way: found[way] for way in available_ways() if way in found}
    return next(((way, known[way]) for way in (EMAIL, SMS) if way in known), ("", ""))


def _mandate_ended(request: Request) -> bool:
    mandate = request.mandate_id
    return mandate is not None and not Mandate.objects.filter(live(), pk=mandate).exists()


def notify_work(subject: str, _progress: Any) -> str:
    """Send the message; return the way, "" where none was sent.

    At least once. Raise jobs' Permanent and Unavailable.
    """
    request, event = _subject(subject)
    if request is None or event is None or request.letter.stage == Stage.VOIDED:
        return ""
    told = LetterEvent.objects.filter(letter=request.letter, kind=EserviceEvent.REQUEST_NOTIFIED)
    if told.filter(data__move=event.seq).exists():
        return ""
    way, address = way_to(request)
    if way == EMAIL:
        _mail(request, event, address)
    elif way == SMS:
        _text(request, event, address, reference=subject)
    return way


def save_notified(subject: str, way: str) -> None:
    """Record that the citizen was notified of the move, and how."""
    request, event = _subject(subject)
    if way and request and event:
        data = {"way": way, "move": event.seq}
        record_change(request.letter, EserviceEvent.REQUEST_NOTIFIED, actor=None, data=data)


def notify_parked(subject: str, code: str) -> None:
    """Record that a message did not reach the citizen."""
    request, _event = _subject(subject)
    if request:
        data = {"about": "request", "way": way_to(request)[0], "problem": code}
        record_change(request.letter, OutgoingEvent.SENDER_UNREACHED, actor=None, data=data)


def _subject(subject: str) -> tuple[Request | None, LetterEvent | None]:
    key, _colon, seq = subject.partition(":")
    rows = Request.objects.select_related("letter", "version", "person")
    request = rows.filter(pk=UUID(key)).first()
    if request is None:
        return None, None
    event = LetterEvent.objects.filter(letter=request.letter_id, seq=int(seq)).first()
    return request, event


def language_of(request: Request) -> str:
    """Return the language in which the citizen is written to."""
    return str(request.language or request.letter.language or "fr")


def words_of_move(request: Request, event: LetterEvent) -> list[str]:
    """Return what a message says of a move, in the active language: what, and what is awaited."""
    language = language_of(request)
    if event.kind == EserviceEvent.MESSAGE_TO_CITIZEN:
        return [_("The office has written you a message about this request.")]
    if event.kind == EserviceEvent.QUOTATION_MADE:
        return [_("There is a new quotation on the page of your request.")]
    if event.kind == EserviceEvent.INSTALMENT_LATE:
        late = _("Instalment %(number)s of your schedule is late: %(amount)s, due on %(due_on)s.")
        return [late % as_written(event.data)]
    words = [str(event.data.get("stage", {}).get(language, ""))]
    stages = {stage.code: stage for stage in definition_of(request.version).stages}
    stage = stages.get(str(event.data.get("to", "")))
    if stage and stage.waits_for:
        words.append(stage.waits_for.in_(language))
    if event.data.get("pieces"):
        words += _pieces_of(request)
    return [one for one in [*words, *_decision_after(request, event)] if one]


def _pieces_of(request: Request) -> list[str]:
    asked = PiecesRequest.objects.filter(letter=request.letter_id).first()
    return [f"- {line}" for line in asked.lines] if asked else []


def _decision_after(request: Request, event: LetterEvent) -> list[str]:
    """Return reason and way of appeal where this move refused the request."""
    decided = LetterEvent.objects.filter(
        letter=request.letter_id, seq__gt=event.seq, kind=EserviceEvent.REQUEST_DECIDED
    )
    row = decided.order_by("seq").first() if event.data.get("decides") else None
    if row is None:
        return []
    words = []
    if reason := row.data.get("reason"):
        words.append(_("Reason: %(reason)s") % {"reason": reason})
    appeal = row.data.get("appeal") or {}
    return [*words, str(appeal.get(language_of(request), appeal.get("fr", "")))]


def _asks_rating(request: Request, event: LetterEvent) -> str:
    """Return the question how it went, with the link to answer it, after a move to an end."""
    stages = {stage.code: stage for stage in definition_of(request.version).stages}
    stage = stages.get(str(event.data.get("to", "")))
    ended = stage is not None and stage.kind == StageKind.END
    if not ended or request.outcome == Outcome.WITHDRAWN or not may_rate(request.letter):
        return ""
    address = f"{settings.PUBLIC_URL}/rate/{rating_token(request.letter_id)}/"
    return _("How did it go? One tap: %(address)s") % {"address": address}


def _mail(request: Request, event: LetterEvent, address: str) -> None:
    with override(language_of(request)):
        facts = {"office": office_name(), "number": set_apart(request.letter.number)}
        context = {
            **facts,
            "lines": words_of_move(request, event),
            "asks_rating": _asks_rating(request, event),
            "follow": f"{settings.PUBLIC_URL}/follow/",
        }
        body = render_to_string("requests/moved.txt", context)
        subject = _("%(office)s: your request %(number)s") % facts
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    send(
        EmailMessage(
            subject=subject,
            body=body,
            from_email=mail_sender(),
            to=[address],
            headers={
                "Message-ID": f"<{uuid.uuid4().hex}@{domain}>",
                "Auto-Submitted": "auto-generated",
            },
        )
    )


def _text(request: Request, event: LetterEvent, address: str, *, reference: str) -> None:
    with override(language_of(request)):
        said = one_line(words_of_move(request, event))
        number = set_apart(request.letter.number)
        facts = {"office": office_name(), "number": number, "said": said}
        place = f"{settings.PUBLIC_URL}/follow/"
        words = _("%(office)s, request %(number)s: %(said)s Follow it at %(address)s")
        text = words % {**facts, "address": place}
        text = f"{text} {_asks_rating(request, event)}".strip()
    patient = timezone.now() - event.at <= _GIVE_UP_AFTER
    send_text(to=address, text=text, reference=f"request:{reference}", patient=patient)

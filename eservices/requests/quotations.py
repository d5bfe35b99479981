"""Quotations: made by staff, drawn as a PDF, accepted or refused once by the citizen.

A new one takes the place of the one that is open. The stage moves by the actions of the type:
send_quotation, accept_quotation, decline_quotation, revise_quotation.
"""

import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from eservices.catalogue.publishing import definition_of
from eservices.kinds import EserviceEvent, EserviceJob
from eservices.people.models import Person
from eservices.requests.acting import actions_of, take_action
from eservices.requests.amounts import kept_lines, lines_from, summed
from eservices.requests.family import hold
from eservices.requests.models import Outcome, Quotation, Request
from eservices.requests.moving import Move
from eservices.requests.roles import Who, roles_of
from eservices.requests.stage_messages import language_of, way_to
from jobs.outbox import enqueue
from language.lines import one_line
from org.models import User
from registry.changes import record_change
from registry.files.stored import stored_row
from registry.files.vault import store
from registry.models.events import LetterEvent
from registry.paper import bilingual_pdf
from registry.states import ConflictError
from routing.acting.errors import NotAllowedError

SEND: Final = "send_quotation"
ACCEPT: Final = "accept_quotation"
DECLINE: Final = "decline_quotation"
REVISE: Final = "revise_quotation"
CITIZEN: Final = LetterEvent.Visibility.CITIZEN
MOST_DAYS: Final = 730


def may_quote(request: Request, *, actor: User) -> bool:
    """Return whether the actor may make a quotation in the present stage."""
    names = {one.name for one in actions_of(request, actor=actor)}
    return bool(names & {SEND, REVISE})


def quotations_of(request: Request) -> list[Quotation]:
    """Return the quotations, the latest first."""
    return list(
        Quotation.objects.filter(request=request.pk)
        .select_related("file", "made_by")
        .order_by("-number")[:100]
    )


def is_over(quotation: Quotation) -> bool:
    """Return whether an open quotation is past the day until which it held."""
    open_ = quotation.state == Quotation.State.SENT
    return open_ and quotation.valid_until < timezone.localdate()


def make_quotation(
    request: Request, *, actor: User, lines: Iterable[Mapping[str, Any]], valid_until: date
) -> Quotation:
    """Write a quotation and send it: the stage moves on, the citizen is notified, a job draws it.

    Raise AmountError for lines that cannot be, NotAllowedError, ConflictError.
    """
    found = lines_from(lines)
    amounts = summed(found)
    today = timezone.localdate()
    if not today <= valid_until or (valid_until - today).days > MOST_DAYS:
        raise NotAllowedError(_("Give the day until which it holds, in the next two years."))
    with transaction.atomic():
        hold(request)
        if not may_quote(request, actor=actor):
            raise NotAllowedError(_("You may not make a quotation in this stage."))
        earlier = Quotation.objects.filter(request=request.pk)
        earlier.filter(state=Quotation.State.SENT).update(state=Quotation.State.REPLACED)
        made = Quotation.objects.create(
            request=request,
            number=earlier.count() + 1,
            lines=[line.kept() for line in found],
            net=amounts.net,
            tax=amounts.tax,
            total=amounts.total,
            valid_until=valid_until,
            made_at=timezone.now(),
            made_by=actor,
        )
        _record_made(request, made, actor)
    return made


def _record_made(request: Request, made: Quotation, actor: User) -> None:
    data = {**_named(made), "valid_until": made.valid_until.isoformat()}
    event = record_change(
        request.letter, EserviceEvent.QUOTATION_MADE, actor=actor, data=data, visibility=CITIZEN
    )
    enqueue(EserviceJob.QUOTATION_DRAW, made.pk)
    if any(one.name == SEND for one in actions_of(request, actor=actor)):
        take_action(request, SEND, actor=actor)
    elif way_to(request)[1]:  # the stage does not move: the citizen is told of the new one
        enqueue(EserviceJob.REQUEST_TELL, f"{request.pk}:{event.seq}")


def _named(row: Quotation) -> dict[str, Any]:
    return {"quotation": row.number, "total": str(row.total), "currency": row.currency}


def accept(
    request: Request,
    number: int,
    *,
    actor: User | None = None,
    person: Person | None = None,
    letter_code: bool = False,
    comment: str = "",
) -> Quotation:
    """Accept the open quotation, once; the request moves on with it.

    Raise NotAllowedError without the right or past its day, ConflictError where it is not open.
    """
    who = Who(actor, person, letter_code)
    with transaction.atomic():
        hold(request)
        row = _open(request, number, who)
        if is_over(row):
            raise NotAllowedError(_("This quotation holds no more. Please ask for a new one."))
        _decide(row, Quotation.State.ACCEPTED)
        data = {**_named(row), **({"by": "citizen"} if who.citizen else {})}
        record_change(
            request.letter,
            EserviceEvent.QUOTATION_ACCEPTED,
            actor=actor,
            data=data,
            visibility=CITIZEN,
        )
        given: dict[str, Any] = {"actor": actor, "person": person, "letter_code": letter_code}
        take_action(request, ACCEPT, comment=comment, **given)
    return row


def decline(
    request: Request,
    number: int,
    *,
    reason: str,
    actor: User | None = None,
    person: Person | None = None,
    letter_code: bool = False,
) -> Quotation:
    """Refuse the open quotation with a reason; the request moves as its type says.

    Raise NotAllowedError without the right or a reason, ConflictError where it is not open.
    """
    if not reason.strip():
        raise NotAllowedError(_("Give a reason."))
    given: dict[str, Any] = {"actor": actor, "person": person, "letter_code": letter_code}
    with transaction.atomic():
        hold(request)
        row = _open(request, number, Who(actor, person, letter_code))
        take_action(request, DECLINE, reason=reason, comment=reason, **given)
    row.refresh_from_db()
    return row


def _open(request: Request, number: int, who: Who) -> Quotation:
    """Return the quotation of this number that is open. The letter is held."""
    if not roles_of(request, who):
        raise NotAllowedError(_("You may not do this with this request."))
    row = Quotation.objects.filter(request=request.pk, number=number).first()
    if row is None or row.state != Quotation.State.SENT:
        raise ConflictError
    return row


def _decide(row: Quotation, state: str, *, reason: str = "") -> None:
    row.state, row.decided_at, row.reason = state, timezone.now(), reason
    row.save(update_fields=["state", "decided_at", "reason"])


def close_open(request: Request, by: Move) -> None:
    """Close the open quotation where a move leaves it behind: refused, or revised."""
    declined = by.action == DECLINE
    if not declined and by.action != REVISE and not request.ended_at:
        return
    row = Quotation.objects.filter(request=request.pk, state=Quotation.State.SENT).first()
    if row is None:
        return
    reason = one_line(by.reason or by.comment, 1000)
    if not declined and by.outcome != Outcome.WITHDRAWN:
        _decide(row, Quotation.State.REPLACED)
        return
    _decide(row, Quotation.State.REFUSED, reason=reason)
    record_change(
        request.letter,
        EserviceEvent.QUOTATION_REFUSED,
        actor=by.actor,
        data={**_named(row), "reason": reason},
        visibility=CITIZEN,
    )


def draw_work(subject: str, _progress: Any) -> bytes:
    """Draw a quotation: for the job, outside any transaction."""
    rows = Quotation.objects.select_related("request__letter", "request__version")
    return drawn(rows.get(pk=int(subject)))


def save_drawn(subject: str, pdf: bytes) -> None:
    """Fix the PDF to the quotation's row, once; a second drawing is dropped."""
    file = stored_row(store(io.BytesIO(pdf)), media_type="application/pdf")
    Quotation.objects.filter(pk=int(subject), file=None).update(file=file)


def drawn(row: Quotation) -> bytes:
    """Return the quotation as a tagged PDF/A in the citizen's language."""
    language = language_of(row.request)
    made = timezone.localtime(row.made_at).date()
    sender = row.request.letter.sender
    context = {
        "language": language,
        "direction": "rtl" if language == "ar" else "ltr",
        "quotation": row,
        "lines": kept_lines(row.lines),
        "service": definition_of(row.request.version).title.in_(language),
        "letter": row.request.letter,
        "receiver": sender.shown_name if sender else "",
        "made": made,
    }
    return bilingual_pdf("requests/quotation.html", context, day=made, archive=True, tagged=True)

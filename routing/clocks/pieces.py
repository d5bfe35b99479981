"""Missing pieces: requested from the citizen once, with the clock stopped until they are added."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from jobs.errors import Permanent
from jobs.mailing import mail_leaves, send
from jobs.outbox import enqueue
from org.institution import mail_sender, office_name
from org.models import User
from org.signs import set_apart
from registry.changes import lock, record_change
from registry.deposit_files import NamedStream
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.models.pieces import PiecesRequest
from registry.pieces import add_documents, named_pieces, open_request, request_rows
from registry.states import Stage
from routing.acting.access import need
from routing.acting.changing import changing_letter
from routing.acting.errors import NotAllowedError
from routing.acting.verbs import LetterVerb
from routing.clocks.due import record_due
from routing.clocks.due_date_words import MISSING_PIECES
from routing.clocks.stopping import CITIZEN, end_stop, stop_row
from routing.kinds import RoutingEvent, RoutingJob
from routing.models.clocks import ClockStop

_following: list[Callable[[Letter, User | None], None]] = []


def ask_for_pieces(letter: Letter, *, actor: User, pieces: str) -> PiecesRequest:
    """Notify the citizen by receipt and message of what the file lacks; the clock stops from today.

    Once for each letter. Raise NotAllowedError where no piece is named.
    """
    pieces = named_pieces(pieces)
    if not pieces:
        raise NotAllowedError(gettext_lazy("Name the pieces that are missing, one a line."))
    with changing_letter(letter, actor=actor, verb=LetterVerb.ASK_PIECES):
        write_call(letter, actor=actor, pieces=pieces)
        enqueue(RoutingJob.PIECES_TELL, letter.pk)
    return PiecesRequest.objects.get(letter=letter)


def write_call(letter: Letter, *, actor: User, pieces: str) -> None:
    """Write the one call for these pieces, without checking the right or notifying the citizen.

    The caller holds the letter's lock, and no call was written before.
    """
    rows = request_rows(letter, pieces=pieces, actor=actor)
    if not ClockStop.objects.filter(letter=letter, to_on=None).exists():
        rows.append(stop_row(letter, actor=actor, reason=MISSING_PIECES, waits=True))
    data = {"count": pieces.count("\n") + 1}
    record_due(
        letter, RoutingEvent.PIECES_ASKED, actor=actor, data=data, rows=rows, visibility=CITIZEN
    )


def end_call(letter: Letter, *, actor: User | None) -> None:
    """End the waiting for pieces, whatever has come; nothing happens where none are waited for.

    The caller holds the letter's lock.
    """
    if request := open_request(letter):
        _end_request(letter, request, [], actor=actor, data={"documents": 0, "pieces": []})


def after_pieces(follow: Callable[[Letter, User | None], None]) -> None:
    """Register what packages above do once the pieces are there, in the same transaction."""
    if follow not in _following:
        _following.append(follow)


def add_pieces(
    letter: Letter,
    *,
    actor: User | None,
    files: Iterable[NamedStream] = (),
    received: Collection[int] = (),
    complete: bool = False,
) -> None:
    """Add pieces from the citizen (`actor` is None) or over the counter.

    `received` are the numbers of the requested pieces that these files are; staff may also record
    without a file that a piece is there. The clock goes on when all are there, or when everything
    was sent (`complete`). Raise NotAllowedError where none are waited for, or where nothing has
    come that could be everything; DepositRefusedError for files that are refused.
    """
    files = list(files)

    def seal(rows: list[Model]) -> None:
        _seal_pieces(letter, rows, actor=actor, received=received, complete=complete)

    if actor:
        need(actor, letter, LetterVerb.ADD_PIECES)
    if files or not (complete or (actor and received)):
        add_documents(letter, files=files, then=seal)
        return
    with transaction.atomic():
        lock(letter)
        seal([])


def add_from_citizen(letter: Letter, *, files: Iterable[NamedStream], piece: int = 0) -> bool:
    """Add what the sender sends, requested (`piece` is its number) or not; at any time.

    Return whether the file is complete now: all requested pieces are there. Files nobody requested
    do not change the clock; the person in charge is notified of them. Raise NotAllowedError for a
    voided letter, DepositRefusedError for files that are refused.
    """

    def seal(rows: list[Model]) -> None:
        if letter.stage == Stage.VOIDED:
            raise NotAllowedError(gettext_lazy("This letter is voided."))
        if open_request(letter):
            _seal_pieces(letter, rows, actor=None, received=[piece] if piece else ())
            return
        data = {"documents": _documents(rows)}
        record_change(
            letter,
            RoutingEvent.ADDED_UNASKED,
            actor=None,
            data=data,
            rows=rows,
            visibility=CITIZEN,
        )

    asked = open_request(letter) is not None
    add_documents(letter, files=files, then=seal)
    return asked and open_request(letter) is None


def _seal_pieces(
    letter: Letter,
    rows: list[Model],
    *,
    actor: User | None,
    received: Collection[int],
    complete: bool = False,
) -> None:
    """Record which pieces have come, in the transaction that holds the letter's lock."""
    if actor:
        need(actor, letter, LetterVerb.ADD_PIECES)
    request = open_request(letter)
    if request is None:
        raise NotAllowedError(gettext_lazy("No pieces are waited for."))
    if set(received) - {piece.number for piece in request.each}:
        raise NotAllowedError(gettext_lazy("There is no such piece among those asked for."))
    numbers = sorted(set(received) & {piece.number for piece in request.missing})
    now = timezone.now().isoformat()
    request.received |= {str(number): now for number in numbers}
    if complete and not (rows or request.received or _some_came(letter)):
        raise NotAllowedError(gettext_lazy("Nothing has arrived yet: send your pieces first."))
    data = {"documents": _documents(rows), "pieces": [request.lines[n - 1] for n in numbers]}
    if complete or not request.missing:
        _end_request(letter, request, rows, actor=actor, data=data)
        return
    request.save(update_fields=["received"])
    record_change(
        letter,
        RoutingEvent.PIECE_ADDED,
        actor=actor,
        data={**data, "missing": len(request.missing)},
        rows=[*rows, request],
        visibility=CITIZEN,
    )


def _end_request(
    letter: Letter,
    request: PiecesRequest,
    rows: list[Model],
    *,
    actor: User | None,
    data: dict[str, Any],
) -> None:
    """End the waiting: the clock goes on."""
    request.answered_at = timezone.now()
    request.save(update_fields=["received", "answered_at"])
    stops = list(ClockStop.objects.filter(letter=letter, to_on=None))
    for stop in stops:
        end_stop(stop, actor=actor, reason=MISSING_PIECES)
    record_due(
        letter,
        RoutingEvent.PIECES_ADDED,
        actor=actor,
        data={**data, "missing": len(request.missing)},
        rows=[*rows, request, *stops],
        visibility=CITIZEN,
    )
    for follow in _following:
        follow(letter, actor)


def _documents(rows: list[Model]) -> int:
    return sum(row._meta.label_lower == "registry.document" for row in rows)


def _some_came(letter: Letter) -> bool:
    """Return whether something was sent for the request that named no piece."""
    return LetterEvent.objects.filter(letter=letter, kind=RoutingEvent.PIECE_ADDED).exists()


def mail_pieces_work(letter_id: str, _progress: Any) -> dict[str, Any]:
    """Write to the sender what is missing; where no address is known, it is to be printed.

    At least once. Raise jobs' Unavailable while the mail server is away.
    """
    letter = Letter.objects.prefetch_related("parties").get(pk=letter_id)
    request = PiecesRequest.objects.get(letter=letter)
    sender = letter.sender
    if sender is None or not sender.email:
        return {"way": "print"}
    if not mail_leaves():
        return {"way": "print", "problem": "no_mail_server"}
    try:
        send(_message(letter, request, sender.email))
    except Permanent as error:
        return {"way": "print", "problem": error.code}
    return {"way": "email"}


def save_pieces_mailed(letter_id: str, told: dict[str, Any]) -> None:
    """Record how the citizen was notified, or that a person must print the message."""
    letter = Letter.objects.get(pk=letter_id)
    kind = RoutingEvent.PIECES_MAILED if told["way"] == "email" else RoutingEvent.PIECES_TO_PRINT
    record_change(letter, kind, actor=None, data=told)


def mail_pieces_parked(letter_id: str, code: str) -> None:
    """Record that the message cannot be sent: the receipt is then to be printed."""
    save_pieces_mailed(letter_id, {"way": "print", "problem": code})


def _message(letter: Letter, request: PiecesRequest, address: str) -> EmailMessage:
    with override(letter.language or "fr"):
        number = set_apart(letter.number)
        context = {
            "number": number,
            "pieces": request.lines,
            "follow": f"{settings.PUBLIC_URL}/follow/",
            "office": office_name(),
        }
        return EmailMessage(
            subject=_("Letter %(number)s: pieces are missing") % {"number": number},
            body=render_to_string("routing/missing_pieces.txt", context),
            from_email=mail_sender(),
            to=[address],
            headers={"Auto-Submitted": "auto-generated"},
        )

"""Attempts to pay by a gateway: begun with an order id of their own, ended by what it says.

Nothing but the gateway's own signed word makes an attempt paid, and then it stays so. A refusal or
our giving up is the end too, unless the gateway itself says afterwards that the order was paid:
then the money came.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from eservices.bills.models import Bill
from eservices.money import CURRENCY
from eservices.payments import journal
from eservices.payments.gateways import gateway
from eservices.payments.models import Attempt, AttemptLine, Channel, JournalEntry, Payment
from eservices.payments.port import Form, GatewayAnswer, NotBelievedError, Order, Outcome
from eservices.payments.posting import (
    MOST_BILLS,
    Line,
    TooManyBillsError,
    UnknownBillError,
    WrongAmountError,
    check_line,
    post_payment,
)
from eservices.people.models import Person

State = Attempt.State
OPEN: Final = (State.CREATED, State.SENT, State.UNKNOWN)
# What may follow a state; paid is the last one.
NEXT: Final[Mapping[str, frozenset[str]]] = {
    State.CREATED: frozenset({State.SENT, State.PAID, State.REFUSED, State.EXPIRED, State.UNKNOWN}),
    State.SENT: frozenset({State.PAID, State.REFUSED, State.EXPIRED, State.UNKNOWN}),
    State.UNKNOWN: frozenset({State.PAID, State.REFUSED, State.EXPIRED}),
    State.REFUSED: frozenset({State.PAID}),
    State.EXPIRED: frozenset({State.PAID}),
    State.PAID: frozenset(),
}


def begin(
    lines: Sequence[Line],
    *,
    person: Person | None = None,
    language: str = "fr",
    email: str = "",
) -> Attempt:
    """Begin to pay these bills, each with its amount. Raise a PostingError, GatewayError."""
    name = gateway().name
    bills = checked(lines)
    with transaction.atomic():
        attempt = Attempt.objects.create(
            oid=_new_oid(),
            gateway=name,
            amount=sum(line.amount for line in lines),
            currency=CURRENCY,
            person=person,
            language=language,
            email=email,
            made_at=timezone.now(),
        )
        AttemptLine.objects.bulk_create(
            AttemptLine(attempt=attempt, bill=bills[line.bill], amount=line.amount)
            for line in lines
        )
        told = [{"bill": line.bill, "amount": line.amount} for line in lines]
        _note("attempt_begun", attempt, amount=attempt.amount, lines=told)
    return attempt


def checked(lines: Sequence[Line]) -> dict[str, Bill]:
    """Return the bills by number, once all may be paid with these amounts. Raise a PostingError."""
    if not 1 <= len(lines) <= MOST_BILLS:
        raise TooManyBillsError
    numbers = [line.bill for line in lines]
    bills = Bill.objects.in_bulk(numbers, field_name="number")
    for line in lines:
        bill = bills.get(line.bill)
        if bill is None or bill.currency != CURRENCY:
            raise UnknownBillError(line.bill)
        check_line(line, bill)
        if numbers.count(line.bill) > 1:
            raise WrongAmountError(line.bill)
    return bills


def send(attempt: Attempt, *, name: str = "") -> Form:
    """Return the form that brings the browser to the gateway; the attempt counts as sent."""
    form = gateway().start(
        Order(
            oid=attempt.oid,
            amount=attempt.amount,
            language=attempt.language,
            office=settings.PUBLIC_URL,
            email=attempt.email,
            name=name,
        )
    )
    with transaction.atomic():
        held = _held(attempt.oid)
        if held is not None and held.state == State.CREATED:
            _to(held, State.SENT)
            attempt.state, attempt.sent_at = held.state, held.sent_at
    return form


def take_callback(body: bytes) -> str:
    """Do what a gateway's call says, and return what it is answered; harmless to repeat."""
    port = gateway()
    try:
        said = port.handle_callback(body)
    except NotBelievedError as error:
        _note_disbelief(error)
        return port.reply(None)
    return port.reply(said if take_answer(said) else None)


def take_answer(said: GatewayAnswer) -> bool:
    """Take what the gateway says of an order, in one transaction with the payment.

    Return False where it does not fit the order: unknown, or another amount or currency.
    """
    with transaction.atomic():
        attempt = _held(said.oid)
        if attempt is None:
            return False
        if said.outcome is Outcome.PAID:
            return _paid(attempt, said)
        if said.outcome is Outcome.REFUSED:
            _refused(attempt, said)
    return True


def _paid(attempt: Attempt, said: GatewayAnswer) -> bool:
    if (said.amount, said.currency) != (attempt.amount, attempt.currency):
        told = {"told": said.amount, "currency": said.currency[:8]}
        _note_few("callback_amount_differs", attempt, amount=attempt.amount, **told)
        if State.UNKNOWN in NEXT[attempt.state]:
            _to(attempt, State.UNKNOWN, answer=said.raw, code="amount")
        return False
    if attempt.state == State.PAID:
        if said.transaction and said.raw != attempt.answer:
            _note_once("callback_repeated", attempt, said)
        return True
    _post(attempt, said)
    _to(attempt, State.PAID, answer=said.raw, code=said.code)
    return True


def _post(attempt: Attempt, said: GatewayAnswer) -> Payment:
    lines = [
        Line(number, amount)
        for number, amount in attempt.lines.order_by("pk").values_list("bill__number", "amount")
    ]
    return post_payment(
        lines,
        channel=Channel.CARD,
        paid_at=timezone.now(),
        attempt=attempt,
        reference=said.transaction or attempt.oid,
        person=attempt.person,
        language=attempt.language,
        amount=attempt.amount,
    )


def _refused(attempt: Attempt, said: GatewayAnswer) -> None:
    if State.REFUSED in NEXT[attempt.state]:
        _to(attempt, State.REFUSED, answer=said.raw, code=said.code)
    elif attempt.state != State.REFUSED or said.code != attempt.code:
        _note_once("callback_out_of_turn", attempt, said)


def give_up(attempt: Attempt, *, state: str, code: str = "") -> bool:
    """Move an attempt of which the gateway says nothing to expired or to be found out."""
    with transaction.atomic():
        held = _held(attempt.oid)
        if held is None or state not in NEXT[held.state]:
            return False
        _to(held, state, code=code)
    return True


def _held(oid: str) -> Attempt | None:
    rows = Attempt.objects.select_for_update(of=("self",))
    return rows.filter(oid=oid).select_related("person").first() if oid else None


def _to(attempt: Attempt, state: str, *, answer: str = "", code: str = "") -> None:
    """Move an attempt to a state that may follow its own, with a line in the journal."""
    if state not in NEXT[attempt.state]:
        raise ValueError(f"{attempt.state} is not followed by {state}")
    now = timezone.now()
    attempt.state, attempt.code = State(state), code
    attempt.answer = answer or attempt.answer
    if state == State.SENT:
        attempt.sent_at = now
    elif state != State.UNKNOWN:
        attempt.ended_at = now
    attempt.save(update_fields=["state", "code", "answer", "sent_at", "ended_at"])
    told: dict[str, Any] = {"code": code} if code else {}
    _note(f"attempt_{state}", attempt, **told)


def _note(kind: str, attempt: Attempt, *, amount: int = 0, **data: Any) -> None:
    actor = f"gateway:{attempt.gateway}"
    journal.write(kind, subject=attempt.oid, amount=amount, actor=actor, data=data)


def _note_once(kind: str, attempt: Attempt, said: GatewayAnswer) -> None:
    _note_few(kind, attempt, code=said.code, transaction=said.transaction)


def _note_few(kind: str, attempt: Attempt, *, amount: int = 0, **data: Any) -> None:
    """Write what changes nothing, but not as often as somebody can repeat it."""
    entries = JournalEntry.objects.filter(subject=attempt.oid, kind=kind)
    if entries.count() < _MOST_NOTES:
        _note(kind, attempt, amount=amount, **data)


_MOST_NOTES: Final = 3


def _note_disbelief(error: NotBelievedError) -> None:
    with transaction.atomic():
        attempt = _held(error.oid[:64])
        if attempt is not None:
            said = GatewayAnswer(oid=attempt.oid, outcome=Outcome.UNKNOWN, code=error.code)
            _note_once("callback_not_believed", attempt, said)


def _new_oid() -> str:
    """Return an unguessable order id, with its day in front for those who search for it."""
    return f"{timezone.localdate():%y%m%d}{secrets.token_hex(9).upper()}"


def lines_of(attempts: Iterable[Attempt]) -> dict[Any, list[AttemptLine]]:
    """Return the lines of attempts with their bills, in one query."""
    found: dict[Any, list[AttemptLine]] = {attempt.pk: [] for attempt in attempts}
    rows = AttemptLine.objects.filter(attempt__in=list(found)).select_related("bill")
    for row in rows.order_by("pk"):
        found[row.attempt_id].append(row)
    return found

"""Registration of a letter: files first, then one short transaction.

The transaction holds number, rows, event, receipt and jobs. A letter comes in, or goes out.
"""

import secrets
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from jobs.outbox import enqueue_all
from language.lines import one_line
from org.compiled_queries import CompiledQuery, columns_of, instance_of
from org.models import Department, LetterKind, Level, User
from registry import chain, tracking
from registry.book.numbering import keep_head, take_number
from registry.changes import make_event
from registry.deposit_files import CheckedFiles, check_files, document_rows, keep_files, stored_rows
from registry.deposit_keys import (
    DepositKey,
    earlier_letter,
    key_of,
    same,
    same_again,
)
from registry.kinds import RegistryEvent, RegistryJob
from registry.left_out import left_out_data
from registry.models.documents import Document
from registry.models.events import LetterEvent
from registry.models.letters import Channel, Letter, Party
from registry.models.receipts import Receipt
from registry.models.registers import Register
from registry.refusals import DepositRefusedError, Refusal


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file as it arrives: the sender's name for it and a stream of bytes."""

    name: str
    stream: BinaryIO


@dataclass(frozen=True, slots=True)
class PartyData:
    """Who takes part in a letter; `role` is one of Party.Role."""

    role: str
    name: str = ""
    organisation: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class LetterData:
    """What is known of a letter when it is registered; all but the channel may be empty."""

    channel: str
    register: str = "IN"
    subject: str = ""
    kind: LetterKind | None = None
    parties: Sequence[PartyData] = ()
    document_date: date | None = None
    received_at: datetime | None = None
    external_reference: str = ""
    confidentiality: int = 0
    language: str = ""
    department: Department | None = None
    notes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """The registered letter, the citizen's code, and whether this call registered it.

    Where it did, the `documents` that it wrote, and whether any of their files had come before.
    """

    letter: Letter
    tracking_code: str
    created: bool
    documents: Sequence[Document] = ()
    knew_files: bool = True


_REGISTER: Final = CompiledQuery(
    lambda code: Register.objects.filter(code=code).values_list(*columns_of(Register))
)


def receive_letter(
    data: LetterData,
    *,
    actor: User | None,
    files: Iterable[IncomingFile] = (),
    message: str = "",
    deposit_key: str = "",
    key_says_all: bool = False,
    then: Callable[[Letter], None] | None = None,
) -> Received:
    """Register a letter with its files, or refuse it whole.

    `message`, text in place of a file, becomes a document. The same `deposit_key` of an actor gives
    the first letter; other content under it is refused, unless `key_says_all`: it is made of the
    content. `then` runs in the registration's transaction: when it fails, no number was taken.
    Raise DepositRefusedError with every reason, OtherContentError; then nothing was registered.
    """
    key = key_of(actor, deposit_key, data, says_all=key_says_all) if deposit_key else None
    if key and (earlier := earlier_letter(key)):
        return _again(same_again(earlier, key, files, message))
    register = _register_of(data)
    if register is None:
        unknown = "no_register" if Register.objects.exists() else "not_set_up"
        raise DepositRefusedError(Refusal(unknown, data.register))
    if bad := _bad_values(data):
        raise DepositRefusedError(*bad)
    with ExitStack() as cleanup:
        checked = check_files(files, message=message, cleanup=cleanup)
        keep_files(checked.files)
        try:
            with transaction.atomic():
                done = _register(data, register=register, actor=actor, checked=checked, key=key)
                if then:
                    then(done.letter)
        except IntegrityError:
            earlier = earlier_letter(key) if key else None
            if key is None or earlier is None:
                raise
            return _again(same(earlier, key.digest_of(checked.files)))
    return done


def _register_of(data: LetterData) -> Register | None:
    """Return the register that the letter goes into; minutes are written by the office alone."""
    rows = _REGISTER.rows(data.register)
    register = instance_of(Register, rows[0]) if rows else None
    return None if register and register.direction == Register.Direction.MINUTES else register


def _again(letter: Letter) -> Received:
    return Received(letter, tracking.code_of(letter.pk), created=False)


def _bad_values(data: LetterData) -> list[Refusal]:
    """Return what the database would refuse, in words for a person."""
    roles = [party.role for party in data.parties]
    fine = {
        "channel": data.channel in Channel.values,
        "confidentiality": data.confidentiality in Level.values,
        "language": len(data.language) <= 2,
        "parties": set(roles) <= set(Party.Role.values) and roles.count("sender") <= 1,
    }
    return [Refusal("bad_value", name) for name, is_fine in fine.items() if not is_fine]


def _register(
    data: LetterData,
    *,
    register: Register,
    actor: User | None,
    checked: CheckedFiles,
    key: DepositKey | None,
) -> Received:
    """Write the letter and take its number late, so that its row is locked only briefly."""
    # Foreign keys are checked on commit, so what needs no number can be written first.
    now = timezone.now()
    letter = _letter_row(data, register=register, actor=actor, now=now)
    if key:
        letter.deposit_key, letter.deposit_digest = key.stored, key.digest_of(checked.files)
    parties = Party.objects.bulk_create(_party_row(letter, party) for party in data.parties)
    receipts = Receipt.objects.bulk_create(_receipt_rows(letter, now))
    stored = stored_rows(checked.files)
    documents = Document.objects.bulk_create(document_rows(letter, checked.files, stored.by_hash))
    jobs = [(RegistryJob.LETTER_INDEX, letter.pk), (RegistryJob.LETTER_READ, letter.pk)]
    enqueue_all([*jobs, *((RegistryJob.RECEIPT_RENDER, receipt.pk) for receipt in receipts)])
    code = tracking.code_of(letter.pk)
    letter.tracking_hash = tracking.code_hash(letter.pk, code)
    number = take_number(register, at=now)
    letter.year, letter.serial, letter.number = number.year, number.serial, number.number
    event = make_event(
        letter,
        RegistryEvent.REGISTERED,
        actor=actor,
        at=now,
        data={**data.notes, "documents": len(documents), **left_out_data(checked.left_out)},
        rows=[*parties, *documents, *stored.by_hash.values(), register, *receipts],
        previous_hash="",
        visibility=LetterEvent.Visibility.CITIZEN,
    )
    event.register_hash = chain.chained(number.chain_head, event.hash)
    letter.chain_head = event.hash
    letter.save(force_insert=True)
    event.save(force_insert=True)
    keep_head(number, event.register_hash)
    return Received(letter, code, created=True, documents=documents, knew_files=bool(stored.known))


def _letter_row(
    data: LetterData,
    *,
    register: Register,
    actor: User | None,
    now: datetime,
) -> Letter:
    return Letter(
        id=uuid.uuid4(),
        register=register,
        subject=one_line(data.subject, 500),
        kind=data.kind,
        channel=data.channel,
        document_date=data.document_date,
        received_at=data.received_at or now,
        registered_at=now,
        registered_by=actor,
        external_reference=one_line(data.external_reference, 120),
        confidentiality=data.confidentiality,
        language=data.language,
        department=data.department,
        version=1,
    )


def _party_row(letter: Letter, party: PartyData) -> Party:
    return Party(
        letter=letter,
        role=party.role,
        name=one_line(party.name, 200),
        organisation=one_line(party.organisation, 200),
        address=one_line(party.address, 400),
        email=one_line(party.email, 254),
        phone=one_line(party.phone, 40),
    )


def _receipt_rows(letter: Letter, now: datetime) -> list[Receipt]:
    """Return the receipt of a letter that comes in; no other has one."""
    if letter.register.direction != Register.Direction.INCOMING:
        return []
    kind, token = Receipt.Kind.REGISTRATION, secrets.token_urlsafe(32)
    return [Receipt(letter=letter, kind=kind, issued_at=now, token=token)]

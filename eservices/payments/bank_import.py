"""A bank's file is taken: each credit once, set against bills at once or kept for a person.

An entry that takes a credit back is kept too, for a person alone. Every credit is a transaction of
its own, identified by its key: a file that is taken again, or after it was broken off, goes on
where it was, with the same result.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from eservices.contracts.csv_lines import BadFileError
from eservices.contracts.importing import begin_run, end_run
from eservices.contracts.models import ImportRun
from eservices.money import decimal
from eservices.payments import journal
from eservices.payments.bank_debits import returned_of
from eservices.payments.bank_entries import REFERENCES_BETWEEN, BankFileError, Entry
from eservices.payments.bank_files import read_bank_file
from eservices.payments.debits import collected, debits_of
from eservices.payments.matching import Found, Proposal, find_bills
from eservices.payments.models import BankFile, BankLine, Channel, Payment
from eservices.payments.posting import Line, PostingError, post_payment
from eservices.payments.returned import hold_returned
from org.models import User
from registry.files.stored import stored_row
from registry.files.vault import store

IMPORTED = "bank_file"
_BATCH: Final = 500
_DECIDED: Final = (BankLine.State.MATCHED, BankLine.State.TAKEN_BACK)


@dataclass(slots=True)
class ImportedFile:
    """How a file stands: its credits and what takes some back, the matched, the others as rows."""

    file: BankFile
    lines: int = 0
    matched: int = 0
    new: int = 0
    returned: int = 0
    unmatched: list[BankLine] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the answer of the command."""
        return {
            "lines": self.lines,
            "matched": self.matched,
            "unmatched": [line_values(line) for line in self.unmatched],
        }


def line_values(line: BankLine) -> dict[str, Any]:
    """Return a credit that waits, with its proposals."""
    return {
        "line": line.position,
        "amount": decimal(line.amount),
        "currency": line.currency,
        "booked_on": line.booked_on.isoformat(),
        "reference": line.reference,
        "text": line.text,
        "payer": line.payer,
        "state": line.state,
        "reason": line.why,
        "proposals": line.proposals,
    }


def take_bank_file(content: bytes, *, name: str, by: User | None = None) -> ImportedFile:
    """Take a camt.053, camt.054 or MT940, as a run among the imports, which holds its counts.

    Raise BankFileError where it cannot be read; that run is kept too, with the reason, as is one
    that is broken off by something else.
    """
    run = begin_run(ImportRun.Kind.BANK, name, by=by)
    sha256 = hashlib.sha256(content).hexdigest()
    problem: BadFileError | None = BadFileError("failed")
    try:
        taken = _take_file(content, name=name, by=by)
        run.lines, run.new, run.same = taken.lines, taken.new, taken.lines - taken.new
        run.save(update_fields=["lines", "new", "same"])
        problem = None
    except BankFileError as error:
        problem = BadFileError(f"bank_{error.code}", detail=error.detail)
        raise
    finally:
        end_run(run, sha256=sha256, problem=problem)
    return taken


def _take_file(content: bytes, *, name: str, by: User | None) -> ImportedFile:
    statement = read_bank_file(content)
    file = _file_of(content, statement.format, name=name, by=by)
    file.account = statement.account
    new = _take_all(statement.credits, file, by)
    returned = returned_of(statement.debits, kept=_known(statement.debits), by=by)
    new += _take_all(returned, file, by)
    file.debits = len(statement.debits) - len(returned)
    file.save(update_fields=["account", "debits"])
    kept = [*statement.credits, *returned]
    taken = ImportedFile(file, lines=len(kept), new=new)
    for line in _lines_of(sorted(kept, key=lambda entry: entry.position)):
        taken.returned += line.state == BankLine.State.RETURNED
        if line.state == BankLine.State.MATCHED:
            taken.matched += 1
        else:
            taken.unmatched.append(line)
    return taken


def _known(entries: Sequence[Entry]) -> set[str]:
    """Return the keys of those that are kept already, with a query for each batch."""
    keys = [entry.key for entry in entries]
    return {
        key
        for start in range(0, len(keys), _BATCH)
        for key in BankLine.objects.filter(key__in=keys[start : start + _BATCH]).values_list(
            "key", flat=True
        )
    }


def _take_all(entries: Sequence[Entry], file: BankFile, by: User | None) -> int:
    """Keep each entry once, and return how many are new."""
    known = _known(entries)
    return sum(_take(entry, file, by) for entry in entries if entry.key not in known)


def _file_of(content: bytes, format_: str, *, name: str, by: User | None) -> BankFile:
    """Return the file's row, which its bytes decide, with the file kept in the vault."""
    sha256 = hashlib.sha256(content).hexdigest()
    known = BankFile.objects.filter(sha256=sha256).first()
    if known is not None:
        return known
    media = "text/plain" if format_ == BankFile.Format.MT940 else "application/xml"
    stored = stored_row(store(io.BytesIO(content)), media_type=media)
    told = {"file": stored, "format": format_, "name": name[:255], "read_at": timezone.now()}
    with transaction.atomic():
        file, made = BankFile.objects.get_or_create(sha256=sha256, defaults={**told, "by": by})
        if made:
            data = {"format": format_, "sha256": sha256}
            journal.write(IMPORTED, subject=sha256, actor=journal.actor_of(by), data=data)
    return file


def _take(entry: Entry, file: BankFile, by: User | None) -> bool:
    """Keep a credit and set it against bills, once; return whether it is new."""
    try:
        with transaction.atomic():
            if _is_known_otherwise(entry):
                return False
            line = BankLine.objects.create(**_columns(entry, file))
            if entry.takes_back:
                hold_returned(line)
            else:
                settle(line, find_bills(entry), by=by)
    except IntegrityError:
        if BankLine.objects.filter(key=entry.key).exists():
            return False  # somebody else takes the same entry at this moment
        raise
    return True


def _is_known_otherwise(entry: Entry) -> bool:
    """Return whether the entry was taken by its parts, or its whole was matched.

    A whole that still waits gives way to its parts, which say more.
    """
    if not entry.entry_key:
        return False
    same = BankLine.objects.select_for_update(of=("self",)).filter(entry_key=entry.entry_key)
    others = [line for line in same.order_by("pk") if line.why != "detailed"]
    if entry.whole:
        return bool(others)
    wholes = [line for line in others if abs(line.amount) == entry.entry_amount]
    if any(line.state in _DECIDED for line in wholes):
        return True
    for line in wholes:
        line.state, line.why, line.proposals = BankLine.State.ASIDE, "detailed", []
        line.save(update_fields=["state", "why", "proposals"])
    return False


def settle(line: BankLine, found: Found, *, by: User | None = None) -> None:
    """Post what was found, or keep the proposals, inside the caller's transaction."""
    if found.lines:
        try:
            payment = _post(line, found.lines, found.channel, by=by, exact=True)
        except PostingError:  # paid another way at this very moment
            found = _as_proposal(find_bills(entry_of(line)))
        else:
            matched(line, payment, why=found.why, by=by)
            return
    line.state = BankLine.State.PROPOSED if found.proposals else BankLine.State.UNMATCHED
    line.why = found.why
    line.proposals = [proposal.as_json() for proposal in found.proposals]
    line.save(update_fields=["state", "why", "proposals"])


def _as_proposal(found: Found) -> Found:
    if not found.lines:
        return found
    return Found("again", proposals=(Proposal(found.lines, "again"), *found.proposals))


def _post(
    line: BankLine, lines: Sequence[Line], channel: str, *, by: User | None, exact: bool
) -> Payment:
    """Post a credit; `exact`: refused where the bills do not take just this amount."""
    midday = datetime.combine(line.booked_on, time(12))
    with transaction.atomic():
        return post_payment(
            lines,
            channel=channel,
            paid_at=timezone.make_aware(midday),
            reference=(line.bank_reference or line.reference)[:80],
            payer=line.payer,
            by=by,
            amount=None if exact else line.amount,
        )


def matched(line: BankLine, payment: Payment, *, why: str, by: User | None) -> None:
    """Keep which payment a credit became."""
    line.state, line.payment, line.why, line.proposals = BankLine.State.MATCHED, payment, why, []
    line.decided_at, line.decided_by = timezone.now(), by
    line.save(update_fields=["state", "payment", "why", "proposals", "decided_at", "decided_by"])
    if payment.channel == Channel.DEBIT:
        collected(payment, line.end_to_end)


def post_decided(line: BankLine, lines: Sequence[Line], *, by: User) -> Payment:
    """Post what a person decided: the money is there, so what the bills do not take waits."""
    debit = bool(debits_of([line.end_to_end]))
    return _post(line, lines, Channel.DEBIT if debit else Channel.TRANSFER, by=by, exact=False)


def lines_of_file(sha256: str) -> QuerySet[BankLine]:
    """Return the lines that a file brought; those that an earlier one brought are of that."""
    return BankLine.objects.filter(file__sha256=sha256).select_related("payment")


def _columns(entry: Entry, file: BankFile) -> dict[str, Any]:
    """Return the columns of a credit that is kept."""
    same = ("position", "key", "entry_key", "end_to_end", "currency", "booked_on")
    told = {name: getattr(entry, name) for name in (*same, "text", "payer", "payer_account")}
    reference = REFERENCES_BETWEEN.join(entry.references)[:1000]
    return {
        **told,
        "file": file,
        "amount": -entry.amount if entry.takes_back else entry.amount,
        "bank_reference": entry.bank_reference,
        "reference": reference,
        "reversal": entry.reversal,
    }


def entry_of(line: BankLine) -> Entry:
    """Return a credit that is kept as it was read."""
    return Entry(
        amount=line.amount,
        currency=line.currency,
        booked_on=line.booked_on,
        reversal=line.reversal,
        references=tuple(line.reference.split(REFERENCES_BETWEEN)) if line.reference else (),
        end_to_end=line.end_to_end,
        text=line.text,
        payer=line.payer,
        payer_account=line.payer_account,
    )


def _lines_of(entries: Sequence[Entry]) -> Iterator[BankLine]:
    """Yield how the credits of a file stand now, in its order."""
    for start in range(0, len(entries), _BATCH):
        batch = entries[start : start + _BATCH]
        rows = BankLine.objects.filter(key__in=[entry.key for entry in batch])
        by_key = {line.key: line for line in rows}
        missing = [entry.entry_key for entry in batch if entry.key not in by_key]
        others = BankLine.objects.filter(entry_key__in=[key for key in missing if key])
        by_entry = {line.entry_key: line for line in others.order_by("state")}
        for entry in batch:
            if line := by_key.get(entry.key) or by_entry.get(entry.entry_key):
                yield line

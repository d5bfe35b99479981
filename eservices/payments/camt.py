"""Read camt.053 and camt.054 (ISO 20022), any version, by the names of elements.

References stand in `RmtInf/Strd`, per transaction; entities and document types are refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.utils import timezone

from eservices.payments.bank_entries import (
    BankFileError,
    Entry,
    Statement,
    account_key,
    centimes_of,
    reference_of,
    statement_of,
)

_MESSAGES: Final = {"BkToCstmrStmt": "camt.053", "BkToCstmrDbtCdtNtfctn": "camt.054"}
# What a debit is that gives a credit back (ISO 20022, external codes of bank transactions).
_RETURNS: Final = ("RRTN", "RPCR")
_SUB_FAMILY: Final = "BkTxCd/Domn/Fmly/SubFmlyCd"
_PENDING: Final = ("PDNG", "INFO", "FUTR")


def read_camt(content: bytes) -> Statement:
    """Return the booked entries of a file; raise BankFileError."""
    try:
        root = ElementTree.fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BankFileError("hostile") from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise BankFileError("damaged", "XML") from error
    message = next((child for child in root if _name(child) in _MESSAGES), None)
    if message is None:
        raise BankFileError("unknown")
    return statement_of(_MESSAGES[_name(message)], _entries(message))


def _entries(message: Any) -> Iterator[list[Entry]]:
    made_at = _text(message, "GrpHdr/CreDtTm")
    for statement in _all(message, "Stmt"):
        yield from _of_statement(statement, made_at)
    for notice in _all(message, "Ntfctn"):
        yield from _of_statement(notice, made_at)


def _of_statement(statement: Any, made_at: str) -> Iterator[list[Entry]]:
    account = _account(_first(statement, "Acct"))
    made_at = _text(statement, "CreDtTm") or made_at
    for entry in _all(statement, "Ntry"):
        status = _text(entry, "Sts/Cd") or _text(entry, "Sts")
        if status not in _PENDING:
            yield _of_entry(entry, account, made_at)


def _of_entry(entry: Any, account: str, made_at: str) -> list[Entry]:
    """Return the transactions of an entry where each has its amount, else the entry as one."""
    amount, currency = _amount(_first(entry, "Amt"))
    day = _text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm") or _text(entry, "ValDt/Dt")
    credit = _text(entry, "CdtDbtInd") != "DBIT"
    reversal = _text(entry, "RvslInd").lower() in ("true", "1")
    whole = Entry(
        amount=amount,
        currency=currency,
        booked_on=_day(day or _text(entry, "ValDt/DtTm") or made_at),
        credit=credit,
        reversal=reversal or (not credit and _text(entry, _SUB_FAMILY) in _RETURNS),
        account=account,
        entry_reference=reference_of(_text(entry, "AcctSvcrRef"))[:100],
        entry_amount=amount,
    )
    details = [one for group in _all(entry, "NtryDtls") for one in _all(group, "TxDtls")]
    parts = [_of_transaction(one, whole) for one in details]
    if len(parts) == 1:
        return [replace(parts[0], amount=amount, currency=currency, whole=True)]
    if (
        parts
        and all(_amount_of(one) is not None for one in details)
        and _adds_up(parts, whole, details)
    ):
        return parts
    return [_together(whole, parts, _text(entry, "AddtlNtryInf"))]


def _adds_up(parts: list[Entry], whole: Entry, details: list[Any]) -> bool:
    same_way = all(
        _text(one, "CdtDbtInd") in ("", "CRDT" if whole.credit else "DBIT") for one in details
    )
    same = all(part.currency == whole.currency for part in parts)
    return same_way and same and sum(part.amount for part in parts) == whole.amount


def _amount_of(transaction: Any) -> Any:
    """Return the element with a transaction's amount, None for none."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        found = _first(transaction, path)
        if found is not None:
            return found
    return None


def _of_transaction(one: Any, whole: Entry) -> Entry:
    element = _amount_of(one)
    amount, currency = (whole.amount, whole.currency) if element is None else _amount(element)
    structured = [
        reference_of(text)
        for strd in _all_at(one, "RmtInf/Strd")
        for text in (_text(strd, "CdtrRefInf/Ref"), *_texts(strd, "RfrdDocInf/Nb"))
    ]
    free = _texts(one, "RmtInf/Ustrd") + _texts(one, "RmtInf/Strd/AddtlRmtInf")
    free += _texts(one, "AddtlTxInf")
    if not whole.credit:
        free += _texts(one, "RtrInf/Rsn/Cd") + _texts(one, "RtrInf/AddtlInf")
    payer, account = _payer(one, whole)
    return replace(
        whole,
        amount=amount,
        currency=currency,
        whole=False,
        reversal=whole.reversal or (not whole.credit and _says_returned(one)),
        own_reference=reference_of(_text(one, "Refs/AcctSvcrRef") or _text(one, "Refs/TxId"))[:100],
        references=tuple(dict.fromkeys(text[:140] for text in structured if text)),
        end_to_end=reference_of(_text(one, "Refs/EndToEndId"))[:40],
        text=" ".join(free)[:500],
        payer=payer[:200],
        payer_account=account,
    )


def _says_returned(transaction: Any) -> bool:
    told = _first(transaction, "RtrInf") is not None
    return told or _text(transaction, _SUB_FAMILY) in _RETURNS


def _payer(transaction: Any, whole: Entry) -> tuple[str, str]:
    """Return who paid and from which account; where a credit goes back, the parties may be turned.

    The debtor of a debit is we ourselves, unless the bank gives the parties of the credit.
    """
    for party in ("Dbtr",) if whole.credit else ("Dbtr", "Cdtr"):
        account = _account(_first(transaction, f"RltdPties/{party}Acct"))
        names = [f"Ultmt{party}/Nm", f"Ultmt{party}/Pty/Nm", f"{party}/Nm", f"{party}/Pty/Nm"]
        name = next(filter(None, (_text(transaction, f"RltdPties/{one}") for one in names)), "")
        ours = not whole.credit and account and account == whole.account
        if (name or account) and not ours:
            return name, account
    return "", ""


def _together(whole: Entry, parts: list[Entry], text: str) -> Entry:
    """Return an entry as one line that names all that its transactions name."""
    names = [name for part in parts for name in part.references]
    if not whole.credit:
        names += [part.end_to_end for part in parts if part.end_to_end]
    references = tuple(dict.fromkeys(names))
    texts = [*(part.text for part in parts if part.text), text]
    return replace(
        whole,
        reversal=whole.reversal or (bool(parts) and all(part.reversal for part in parts)),
        references=references[:20] if whole.credit else references,
        text=" ".join(texts).strip()[:500],
    )


def _account(element: Any) -> str:
    if element is None:
        return ""
    return account_key(_text(element, "Id/IBAN") or _text(element, "Id/Othr/Id"))


def _amount(element: Any) -> tuple[int, str]:
    if element is None:
        raise BankFileError("damaged", "Amt")
    try:
        amount = Decimal((element.text or "").strip())
    except InvalidOperation as error:
        raise BankFileError("damaged", "Amt") from error
    centimes = centimes_of(amount)
    if centimes < 0:
        raise BankFileError("damaged", "Amt")
    return centimes, element.get("Ccy", "MAD")[:3].upper()


def _day(text: str) -> date:
    if not text:
        return timezone.localdate()
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError as error:
        raise BankFileError("damaged", text[:40]) from error


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(element: Any, name: str) -> list[Any]:
    return [child for child in element if _name(child) == name]


def _all_at(element: Any, path: str) -> list[Any]:
    found: Iterable[Any] = [element]
    for name in path.split("/"):
        found = [child for parent in found for child in _all(parent, name)]
    return list(found)


def _first(element: Any, path: str) -> Any:
    found = _all_at(element, path)
    return found[0] if found else None


def _texts(element: Any, path: str) -> list[str]:
    found = ((child.text or "").strip() for child in _all_at(element, path))
    return [text for text in found if text]


def _text(element: Any, path: str) -> str:
    return next(iter(_texts(element, path)), "")

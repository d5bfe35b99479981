"""A list of direct debits as a file for the bank: pain.008.001.02 (ISO 20022).

Accounts are Moroccan RIBs, so they stand as `Othr/Id`. That a given bank takes the file is to be
agreed with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from django.utils import timezone

from eservices.money import CURRENCY, decimal

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:pain.008.001.02"
NAME: Final = 70  # characters of a name


@dataclass(frozen=True, slots=True)
class Creditor:
    """Who collects, and the account that the money comes to."""

    name: str
    account: str
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Debit:
    """One debit: our name for it, the mandate, whose account, and the bill."""

    reference: str
    amount: int
    mandate: str
    signed_on: date
    holder: str
    account: str
    bill: str


def pain_008(
    number: str,
    *,
    made_at: datetime,
    collect_on: date,
    creditor: Creditor,
    debits: Sequence[Debit],
) -> bytes:
    """Return the file as XML in UTF-8."""
    root = Element("Document", xmlns=NAMESPACE)
    message = SubElement(root, "CstmrDrctDbtInitn")
    head = SubElement(message, "GrpHdr")
    _put(head, "MsgId", number)
    _put(head, "CreDtTm", timezone.localtime(made_at).strftime("%Y-%m-%dT%H:%M:%S"))
    _sums(head, debits)
    _put(head, "InitgPty/Nm", creditor.name[:NAME])
    _instruction(message, number, collect_on, creditor, debits)
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _instruction(
    message: Element, number: str, collect_on: date, creditor: Creditor, debits: Sequence[Debit]
) -> None:
    info = SubElement(message, "PmtInf")
    _put(info, "PmtInfId", number)
    _put(info, "PmtMtd", "DD")
    _put(info, "BtchBookg", "false")  # each debit is booked alone, so that each bill is found
    _sums(info, debits)
    _put(info, "ReqdColltnDt", collect_on.isoformat())
    _put(info, "Cdtr/Nm", creditor.name[:NAME])
    _put(info, "CdtrAcct/Id/Othr/Id", creditor.account)
    _put(info, "CdtrAgt/FinInstnId/Othr/Id", creditor.account[:3])
    if creditor.identifier:
        _put(info, "CdtrSchmeId/Id/PrvtId/Othr/Id", creditor.identifier[:35])
    for debit in debits:
        _transaction(info, debit)


def _transaction(info: Element, debit: Debit) -> None:
    one = SubElement(info, "DrctDbtTxInf")
    _put(one, "PmtId/EndToEndId", debit.reference)
    _put(one, "InstdAmt", decimal(debit.amount)).set("Ccy", CURRENCY)
    mandate = SubElement(SubElement(one, "DrctDbtTx"), "MndtRltdInf")
    _put(mandate, "MndtId", debit.mandate)
    _put(mandate, "DtOfSgntr", debit.signed_on.isoformat())
    _put(one, "DbtrAgt/FinInstnId/Othr/Id", debit.account[:3])
    _put(one, "Dbtr/Nm", debit.holder[:NAME])
    _put(one, "DbtrAcct/Id/Othr/Id", debit.account)
    _put(one, "RmtInf/Strd/CdtrRefInf/Ref", debit.bill[:35])


def _sums(parent: Element, debits: Sequence[Debit]) -> None:
    _put(parent, "NbOfTxs", str(len(debits)))
    _put(parent, "CtrlSum", decimal(sum(debit.amount for debit in debits)))


def _put(parent: Element, path: str, text: str) -> Element:
    """Add elements one within the other, the last with a text; return it."""
    for name in path.split("/"):
        parent = SubElement(parent, name)
    parent.text = text
    return parent

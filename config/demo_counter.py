"""The demo’s counter: a cashier’s day with a difference, and a bank file that waits."""

from datetime import datetime, time
from typing import Final

from django.utils import timezone

from eservices.bills.models import Bill
from eservices.money import decimal
from eservices.payments.bank_import import take_bank_file
from eservices.payments.cashier import Handed, close_day, open_day, take_money
from eservices.payments.models import CashierDay, Channel
from eservices.payments.posting import Line
from org.models import User

_CREDIT: Final = (
    '<Ntry><Amt Ccy="MAD">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>'
    "{day}</Dt></BookgDt><AcctSvcrRef>{own}</AcctSvcrRef><NtryDtls><TxDtls><RltdPties><Dbtr><Nm>{payer}"
    "</Nm></Dbtr></RltdPties><RmtInf><Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>"
    "</RmtInf></TxDtls></NtryDtls></Ntry>"
)
_FILE: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>'
    "<GrpHdr><MsgId>DEMO</MsgId><CreDtTm>{at}</CreDtTm></GrpHdr><Ntfctn><Id>DEMO</Id><Acct><Id><Othr>"
    "<Id>011519000001205000534921</Id></Othr></Id></Acct>{entries}</Ntfctn></BkToCstmrDbtCdtNtfctn>"
    "</Document>"
)


def add_counter() -> None:
    """Take money as the cashier and the bank would; an office that has days already is left."""
    cashier = User.objects.filter(username="rachid").first()
    bills = list(Bill.objects.filter(kind=Bill.Kind.INVOICE, remaining__gt=0).order_by("pk")[:5])
    if cashier is None or CashierDay.objects.exists() or len(bills) < 4:
        return
    open_day(cashier, desk="G1", opening=50000)
    ways = (Handed(Channel.CASH), Handed(Channel.CHEQUE, "0045127"))
    for bill, handed in zip(bills, ways, strict=False):
        take_money(cashier, [Line(bill.number, bill.remaining)], handed)
    counted = 50000 + bills[0].remaining - 50
    close_day(cashier, counted=counted, remark="Appoint rendu en trop : 50 centimes")
    take_bank_file(_bank_file(bills[2], bills[3]), name="camt054-demo.xml")


def _bank_file(paid: Bill, short: Bill) -> bytes:
    """Return a credit that is exact, one that is short, and one that nobody knows."""
    day = timezone.localdate()
    rows = (
        (paid.remaining, paid.number, "DEMO-1", "Boulangerie Ennour"),
        (max(1, short.remaining - 1000), short.number, "DEMO-2", "سعيد بنموسى"),
        (90000, "INCONNU-77", "DEMO-3", "Atlas Conseil"),
    )
    entries = "".join(
        _CREDIT.format(amount=decimal(amount), day=day, own=own, payer=payer, reference=reference)
        for amount, reference, own, payer in rows
    )
    at = datetime.combine(day, time(8)).isoformat()
    return _FILE.format(at=at, entries=entries).encode()

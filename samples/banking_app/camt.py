"""Credits as banks tell them (camt.054): transfers of a contract's bills, two of them odd."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape

from samples.banking_app.account import RIB, less

SPACE = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.02"
UNKNOWN = "FACT-INCONNUE-1"


def credits_of(bills: list[dict[str, str]]) -> list[tuple[str, str]]:
    """Return (reference, amount): the last bill a little short, and a reference of no bill."""
    rows = [(bill["number"], bill["amount"]) for bill in bills]
    if rows:
        number, amount = rows[-1]
        rows[-1] = (number, less(amount))
    return [*rows, (UNKNOWN, "50.00")]


def camt054(bills: list[dict[str, str]], *, now: datetime | None = None) -> str:
    """Return the file, with the structured reference of each credit."""
    at = now or datetime.now(UTC)
    rows = credits_of(bills)
    entries = "".join(_entry(place, *row, at=at) for place, row in enumerate(rows, start=1))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{SPACE}">'
        f"<BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>SB{at:%Y%m%d%H%M%S}</MsgId>"
        f"<CreDtTm>{at:%Y-%m-%dT%H:%M:%S}</CreDtTm></GrpHdr>"
        f"<Ntfctn><Id>SB{at:%Y%m%d}</Id><CreDtTm>{at:%Y-%m-%dT%H:%M:%S}</CreDtTm>"
        f"<Acct><Id><Othr><Id>{RIB}</Id></Othr></Id><Ccy>MAD</Ccy></Acct>{entries}</Ntfctn>"
        "</BkToCstmrDbtCdtNtfctn></Document>\n"
    )


def _entry(place: int, reference: str, amount: str, *, at: datetime) -> str:
    told = escape(reference)
    return (
        f'<Ntry><Amt Ccy="MAD">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{at:%Y-%m-%d}</Dt></BookgDt><ValDt><Dt>{at:%Y-%m-%d}</Dt></ValDt>"
        f"<AcctSvcrRef>SB{at:%Y%m%d%H%M%S}{place:03d}</AcctSvcrRef>"
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>DMCT</SubFmlyCd></Fmly></Domn>"
        "</BkTxCd><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>SB-{place:03d}</EndToEndId></Refs>"
        f'<Amt Ccy="MAD">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        "<RltdPties><Dbtr><Nm>CLIENT SIMULE</Nm></Dbtr></RltdPties>"
        f"<RmtInf><Strd><CdtrRefInf><Ref>{told}</Ref></CdtrRefInf></Strd></RmtInf>"
        "</TxDtls></NtryDtls></Ntry>"
    )

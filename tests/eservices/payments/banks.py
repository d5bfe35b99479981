"""Bank files for tests, written by hand: camt.053, camt.054, MT940."""

from typing import Any, Final
from xml.sax.saxutils import escape

ACCOUNT: Final = "007810000123456789012345"


def transaction(
    reference: str = "",
    *,
    amount: str = "",
    text: str = "",
    payer: str = "",
    account: str = "",
    own: str = "",
    end_to_end: str = "",
) -> str:
    """Return a TxDtls."""
    refs = f"<AcctSvcrRef>{own}</AcctSvcrRef>" if own else ""
    refs += f"<EndToEndId>{end_to_end or 'NOTPROVIDED'}</EndToEndId>"
    amt = f'<AmtDtls><TxAmt><Amt Ccy="MAD">{amount}</Amt></TxAmt></AmtDtls>' if amount else ""
    payer = f"<Dbtr><Nm>{escape(payer)}</Nm></Dbtr>" if payer else ""
    if account:
        payer += f"<DbtrAcct><Id><Othr><Id>{account}</Id></Othr></Id></DbtrAcct>"
    info = "".join(
        f"<Strd><CdtrRefInf><Ref>{escape(one)}</Ref></CdtrRefInf></Strd>"
        for one in reference.split("|")
        if one
    )
    info += f"<Ustrd>{escape(text)}</Ustrd>" if text else ""
    return (
        f"<TxDtls><Refs>{refs}</Refs>{amt}<RltdPties>{payer}</RltdPties>"
        f"<RmtInf>{info}</RmtInf></TxDtls>"
    )


def entry(
    amount: str, *transactions: str, own: str = "", currency: str = "MAD", **more: str
) -> str:
    """Return an Ntry of 27 November 2026; `more` are way ("DBIT"), status and reversal."""
    refs = f"<AcctSvcrRef>{own}</AcctSvcrRef>" if own else ""
    reversal = "<RvslInd>true</RvslInd>" if more.get("reversal") else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{more.get("way", "CRDT")}'
        f"</CdtDbtInd>{reversal}<Sts>{more.get('status', 'BOOK')}</Sts>"
        f"<BookgDt><Dt>2026-11-27</Dt></BookgDt>{refs}"
        f"<NtryDtls>{''.join(transactions)}</NtryDtls></Ntry>"
    )


def camt(*entries: str, kind: str = "053", version: str = "02", head: str = "") -> bytes:
    """Return a camt file of one account."""
    outer, inner = {
        "053": ("BkToCstmrStmt", "Stmt"),
        "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    }[kind]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.{version}"><{outer}>'
        f"<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-27T20:00:00</CreDtTm></GrpHdr>"
        f"<{inner}><Id>1</Id><CreDtTm>2026-11-27T20:00:00</CreDtTm>"
        f"<Acct><Id><Othr><Id>{ACCOUNT}</Id></Othr></Id></Acct>{''.join(entries)}"
        f"</{inner}></{outer}></Document>"
    ).encode()


def mt940(*lines: tuple[str, str], **more: Any) -> bytes:
    """Return an MT940 of one account; a line is field 61 and field 86 ("" for none)."""
    body = "".join(f":61:{one}\r\n" + (f":86:{text}\r\n" if text else "") for one, text in lines)
    account = more.get("account", ACCOUNT)
    return (
        f":20:STMT\r\n:25:{account}\r\n:28C:1/1\r\n:60F:C261126MAD1000,00\r\n{body}"
        f":62F:C261127MAD2000,00\r\n-\r\n"
    ).encode()

"""Mails for tests: written ones of every kind, and the real ones of the corpus."""

import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CORPUS = next((p / "shared" / "corpus" for p in ROOT.parents if (p / "shared").is_dir()), ROOT)


def letter(
    text: str = "Monsieur, il y a une fuite devant chez moi.",
    *,
    subject: str = "Fuite d'eau",
    sender: str = "Salma Idrissi <salma@example.org>",
    message_id: str = "",
    **headers: str,
) -> EmailMessage:
    """A plain mail; keywords are further headers, with _ for -."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "courrier@office.example", subject
    mail["Date"] = "Tue, 24 Nov 2026 10:12:00 +0100"
    if message_id:
        mail["Message-ID"] = f"<{message_id}>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    if text:
        mail.set_content(text)
    return mail


def raw(mail: EmailMessage) -> bytes:
    """As it travels: lines end with CR LF."""
    return crlf(mail.as_bytes())


def crlf(content: bytes) -> bytes:
    """The same mail with the line ends of the wire."""
    return re.sub(rb"\r?\n", b"\r\n", content)


def bounce(
    *, message_id: str, subject: str, recipient: str, action: str = "failed", status: str = "5.1.1"
) -> bytes:
    """A delivery status notification (RFC 3464), written as Postfix writes them."""
    return crlf(
        f"""Return-Path: <>
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: courrier@office.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Message-ID: <dsn-{abs(hash((message_id, action)))}@mx.example.net>
Date: Tue, 24 Nov 2026 10:12:00 +0100
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B/1"

--B/1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--B/1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Tue, 24 Nov 2026 10:11:59 +0100

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--B/1
Content-Type: text/rfc822-headers

From: bureau-ordre@sijill.example
To: {recipient}
Subject: {subject}
Message-ID: <{message_id}>

--B/1--
""".encode()
    )


def real_mails() -> Iterator[tuple[str, bytes]]:
    """The corpus's mails, name and bytes as they travel; nothing where there is no corpus."""
    for folder in (CORPUS / "mail" / "eml", CORPUS / "hostile" / "mail"):
        for path in sorted(folder.rglob("*.eml")):
            yield path.stem, crlf(path.read_bytes())


def two_hundred() -> list[bytes]:
    """Two hundred real mails, no two alike: the corpus, and again under other Message-IDs."""
    mails = dict.fromkeys(content for _name, content in real_mails() if content.strip())
    first = list(mails)[:200]
    number = 0
    while first and len(first) < 200:
        number += 1
        source = first[number % len(mails)]
        bare = re.sub(rb"(?im)^message-id:[^\r]*\r\n(?:[ \t][^\r]*\r\n)*", b"", source)
        first.append(b"Message-ID: <again-%d@test.example>\r\n" % number + bare)
    return first

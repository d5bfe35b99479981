"""Classification of a mail: a letter, an automatic reply, a bounce, or a delivery notice. Pure.

Only mails that declare themselves as such are kept out of the register: by RFC 3464 (delivery
status), RFC 8098 (read receipts) or RFC 3834 (automatic replies), or by headers that only mail
programs write. A subject alone, or `Auto-Submitted: auto-generated` alone (an invoice of a
supplier's system), leaves a letter a letter, unless it is the office's own: to withhold a real one
is worse than to register an automatic one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.parser import Parser
from typing import Final

from channels.mailbox.headers import Mail, message_id_of, sender_of, text_of, word_of
from channels.mailbox.models import MailItem

Kind = MailItem.Kind
_AUTO_SUBJECTS: Final = re.compile(
    r"(?:automatic reply|auto(?:matic)?[ -]?(?:reply|response)|out of (?:the )?office"
    r"|réponse automatique|absence du bureau|absent du bureau|رد تلقائي|الرد التلقائي|رد آلي)\b",
    re.IGNORECASE,
)
_RESPONDERS: Final = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply")
_CARRIERS: Final = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon)@", re.IGNORECASE)
_STATUS: Final = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_HEADERS_ONLY: Final = {"text/rfc822-headers", "message/rfc822-headers"}


@dataclass(frozen=True, slots=True)
class Report:
    """A mail system's report on a mail: which one, its subject, to whom, the status (RFC 3463)."""

    message_id: str = ""
    subject: str = ""
    recipient: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The class of a mail; `report` of a bounce or notice; `automatic` where a machine sent it."""

    kind: str
    report: Report = Report()
    automatic: bool = False


def judge(parts: Sequence[Mail], *, own: str = "") -> Judgement:
    """Classify a mail by its parts in their order (`registry.mails.parts_of`).

    `own` is the address that the office writes from: what it told by itself, and comes back by a
    forwarding or since somebody gave its address for theirs, is no letter to it.
    """
    mail = parts[0]
    status = next((p for p in parts if p.get_content_type() == "message/delivery-status"), None)
    if status is not None and _is_report(mail, "delivery-status"):
        return _by_status(status, parts)
    if _is_report(mail, "disposition-notification"):
        return Judgement(Kind.NOTICE, _original(parts), automatic=True)
    if _is_reply_of_a_machine(mail):
        return Judgement(Kind.AUTO_REPLY, automatic=True)
    if _is_old_bounce(mail):
        recipient = text_of(mail, "X-Failed-Recipients", 254)
        original = _original(parts)
        report = Report(original.message_id, original.subject, recipient, "")
        return Judgement(Kind.BOUNCE, report, automatic=True)
    generated = word_of(mail, "Auto-Submitted") not in ("", "no")
    if generated and own and sender_of(mail)[1].lower() == own.lower():
        return Judgement(Kind.AUTO_REPLY, automatic=True)
    return Judgement(Kind.LETTER, automatic=generated)


def _is_report(mail: Mail, kind: str) -> bool:
    """Return whether it is a multipart/report of this kind; one that omits the kind is accepted."""
    if mail.get_content_type() != "multipart/report":
        return False
    try:
        said = str(mail.get_param("report-type") or kind).lower()
    except Exception:  # hostile headers raise any exception
        said = kind
    return said == kind


def _by_status(status: Mail, parts: Sequence[Mail]) -> Judgement:
    """Classify by the recipients' fields (RFC 3464, 2.3): one that failed makes it a bounce."""
    groups = _recipients(status)
    failed = [one for one in groups if word_of(one, "Action") == "failed"]
    chosen = (failed or groups or [status])[0]
    recipient = text_of(chosen, "Final-Recipient") or text_of(chosen, "Original-Recipient")
    code = _STATUS.search(text_of(chosen, "Status"))
    original = _original(parts)
    report = Report(
        original.message_id,
        original.subject,
        recipient.partition(";")[2].strip()[:254],
        code[0] if code else "",
    )
    return Judgement(Kind.BOUNCE if failed else Kind.NOTICE, report, automatic=True)


def _recipients(status: Mail) -> list[Mail]:
    """Return the groups of fields after the first one, which is about the message."""
    payload = status.get_payload()
    if isinstance(payload, list):
        return [one for one in payload if isinstance(one, type(status)) and one.get("Action")]
    text = str(payload)[:100_000]
    groups = re.split(r"\r?\n\s*\r?\n", text)
    read = [Parser(policy=policy.compat32).parsestr(one, headersonly=True) for one in groups]
    return [one for one in read if one.get("Action")]


def _original(parts: Sequence[Mail]) -> Report:
    """Return which of our mails came back: the report is followed by its headers, or all of it."""
    for part in parts[1:]:
        if part.get_content_type() in _HEADERS_ONLY:
            found = _headers_in(part)
            return Report(message_id_of(found), text_of(found, "Subject"))
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], type(part)):
                return Report(message_id_of(inner[0]), text_of(inner[0], "Subject"))
    said = next((text_of(p, "Original-Message-ID") for p in parts[1:]), "")
    return Report(said.strip("<> ")[:255], "")


def _headers_in(part: Mail) -> Mail:
    raw = part.get_payload(decode=True)
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    return Parser(policy=policy.compat32).parsestr(text[:100_000], headersonly=True)


def _is_reply_of_a_machine(mail: Mail) -> bool:
    if word_of(mail, "Auto-Submitted") == "auto-replied":
        return True
    if any(mail.get(name) for name in _RESPONDERS):
        return True
    if word_of(mail, "Precedence") in {"auto_reply", "auto-reply"}:
        return True
    signs = (
        word_of(mail, "Auto-Submitted") == "auto-generated",
        bool(mail.get("X-Auto-Response-Suppress")),
        text_of(mail, "Return-Path").strip() == "<>",
    )
    return any(signs) and bool(_AUTO_SUBJECTS.match(text_of(mail, "Subject")))


def _is_old_bounce(mail: Mail) -> bool:
    """Recognise a bounce from before RFC 3464: no return address, sent in a mail system's name."""
    if mail.get("X-Failed-Recipients"):
        return True
    nobody = text_of(mail, "Return-Path").strip() == "<>"
    return nobody and bool(_CARRIERS.search(text_of(mail, "From")))

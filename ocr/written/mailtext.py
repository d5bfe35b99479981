"""Text of mails: their headers and every part that is text for reading, in its own charset.

Attachments are documents of their own (registry.mails); a mail inside a mail is text of the mail.
"""

from __future__ import annotations

import codecs
import email
import email.policy
import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage, MIMEPart
from html.parser import HTMLParser
from pathlib import Path

from ocr.errors import Unreadable
from ocr.written.plaintext import decode
from registry.rtf_packing import unpacked_rtf
from registry.tnef import MARK, BadTnefError, read_tnef

_HEADERS = ("Subject", "From", "To", "Cc", "Date")
_WESTERN = {"", "us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1", "windows-1252", "cp1252"}
_MOST_PARTS, _MOST_DEPTH = 1000, 20
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])|"
    r"max-height\s*:\s*0|opacity\s*:\s*0(?![.\d]*[1-9])|mso-hide\s*:\s*all",
    re.IGNORECASE,
)


def eml_text(path: Path) -> str:
    """Return the text of a mail as it is sent. Raise Unreadable: too_large for endless parts."""
    with path.open("rb") as stream:
        message = email.message_from_binary_file(stream, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what policy.default makes
    if sum(1 for _ in message.walk()) > _MOST_PARTS:
        raise Unreadable("too_large", "mail of too many parts")
    text = "\n".join(_mail(message, 0))
    written = any(part.get_content_maintype() == "text" for part in message.walk())
    return text if written else "\n".join([text, *_packed(message)])


def _packed(message: EmailMessage) -> Iterator[str]:
    """Yield the text that Outlook put only into a winmail.dat."""
    for part in message.walk():
        payload = part.get_payload(decode=True) if not part.is_multipart() else None
        if isinstance(payload, bytes) and payload.startswith(MARK):
            yield tnef_text(payload)


def tnef_text(content: bytes) -> str:
    """Return the text of a winmail.dat, in its plainest form; "" where there is none."""
    from striprtf.striprtf import rtf_to_text

    try:
        found = read_tnef(content)
    except BadTnefError:
        return ""
    if found.text.strip():
        return found.text
    if found.html:
        return html_text(in_charset(found.html, None))
    rtf = unpacked_rtf(found.rtf).decode("latin-1")
    try:
        return str(rtf_to_text(rtf, errors="replace")) if rtf else ""  # type: ignore[no-untyped-call]
    except Exception:  # broken RTF raises what its parser does
        return ""


def _mail(message: MIMEPart, depth: int) -> Iterator[str]:
    for name in _HEADERS:
        if value := _header(message, name):
            yield f"{name}: {value}"
    yield ""
    yield from _readable(message, depth)


def _header(message: MIMEPart, name: str) -> str:
    """Return a header's text, guessed at where it was sent in bare bytes, against the rules."""
    try:
        raw = next((v for n, v in message.raw_items() if n.lower() == name.lower()), "")
        if any("\udc80" <= char <= "\udcff" for char in raw):
            text = decode(raw.encode("utf-8", errors="surrogateescape"))
            return " ".join(str(email.policy.default.header_factory(name, text)).split())
        return str(message.get(name, ""))
    except Exception:  # the standard parser raises on some broken headers; the rest is still text
        return ""


def _readable(part: MIMEPart, depth: int) -> Iterator[str]:
    """Yield what a mail program shows of a part: of alternatives one, of other parts each."""
    if depth > _MOST_DEPTH:
        return
    kind = part.get_content_type()
    children = list(part.iter_parts()) if part.is_multipart() else []
    if kind == "message/rfc822":
        for child in children:
            yield "\n"
            yield from _mail(child, depth + 1)
    elif kind == "multipart/alternative":
        texts = ["\n".join(_readable(child, depth + 1)).strip() for child in children]
        plain = [t for c, t in zip(children, texts, strict=True) if t and "html" not in _kinds(c)]
        yield next(iter(plain), next((text for text in texts if text), ""))
    elif children:
        for child in children:
            yield from _readable(child, depth + 1)
    elif (kind in {"text/plain", "text/html"} and not _is_attachment(part)) or _is_broken(part):
        text = _text(part)
        yield html_text(text) if kind == "text/html" else text


def _is_broken(part: MIMEPart) -> bool:
    """Return whether a part declares parts and has none, as with a missing boundary."""
    return part.get_content_maintype() == "multipart" and not part.is_multipart()


def _kinds(part: MIMEPart) -> set[str]:
    return {child.get_content_subtype() for child in part.walk()}


def _is_attachment(part: MIMEPart) -> bool:
    try:
        return bool(part.get_filename()) or part.get_content_disposition() == "attachment"
    except Exception:  # a broken header: whatever it said, the part is text
        return False


def _text(part: MIMEPart) -> str:
    payload = part.get_payload(decode=True)
    return in_charset(payload, part.get_content_charset()) if isinstance(payload, bytes) else ""


def in_charset(payload: bytes, charset: str | None) -> str:
    """Decode bytes by the charset they claim.

    Western ones are claimed by default: they are used only where the bytes resemble neither UTF-8
    nor Arabic.
    """
    if (charset or "").lower() in _WESTERN:
        return decode(payload)
    try:
        return payload.decode(charset or "utf-8")
    except (LookupError, ValueError):
        return decode(payload)


def msg_text(path: Path) -> str:
    """Return the text of an Outlook message. Raise what oxmsg raises where there is no message."""
    from oxmsg import Message

    message = Message.load(str(path))
    heads = {
        "Subject": _tried(lambda: message.subject),
        "From": _tried(lambda: message.sender),
        "To": _tried(lambda: (message.message_headers or {}).get("To")),
        "Date": _tried(lambda: message.sent_date),
    }
    body = _tried(lambda: message.body) or html_text(_tried(lambda: message.html_body))
    return "\n".join([*(f"{name}: {value}" for name, value in heads.items() if value), "", body])


def _tried(get: Callable[[], object]) -> str:
    """Return one property, or "" where it is broken, so that the others are still read."""
    try:
        return str(get() or "")
    except Exception:  # oxmsg raises what its decoders do
        return ""


def _windows_page(name: str) -> codecs.CodecInfo | None:
    """Map code pages to Python's names, where Outlook uses another ("windows-950")."""
    number = name.removeprefix("windows_")
    return codecs.lookup(f"cp{number}") if name != number and number.isdigit() else None


codecs.register(_windows_page)


class _Text(HTMLParser):
    """A collector of the text that a person would see."""

    _HIDDEN = frozenset({"script", "style", "head", "title", "template"})
    _VOID = frozenset({"br", "img", "hr", "meta", "link", "input", "col", "area", "base", "wbr"})
    _BREAKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "hr"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._unseen: list[str] = []  # the hidden element, and what is open inside it

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter hidden elements, break lines at blocks, separate cells."""
        if tag not in self._VOID and (self._unseen or self._is_hidden(tag, dict(attrs))):
            self._unseen.append(tag)
        elif tag in self._BREAKS:
            self.out.append("\n")
        elif tag in {"td", "th"}:
            self.out.append("\t")

    def handle_endtag(self, tag: str) -> None:
        """Leave a hidden element, with what was left open inside it."""
        if tag in self._unseen:
            at = len(self._unseen) - 1 - self._unseen[::-1].index(tag)
            del self._unseen[at:]

    def handle_data(self, data: str) -> None:
        """Keep visible text."""
        if not self._unseen:
            self.out.append(re.sub(r"\s+", " ", data))

    def _is_hidden(self, tag: str, attrs: dict[str, str | None]) -> bool:
        return (
            tag in self._HIDDEN
            or "hidden" in attrs
            or bool(_HIDING.search(attrs.get("style") or ""))
        )


def html_text(html: str) -> str:
    """Return the visible text of an HTML part. Never fetches anything."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    lines = "".join(parser.out).split("\n")
    return "\n".join(re.sub(r"[ \xa0]*\t[\t \xa0]*", "\t", line).strip() for line in lines)

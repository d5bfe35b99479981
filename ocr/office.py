"""Text of what is no picture: DOCX, ODT, XLSX, plain text, mails. Every archive is bounded before
it is unpacked, every XML is read without entities, references or networks."""

from __future__ import annotations

import email
import email.policy
import re
import zipfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from ocr.errors import Unreadable
from ocr.limits import Limits
from ocr.plaintext import decode

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DOCX_PARTS = re.compile(r"word/(header|document|footnotes|footer)\d*\.xml")
_DOCX_ORDER = ("header", "document", "footnotes", "footer")
_RATIO = 1000  # unpacked to packed: XML packs 10 to 50 to one, bombs thousands


def read_pages(path: Path, family: str, limits: Limits) -> list[str]:
    """The text of each page (sheet, mail, form feed) of a file of a family of `media.FAMILIES`.

    Raises Unreadable: damaged, encrypted, too_large.
    """
    reader: Callable[[Path, Limits], list[str]] = _READERS[family]
    try:
        pages = reader(path, limits)
    except Unreadable:
        raise
    except (MemoryError, RecursionError):
        raise Unreadable("too_large", "no memory") from None
    except DefusedXmlException as error:
        raise Unreadable("damaged", type(error).__name__) from None
    except Exception as error:  # parsers raise nearly every class on broken input
        raise Unreadable("damaged", type(error).__name__) from None
    return [_tidy(page)[: limits.page_chars] for page in pages[: limits.pages]]


def _docx(path: Path, limits: Limits) -> list[str]:
    with _open_archive(path, limits) as archive:
        names = [n for n in archive.namelist() if _DOCX_PARTS.fullmatch(n)]
        names.sort(key=lambda n: (_DOCX_ORDER.index(re.sub(r"word/|\d*\.xml", "", n)), n))
        parts = []
        for name in names:
            with archive.open(name) as stream:
                parts.append("".join(_docx_text(ElementTree.parse(stream).getroot())))
    return "\n".join(parts).split("\f")


def _docx_text(node: Any) -> Iterator[str]:
    """Text in the order of the file; text boxes stand twice, the fallback is left out."""
    for child in node:
        if child.tag == f"{_MC}Fallback":
            continue
        if child.tag in {f"{_W}t", f"{_W}delText"}:
            yield (child.text or "") if child.tag.endswith("}t") else ""
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag in {f"{_W}br", f"{_W}cr"}:
            yield "\f" if child.get(f"{_W}type") == "page" else "\n"
        else:
            yield from _docx_text(child)
            if child.tag == f"{_W}p":
                yield "\n"
            elif child.tag == f"{_W}tc":
                yield "\t"


def _odt(path: Path, limits: Limits) -> list[str]:
    with _open_archive(path, limits) as archive, archive.open("content.xml") as stream:
        return ["".join(_odt_text(ElementTree.parse(stream).getroot()))]


def _odt_text(node: Any) -> Iterator[str]:
    """Text of paragraphs and what stands in them; white space between other elements is none."""
    if node.tag == f"{_T}tab":
        yield "\t"
    elif node.tag == f"{_T}line-break":
        yield "\n"
    elif node.tag == f"{_T}s":
        yield " " * min(int(node.get(f"{_T}c", "1")), 100)
    yield _odt_own(node, node.text)
    for child in node:
        if child.tag != f"{_T}tracked-changes":
            yield from _odt_text(child)
        yield _odt_own(node, child.tail)
    if node.tag in {f"{_T}p", f"{_T}h"}:
        yield "\n"


def _odt_own(node: Any, text: str | None) -> str:
    if text is None or (not text.strip() and not node.tag.startswith(_T)):
        return ""
    return text


def _xlsx(path: Path, limits: Limits) -> list[str]:
    import openpyxl

    _open_archive(path, limits).close()
    book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        return [_sheet(sheet, limits) for sheet in book.worksheets]
    finally:
        book.close()


def _sheet(sheet: Any, limits: Limits) -> str:
    lines, size = [str(sheet.title)], 0
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        if number >= limits.rows or size > limits.page_chars:
            break
        cells = [str(cell) for cell in row if cell is not None]
        if cells:
            lines.append("\t".join(cells))
            size += len(lines[-1])
    return "\n".join(lines)


def _txt(path: Path, limits: Limits) -> list[str]:
    with path.open("rb") as stream:
        data = stream.read(4 * limits.page_chars)
    return decode(data).split("\f")


def _eml(path: Path, limits: Limits) -> list[str]:
    if path.stat().st_size > limits.unpacked_bytes:
        raise Unreadable("too_large", "mail")
    with path.open("rb") as stream:
        message = email.message_from_binary_file(stream, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - what policy.default makes
    heads = [f"{name}: {_header(message, name)}" for name in ("Subject", "From", "To", "Date")]
    return ["\n".join([*(h for h in heads if not h.endswith(": ")), "", _body(message)])]


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message.get(name, ""))
    except Exception:  # the standard parser raises on some broken headers; the rest is still text
        return ""


def _body(message: EmailMessage) -> str:
    """The plain part, else the HTML part as text; a broken part is skipped."""
    chosen: dict[str, str] = {}
    for part in message.walk():
        kind = part.get_content_type()
        if kind not in {"text/plain", "text/html"} or part.get_filename() or kind in chosen:
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload.strip():
            chosen[kind] = _in_charset(payload, part.get_content_charset())
    return chosen.get("text/plain") or html_text(chosen.get("text/html", ""))


def _in_charset(payload: bytes, charset: str | None) -> str:
    try:
        return payload.decode(charset or "utf-8")
    except (LookupError, ValueError):
        return decode(payload)


def _msg(path: Path, limits: Limits) -> list[str]:
    from oxmsg import Message

    if path.stat().st_size > limits.unpacked_bytes:
        raise Unreadable("too_large", "mail")
    message = Message.load(str(path))
    heads = [
        f"{name}: {value}"
        for name, value in (
            ("Subject", message.subject),
            ("From", message.sender),
            ("To", (message.message_headers or {}).get("To")),
            ("Date", message.sent_date),
        )
        if value
    ]
    body = message.body or html_text(message.html_body or "")
    return ["\n".join([*heads, "", body])]


class _Text(HTMLParser):
    """Collects what a person would see."""

    _HIDDEN = frozenset({"script", "style", "head", "title", "template"})
    _BREAKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count hidden elements, break lines at blocks."""
        self._hidden += tag in self._HIDDEN
        if tag in self._BREAKS:
            self.out.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Leave a hidden element."""
        if tag in self._HIDDEN and self._hidden:
            self._hidden -= 1

    def handle_data(self, data: str) -> None:
        """Keep visible text."""
        if not self._hidden:
            self.out.append(re.sub(r"\s+", " ", data))


def html_text(html: str) -> str:
    """The visible text of an HTML part. Never fetches anything."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    return "".join(parser.out)


def _open_archive(path: Path, limits: Limits) -> zipfile.ZipFile:
    """The archive, once its own directory promises to stay within the limits."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        with path.open("rb") as stream:
            encrypted = stream.read(8) == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        raise Unreadable("encrypted" if encrypted else "damaged", "archive") from None
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > limits.archive_members or unpacked > limits.unpacked_bytes:
        archive.close()
        raise Unreadable("too_large", "archive")
    if unpacked > 1_000_000 and unpacked > _RATIO * max(packed, 1):
        archive.close()
        raise Unreadable("too_large", "archive")
    if any(member.flag_bits & 1 for member in members):
        archive.close()
        raise Unreadable("encrypted", "archive")
    return archive


def _tidy(text: str) -> str:
    """No control characters, no trailing blanks, at most one empty line in a row."""
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text.replace("\r\n", "\n"))
    text = re.sub(r"[ \t\xa0]+(?=\n|$)", "", text.replace("\r", "\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


_READERS: dict[str, Callable[[Path, Limits], list[str]]] = {
    "docx": _docx,
    "odt": _odt,
    "xlsx": _xlsx,
    "txt": _txt,
    "eml": _eml,
    "msg": _msg,
}

"""Text of non-picture files: DOCX, ODT, XLSX, RTF, plain text, mails.

Every archive is bounded before it is unpacked, every XML is read without entities, references or
networks.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from ocr.errors import Unreadable
from ocr.limits import Limits
from ocr.written.mailtext import eml_text, msg_text
from ocr.written.plaintext import decode
from ocr.written.sheets import xlsx_pages

_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_T = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DOCX_PARTS = re.compile(r"word/(header|document|footnotes|endnotes|footer)\d*\.xml")
_DOCX_ORDER = ("header", "document", "footnotes", "endnotes", "footer")
# What no reader of the paper sees: the fallback of a text box, moved or deleted text, field codes.
_DOCX_UNSEEN = {f"{_MC}Fallback", f"{_W}moveFrom", f"{_W}del", f"{_W}instrText", f"{_W}delText"}
_ODT_UNSEEN = {
    f"{_T}tracked-changes",
    f"{_T}hidden-text",
    f"{_T}note-citation",
    f"{_OFFICE}annotation",
}
_RTF_BYTES = 20_000_000  # with pictures in it as text; a second of work for each three megabytes
_RATIO = 1000  # unpacked to packed: XML packs 10 to 50 to one, bombs thousands


def read_pages(path: Path, family: str, limits: Limits) -> list[str]:
    """Return the text of each page of a file of a family of `media.FAMILIES`.

    A page is a sheet, a mail, or what a form feed ends. Raise Unreadable: damaged, encrypted,
    too_large.
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
        parts: list[str] = []
        for name in names:
            with archive.open(name) as stream:
                text = "".join(_docx_text(ElementTree.parse(stream).getroot()))
            if text not in parts:  # first, left and right pages mostly have the same header
                parts.append(text)
    return "\n".join(parts).split("\f")


def _docx_text(node: Any) -> Iterator[str]:
    """Yield text in the order of the file, as it stands once every change is accepted."""
    for child in node:
        tag = str(child.tag).replace(_STRICT, _W)
        if tag in _DOCX_UNSEEN or _is_hidden(child, tag):
            continue
        if tag == f"{_W}t":
            yield child.text or ""
        elif tag == f"{_W}tab":
            yield "\t"
        elif tag == f"{_W}noBreakHyphen":
            yield "-"
        elif tag in {f"{_W}br", f"{_W}cr"}:
            yield "\f" if child.get(f"{_W}type") == "page" else "\n"
        elif tag == f"{_W}tc":
            yield " ".join("".join(_docx_text(child)).split()) + "\t"
        else:
            yield from _docx_text(child)
            if tag in {f"{_W}p", f"{_W}tr"}:
                yield "\n"


def _is_hidden(node: Any, tag: str) -> bool:
    """Return whether a run is formatted as hidden, or is a field not yet filled in."""
    if tag not in {f"{_W}r", f"{_W}sdt"}:
        return False
    mark = "vanish" if tag == f"{_W}r" else "showingPlcHdr"
    for child in node:
        if str(child.tag).replace(_STRICT, _W) in {f"{_W}rPr", f"{_W}sdtPr"}:
            found = next((n for n in child if str(n.tag).endswith(f"}}{mark}")), None)
            value = None if found is None else found.get(f"{_W}val", found.get(f"{_STRICT}val"))
            return found is not None and value not in {"0", "false", "off"}
    return False


def _odt(path: Path, limits: Limits) -> list[str]:
    with _open_archive(path, limits) as archive:
        head, foot = "", ""
        if "styles.xml" in archive.namelist():
            with archive.open("styles.xml") as stream:
                head, foot = _odt_margins(ElementTree.parse(stream).getroot())
        with archive.open("content.xml") as stream:
            body = "".join(_odt_text(ElementTree.parse(stream).getroot()))
    return [f"{head}{body}{foot}"]


def _odt_margins(styles: Any) -> tuple[str, str]:
    """Return what stands above and below every page, each text once."""
    found = []
    for name in ("header", "footer"):
        wanted = {f"{_STYLE}{name}{page}" for page in ("", "-first", "-left")}
        texts = ("".join(_odt_text(node)) for node in styles.iter() if node.tag in wanted)
        found.append("".join(dict.fromkeys(texts)))
    return found[0], found[1]


def _odt_text(node: Any) -> Iterator[str]:
    """Yield text of paragraphs and their content; white space between other elements is dropped."""
    if node.tag == f"{_T}tab":
        yield "\t"
    elif node.tag in {f"{_T}line-break", f"{_T}note"}:
        yield "\n"
    elif node.tag == f"{_T}s":
        yield " " * min(int(node.get(f"{_T}c", "1")), 100)
    yield _odt_own(node, node.text)
    for child in node:
        if child.tag == f"{_TABLE}table-cell":
            yield " ".join("".join(_odt_text(child)).split()) + "\t"
        elif child.tag not in _ODT_UNSEEN:
            yield from _odt_text(child)
        yield _odt_own(node, child.tail)
    if node.tag in {f"{_T}p", f"{_T}h", f"{_TABLE}table-row"}:
        yield "\n"


def _odt_own(node: Any, text: str | None) -> str:
    if text is None or (not text.strip() and not node.tag.startswith(_T)):
        return ""
    return text


def _xlsx(path: Path, limits: Limits) -> list[str]:
    _open_archive(path, limits).close()
    return xlsx_pages(path, limits)


def _txt(path: Path, limits: Limits) -> list[str]:
    with path.open("rb") as stream:
        data = stream.read(4 * limits.page_chars)
    return decode(data).split("\f")


def _rtf(path: Path, limits: Limits) -> list[str]:
    from striprtf.striprtf import rtf_to_text

    with path.open("rb") as stream:
        data = stream.read(_RTF_BYTES + 1)
    if len(data) > _RTF_BYTES:
        raise Unreadable("too_large", "rtf")
    text = str(rtf_to_text(data.decode("latin-1"), errors="replace"))  # type: ignore[no-untyped-call]
    return text.replace("|\n", "\n").replace("|", "\t").split("\f")


def _eml(path: Path, limits: Limits) -> list[str]:
    if path.stat().st_size > limits.unpacked_bytes:
        raise Unreadable("too_large", "mail")
    return [eml_text(path)]


def _msg(path: Path, limits: Limits) -> list[str]:
    if path.stat().st_size > limits.unpacked_bytes:
        raise Unreadable("too_large", "mail")
    return [msg_text(path)]


def _open_archive(path: Path, limits: Limits) -> zipfile.ZipFile:
    """Open the archive if its own directory declares sizes within the limits."""
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
    """Remove control characters, trailing blanks, and all but one empty line in a row."""
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text.replace("\r\n", "\n"))
    text = re.sub(r"[ \t\xa0]+(?=\n|$)", "", text.replace("\r", "\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


_READERS: dict[str, Callable[[Path, Limits], list[str]]] = {
    "docx": _docx,
    "odt": _odt,
    "xlsx": _xlsx,
    "rtf": _rtf,
    "txt": _txt,
    "eml": _eml,
    "msg": _msg,
}

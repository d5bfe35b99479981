"""What a file is by its bytes: the short family that decides which module opens it."""

import zipfile
from pathlib import Path

import magic

from ocr.errors import Unreadable

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
MSG = "application/vnd.ms-outlook"
RTF = "application/rtf"
FAMILIES = {
    PDF: "pdf",
    "image/png": "image",
    "image/jpeg": "image",
    "image/tiff": "image",
    "image/webp": "image",
    "image/heic": "image",
    "image/heif": "image",
    "image/bmp": "image",
    "image/x-ms-bmp": "image",
    "image/gif": "image",
    DOCX: "docx",
    XLSX: "xlsx",
    ODT: "odt",
    MSG: "msg",
    "application/cdfv2": "msg",
    "message/rfc822": "eml",
    "message/news": "eml",
    RTF: "rtf",
    "text/plain": "txt",
}
_ZIP_MARKS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_HEAD = 4096
_MAIL_HEADERS = (
    b"from",
    b"to",
    b"subject",
    b"received",
    b"return-path",
    b"date",
    b"message-id",
    b"delivered-to",
    b"mime-version",
)


def sniff(path: Path) -> str:
    """Return the media type of the file by its content. Raise Unreadable: empty."""
    if path.stat().st_size == 0:
        raise Unreadable("empty")
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if b"%PDF-" in head[:1024]:  # readers accept junk before the header, so do we
        return PDF
    if head.startswith(b"{\\rtf"):
        return RTF
    kind = str(magic.from_file(str(path), mime=True)).lower()
    if kind in {"application/zip", "application/octet-stream"} or "opendocument" in kind:
        return _inside_zip(path) or kind
    if kind.startswith("text/"):
        return "message/rfc822" if _looks_like_mail(head) else "text/plain"
    return kind


def family(media_type: str) -> str:
    """Return pdf, image, docx, xlsx, odt, rtf, eml, msg or txt. Raise Unreadable: unsupported."""
    found = FAMILIES.get(media_type.split(";")[0].strip().lower())
    if found is None:
        raise Unreadable("unsupported", "no reader for this media type")
    return found


def _inside_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist()[:500])
            if "mimetype" in names and archive.read("mimetype")[:100].decode("ascii") == ODT:
                return ODT
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return ""
    return next((kind for mark, kind in _ZIP_MARKS.items() if mark in names), "")


def _looks_like_mail(head: bytes) -> bool:
    """Return whether there are at least two mail headers in the first block of lines."""
    block = head.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0].lower()
    names = {line.split(b":", 1)[0] for line in block.split(b"\n") if b":" in line}
    return len(names & set(_MAIL_HEADERS)) >= 2

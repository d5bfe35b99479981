"""The kind of an untrusted file, by its bytes: taken, taken but unreadable, marked, or refused.

Runs in the confined child of `registry.files.checking`, never in the office's own process. It sees
an open file and no path. No Django.
"""

import io
import os
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO, Final

import magic
from PIL import Image, UnidentifiedImageError

from registry import tnef
from registry.files import drawings
from registry.files.active_content import has_macros, has_scripts
from registry.files.kinds import (
    DOCX,
    EML,
    IMAGES,
    MSG,
    ODT,
    PDF,
    TEXT,
    TNEF,
    XLSX,
    Mark,
    Media,
    RefusedError,
)

_OPENERS = [name for name in IMAGES if name != "MPO"]  # opened as JPEG
UTF16 = (b"\xff\xfe", b"\xfe\xff")
MOST_DIRECTORY_BYTES: Final = 1_000_000  # a package's list of members; 5,000 need 0.5 MB
MOST_NAMES: Final = 5_000

_MOST_IN_MEMORY: Final = 8_000_000  # bytes of a PDF; larger ones are read in pieces
_heif_ready = False


@dataclass(frozen=True, slots=True)
class Most:
    """What is taken at most: pages of a file, pixels of a picture."""

    pages: int
    pixels: int


def judge(file: BinaryIO, *, name: str, most: Most) -> Media:
    """Check an open file; `name` only helps to distinguish mails from plain text.

    Raise RefusedError: empty, executable, not_allowed, damaged, too_many_pages, too_many_pixels.
    """
    if _size(file) == 0:
        raise RefusedError("empty")
    head = _head(file, 8192)
    if head.startswith((b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")):
        raise RefusedError("executable")
    if head.startswith(tnef.MARK) or name.lower() == "winmail.dat":
        return Media(TNEF, problem="unsupported")  # what is in it is taken out
    if check := _check_for(head, most):
        return check(file)
    guessed = _guessed(head)
    if guessed.startswith("image/"):
        return _check_image(file, guessed, most)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _check_compound(file)
    if guessed == EML or (_looks_like_mail(head) and name.lower().endswith((".eml", ".txt", ""))):
        return Media(EML)
    if guessed.startswith("text/") or guessed in {"application/json", "application/csv"}:
        return _check_text(file, guessed)
    raise RefusedError("not_allowed")


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _head(file: BinaryIO, length: int) -> bytes:
    file.seek(0)
    return file.read(length)


def _check_for(head: bytes, most: Most) -> Callable[[BinaryIO], Media] | None:
    """Return the check of what begins with a mark of its own."""
    if b"%PDF-" in head[:1024]:
        return partial(_check_pdf, most=most)
    if head.startswith(b"PK"):
        return _check_package
    plan = drawings.kind_of(head)
    return partial(_check_drawing, kind=plan) if plan else None


def _guessed(head: bytes) -> str:
    guessed = magic.from_buffer(head, mime=True)
    too_few = guessed == "application/octet-stream" and _is_plain(head)
    return TEXT if too_few else guessed


def _check_pdf(file: BinaryIO, *, most: Most) -> Media:
    import pypdfium2

    file.seek(0)
    whole = file.read() if _size(file) <= _MOST_IN_MEMORY else file
    try:
        document = pypdfium2.PdfDocument(whole)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            return Media(PDF, problem="encrypted")
        raise RefusedError("damaged") from error
    try:
        pages = len(document)
    finally:
        document.close()
    if pages == 0 or b"%%EOF" not in _tail(file):  # pages of half a file may be missing
        raise RefusedError("damaged")
    if pages > most.pages:
        raise RefusedError("too_many_pages")
    return Media(PDF, mark="scripts" if has_scripts(file) else "")


def _check_drawing(file: BinaryIO, *, kind: str) -> Media:
    """Judge a drawing by its ends alone: it is kept as a file, never opened by a program here."""
    if not drawings.is_whole(_size(file), _tail(file, 4096), kind=kind):
        raise RefusedError("damaged")
    return Media(kind, problem="unsupported")


def _check_image(file: BinaryIO, guessed: str, most: Most) -> Media:
    _enable_heif(most)
    file.seek(0)
    try:
        with Image.open(file, formats=_OPENERS) as image:
            kind, (width, height) = image.format or "", image.size
            many = _has_more_frames(image, most.pages)
            whole = many or kind != "TIFF" or _has_all_strips(image, _size(file))
    except Image.DecompressionBombError as error:
        raise RefusedError("too_many_pixels") from error
    except UnidentifiedImageError as error:
        known = guessed in IMAGES.values()
        raise RefusedError("damaged" if known else "not_allowed") from error
    except Exception as error:  # decoders raise anything on hostile bytes
        raise RefusedError("damaged") from error
    if width * height > most.pixels:
        raise RefusedError("too_many_pixels")
    if many:
        raise RefusedError("too_many_pages")
    if not whole or _is_cut_off(file, kind):
        raise RefusedError("damaged")
    return Media(IMAGES[kind])


def _has_more_frames(image: Image.Image, most: int) -> bool:
    """Return whether there are more than `most` frames.

    Those of a TIFF are a chain, of which no more is followed: the library takes hours to count a
    chain of a million.
    """
    if image.format != "TIFF":
        return int(getattr(image, "n_frames", 1)) > most
    try:
        for frame in range(most + 1):
            image.seek(frame)
    except EOFError:
        return False
    return True


def _has_all_strips(image: Image.Image, size: int) -> bool:
    """Return whether the strips or tiles of a TIFF's frames (the first 100) lie inside the file."""
    for frame in range(min(getattr(image, "n_frames", 1), 100)):
        image.seek(frame)
        tags: Any = getattr(image, "tag_v2", {})
        for starts, counts in ((273, 279), (324, 325)):
            places = zip(tags.get(starts) or (), tags.get(counts) or (), strict=False)
            if any(start + count > size for start, count in places):
                return False
    return True


def _is_cut_off(file: BinaryIO, kind: str) -> bool:
    """Return whether the file is truncated: no JPEG or PNG end marker, or a HEIC lacks a part."""
    if kind == "HEIF":
        return _boxes_end(file) > _size(file)
    marker = {"JPEG": b"\xff\xd9", "MPO": b"\xff\xd9", "PNG": b"IEND"}.get(kind)
    if marker is None:
        return False
    return marker not in _tail(file)


def _tail(file: BinaryIO, length: int = 65536) -> bytes:
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - length))
    return file.read()


def _boxes_end(file: BinaryIO) -> int:
    """Return where the last box of an ISO media file should end (ISO/IEC 14496-12, 4.2)."""
    end, size = 0, _size(file)
    while end < size:
        file.seek(end)
        head = file.read(16)
        length = int.from_bytes(head[:4])
        if length == 1:
            length = int.from_bytes(head[8:16])
        elif length == 0:  # until the end of the file
            return size
        if length < 8:
            return size + 1
        end += length
    return end


def _enable_heif(most: Most) -> None:
    Image.MAX_IMAGE_PIXELS = most.pixels
    global _heif_ready
    if not _heif_ready:
        import pillow_heif

        pillow_heif.register_heif_opener()
        _heif_ready = True


def _check_package(file: BinaryIO) -> Media:
    """Judge a ZIP container: an office document by what lies inside, or refused."""
    if _directory_bytes(file) > MOST_DIRECTORY_BYTES:
        raise RefusedError("damaged")
    try:
        with zipfile.ZipFile(file) as package:
            names = set(package.namelist()[:MOST_NAMES])
            if "mimetype" in names and package.getinfo("mimetype").file_size < 200:
                inner = package.read("mimetype").decode("ascii", "replace").strip()
                if inner == ODT:
                    return Media(ODT, mark=_mark(names))
    except Exception as error:  # each way of packing has errors of its own
        raise RefusedError("damaged") from error
    if "word/document.xml" in names:
        return Media(DOCX, mark=_mark(names))
    if "xl/workbook.xml" in names:
        return Media(XLSX, mark=_mark(names))
    raise RefusedError("not_allowed")


def _mark(names: set[str]) -> Mark:
    return "macros" if has_macros(names) else ""


def _directory_bytes(file: BinaryIO) -> int:
    """Return the length of a ZIP file's list of members according to its end records.

    In its last record or the 64-bit one (APPNOTE.TXT, 4.3.14 and 4.3.16); the longest where several
    say so.
    """
    tail, sizes = _tail(file, 66_000), [0]
    for mark, form, place in ((b"PK\5\6", "<I", 12), (b"PK\6\6", "<Q", 40)):
        at = tail.find(mark)
        while at >= 0:
            if at + place + struct.calcsize(form) <= len(tail):
                size = struct.unpack_from(form, tail, at + place)[0]
                sizes += [size] if size != 0xFFFFFFFF else []
            at = tail.find(mark, at + 1)
    return max(sizes)


def _check_compound(file: BinaryIO) -> Media:
    """Judge an OLE compound file: an Outlook message, an encrypted office file, or refused."""
    content = _head(file, 4 * 1024 * 1024)
    if "__substg1.0_".encode("utf-16-le") in content:
        return Media(MSG)
    if "EncryptedPackage".encode("utf-16-le") in content:
        return Media(DOCX, problem="encrypted")
    raise RefusedError("not_allowed")


def _looks_like_mail(head: bytes) -> bool:
    names = {line.partition(b":")[0].strip().lower() for line in head.splitlines()[:60]}
    return len(names & {b"from", b"to", b"subject", b"date", b"message-id", b"mime-version"}) >= 3


def _is_plain(head: bytes) -> bool:
    try:
        return all(c.isprintable() or c.isspace() for c in head.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _check_text(file: BinaryIO, guessed: str) -> Media:
    if guessed in {"text/html", "text/x-shellscript", "text/x-python", "text/x-php", "text/xml"}:
        raise RefusedError("not_allowed")
    head = _head(file, 65536)
    if b"\0" in head and not head.startswith(UTF16):
        raise RefusedError("not_allowed")
    return Media(TEXT)

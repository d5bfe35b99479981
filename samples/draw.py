"""Draw the sample letters: ``python -m samples.draw`` writes ``samples/files`` and the manifest.

The drawn files are committed, so nobody needs this (or its fonts, see README) to run the demo.
"""

from __future__ import annotations

import io
import json
import sys
import time
import zipfile
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from pathlib import Path

import docx
import pypdfium2 as pdfium
from docx.enum.text import WD_PARAGRAPH_ALIGNMENT
from PIL import Image

from samples.ageing import DPI, faxed, photographed, rendered, scanned
from samples.letter import FILES, HERE, Letter, Page, all_letters
from samples.sheet import page_pdf

DRAWN_AT = time.struct_time((2026, 3, 2, 9, 0, 0, 0, 61, 0))  # in the PDFs, so they stay the same


def picture_pdf(pictures: list[Image.Image], *, quality: int) -> bytes:
    """Return the pictures as a PDF that holds nothing else, as a scanner writes it."""
    out = io.BytesIO()
    pictures[0].save(
        out,
        "PDF",
        save_all=True,
        append_images=pictures[1:],
        resolution=DPI,
        quality=quality,
        creationDate=DRAWN_AT,
        modDate=DRAWN_AT,
    )
    return out.getvalue()


def scan_pdf(letter: Letter) -> bytes:
    """Return every page printed, aged and scanned, as a PDF."""
    pages = rendered(page_pdf(letter, list(letter.pages)))
    aged = [scanned(page, letter.look, letter.seed + n) for n, page in enumerate(pages)]
    return picture_pdf(aged, quality=letter.look.quality)


def mixed_pdf(letter: Letter) -> bytes:
    """Return one PDF of born-digital pages with their text and scanned pages as pictures."""
    joined = pdfium.PdfDocument.new()
    for number, page in enumerate(letter.pages):
        printed = page_pdf(letter, [page])
        if page.scanned:
            aged = [scanned(p, letter.look, letter.seed + number) for p in rendered(printed)]
            printed = picture_pdf(aged, quality=letter.look.quality)
        joined.import_pages(pdfium.PdfDocument(printed))
    out = io.BytesIO()
    joined.save(out)
    return out.getvalue()


def scan_tiff(letter: Letter) -> bytes:
    """Return a TIFF of black-and-white frames, compressed as faxes are."""
    pages = rendered(page_pdf(letter, list(letter.pages)))
    frames = [faxed(page, letter.look, letter.seed + n) for n, page in enumerate(pages)]
    out = io.BytesIO()
    frames[0].save(
        out,
        "TIFF",
        save_all=True,
        append_images=frames[1:],
        compression="group4",
        dpi=(DPI, DPI),
    )
    return out.getvalue()


def photo_jpeg(letter: Letter) -> bytes:
    """Return one page on a table, photographed by phone."""
    page = rendered(page_pdf(letter, list(letter.pages)))[0]
    out = io.BytesIO()
    photographed(page, letter.look, letter.seed).save(out, "JPEG", quality=letter.look.quality)
    return out.getvalue()


def mail(letter: Letter) -> bytes:
    """Return an e-mail, with the pages as one scanned attachment where there are pages."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"], message["To"] = letter.mail["from"], letter.mail["to"]
    message["Date"], message["Subject"] = letter.mail["date"], letter.mail["subject"]
    message["Message-ID"] = f"<{letter.ident}@example.org>"
    message.set_content(letter.mail["body"].strip() + "\n")
    if letter.pages:
        message.add_attachment(
            scan_pdf(letter),
            maintype="application",
            subtype="pdf",
            filename=letter.mail["attachment"],
        )
        message.set_boundary(f"=={letter.ident}==")
    return message.as_bytes()


def word_file(letter: Letter) -> bytes:
    """Return a Word file; the zip's times are fixed so that drawing again changes nothing."""
    document = docx.Document()
    for page in letter.pages:
        _write_blocks(document, page)
    raw, fixed = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, date_time=DRAWN_AT[:6])
            target.writestr(info, source.read(name), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


def _write_blocks(document: docx.document.Document, page: Page) -> None:
    for block in page.text.strip().split("\n\n"):
        first, _, rest = block.partition("\n")
        marked = first.startswith("@")
        paragraph = document.add_paragraph()
        for number, part in enumerate((rest if marked else block).split("**")):
            run = paragraph.add_run(part)
            run.bold = number % 2 == 1 or first == "@subject"
        if first in ("@place", "@sign"):
            paragraph.alignment = WD_PARAGRAPH_ALIGNMENT.RIGHT


FORMS: dict[str, Callable[[Letter], bytes]] = {
    "scan_pdf": scan_pdf,
    "mixed_pdf": mixed_pdf,
    "scan_tiff": scan_tiff,
    "photo_jpeg": photo_jpeg,
    "mail": mail,
    "docx": word_file,
    "born_pdf": lambda letter: page_pdf(letter, list(letter.pages)),
}


def manifest(letters: list[Letter]) -> list[dict[str, object]]:
    """Return what the demo shows, one entry a letter; paths are relative to ``samples/``."""
    return [
        {
            "id": letter.ident,
            "files": [f"files/{name}" for name in letter.files],
            "kind": letter.kind,
            "department": letter.department,
            "language": letter.language,
            "find_word": letter.find_word,
            "reply_shown": letter.reply_shown,
        }
        for letter in letters
    ]


def main(wanted: list[str]) -> None:
    """Draw all letters, or those whose name begins with one of ``wanted``."""
    FILES.mkdir(exist_ok=True)
    letters = all_letters()
    for letter in letters:
        if wanted and not letter.ident.startswith(tuple(wanted)):
            continue
        path: Path = FILES / letter.files[0]
        path.write_bytes(FORMS[letter.form](letter))
        print(f"{path.name}: {path.stat().st_size // 1024} kB")
    text = json.dumps(manifest(letters), ensure_ascii=False, indent=1)
    (HERE / "manifest.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Small whole files of each format that the office takes, for benches that change them."""

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

import docx
import openpyxl
import pikepdf
from PIL import Image, ImageDraw, ImageFont

ROOT: Final = Path(__file__).resolve().parents[1]
_MAILS: Final = ROOT.parent / "shared" / "corpus" / "mail"
_TEXT: Final = "Monsieur le Directeur, une fuite d'eau rue des Amandiers.\nالسيد المدير المحترم"


def samples() -> dict[str, list[bytes]]:
    """Return format -> its files, named as the readers' families are."""
    found = {
        "pdf": [*_pdfs(), _drawn("PDF")],
        "png": [_drawn("PNG")],
        "jpeg": [_drawn("JPEG"), _drawn("JPEG", progressive=True)],
        "tiff": [_drawn("TIFF", compression=way) for way in ("tiff_lzw", "jpeg", "tiff_deflate")],
        "webp": [_drawn("WEBP")],
        "heic": [_heic()],
        "docx": [_docx()],
        "xlsx": [_xlsx()],
        "odt": [_odt()],
        "rtf": [_RTF],
        "eml": [_eml()],
        "txt": [_TEXT.encode() * 5, _TEXT.encode("utf-16")],
        "msg": _small(_MAILS / "msg", "*.msg"),
        "tnef": _small(_MAILS / "tnef", "*"),
    }
    return {name: files for name, files in found.items() if files}


_RTF: Final = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}\f0\fs24 Monsieur le Directeur,\par "
    rb"{\b une fuite} d\'e9j\'e0 signal\'e9e.\par \u1587?\u1604?\u1575?\u1605? "
    rb"{\pict\pngblip 8950}}"
)


def _small(folder: Path, pattern: str) -> list[bytes]:
    paths = sorted(path for path in folder.rglob(pattern) if path.is_file())
    return [path.read_bytes() for path in paths if path.stat().st_size < 200_000][:8]


def _pdfs() -> list[bytes]:
    paths = sorted((ROOT / "samples" / "files").glob("*.pdf"), key=lambda path: path.stat().st_size)
    return [_first_page(path) for path in paths[:3]] + [path.read_bytes() for path in paths[:1]]


def _first_page(path: Path) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(path) as pdf:
        del pdf.pages[1:]
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _picture() -> Image.Image:
    picture = Image.new("RGB", (760, 220), "white")
    font = ImageFont.load_default(34)
    ImageDraw.Draw(picture).text((20, 40), "Une fuite d'eau, le 3 mars 2026", "black", font=font)
    return picture


def _drawn(kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    _picture().save(out, kind, **options)
    return out.getvalue()


def _heic() -> bytes:
    import pillow_heif

    pillow_heif.register_heif_opener()
    return _drawn("HEIF")


def _docx() -> bytes:
    made, out = docx.Document(), io.BytesIO()
    for line in _TEXT.splitlines():
        made.add_paragraph(line)
    made.add_table(2, 2).cell(0, 0).text = "Montant"
    made.add_picture(io.BytesIO(_drawn("PNG")))
    made.save(out)
    return out.getvalue()


def _odt() -> bytes:
    out = io.BytesIO()
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office='
        '"urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text='
        '"urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
        f"<office:text><text:p>{_TEXT}</text:p></office:text></office:body>"
        "</office:document-content>"
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content)
    return out.getvalue()


def _xlsx() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    for number in range(20):
        sheet.append([number, _TEXT, "=A1+1"])
    book.save(out)
    return out.getvalue()


def _eml() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@b.ma", "c@d.ma", "Fuite d'eau"
    mail.set_content(_TEXT)
    mail.add_alternative(f"<p>{_TEXT}</p>", subtype="html")
    mail.add_attachment(_drawn("PNG"), maintype="image", subtype="png", filename="a.png")
    return bytes(mail)

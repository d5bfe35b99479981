"""Files that ask for far more than they weigh: each must end in a reading or a named reason."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage

import pikepdf
from PIL import Image

MEGA = 1_000_000


def huge_page() -> bytes:
    """A PDF of some hundred bytes with one page of 14,400 points (five metres) a side."""
    return _pdf(b"0 0 14400 14400", b"BT /F1 12 Tf 99 99 Td (Bonjour) Tj ET")


def _pdf(box: bytes, content: bytes, *, coded: bool = False) -> bytes:
    """The smallest PDF with this content on its one page."""
    how = b"/Filter /FlateDecode " if coded else b""
    return (
        b"%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n"
        b"2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj\n"
        b"3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [" + box + b"] /Contents 4 0 R /Resources "
        b"<</Font <</F1 <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>> >> >> >> endobj\n"
        b"4 0 obj <<" + how + b"/Length " + str(len(content)).encode() + b">> stream\n"
        + content + b"\nendstream endobj\ntrailer <</Root 1 0 R>>\n"
    )  # fmt: skip


def page_of_spaces() -> bytes:
    """A content stream of one megabyte that unpacks to a gigabyte."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * MEGA) for _ in range(1000)) + packer.flush()
    return _pdf(b"0 0 595 842", packed, coded=True)


def forms_in_forms() -> bytes:
    """Nine drawings, each of which draws the next ten times: a thousand million in all."""
    pdf = pikepdf.new()
    inner = pdf.make_stream(b"BT /F1 9 Tf (x) Tj ET", Type=pikepdf.Name.XObject)
    inner.update({"/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 595, 842]})
    for _ in range(9):
        resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
        outer = pdf.make_stream(b"/X Do " * 10, Type=pikepdf.Name.XObject)
        outer.update({"/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 595, 842]})
        outer["/Resources"] = resources
        inner = outer
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Contents = pdf.make_stream(b"/X Do")
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(X=inner))
    return _saved(pdf)


def pdf_in_pdf(levels: int = 30) -> bytes:
    """A PDF attached to a PDF attached to a PDF…"""
    inner = b"the end"
    for _ in range(levels):
        pdf = pikepdf.new()
        pdf.add_blank_page(page_size=(595, 842))
        pdf.attachments["next.pdf"] = inner
        inner = _saved(pdf)
    return inner


def many_pages() -> bytes:
    """100,000 pages that are one page."""
    kids = b"3 0 R " * 100_000
    return (
        b"%PDF-1.4\n1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n"
        b"2 0 obj <</Type /Pages /Kids [" + kids + b"] /Count 100000>> endobj\n"
        b"3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>> endobj\n"
        b"trailer <</Root 1 0 R>>\n"
    )


def giant_scan() -> bytes:
    """A page whose one picture has 900 megapixels, black and white, in a few kilobytes."""
    side, pdf = 30_000, pikepdf.new()
    packer = zlib.compressobj(9)
    row = b"\xff" * (side // 8)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    picture = pikepdf.Stream(pdf, packed)
    picture.update(
        {
            "/Type": pikepdf.Name.XObject,
            "/Subtype": pikepdf.Name.Image,
            "/Width": side,
            "/Height": side,
            "/BitsPerComponent": 1,
            "/ColorSpace": pikepdf.Name.DeviceGray,
            "/Filter": pikepdf.Name.FlateDecode,
        }
    )
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Contents = pdf.make_stream(b"595 0 0 842 0 0 cm /I Do")
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=picture))
    return _saved(pdf, recompress=False)


def giant_png() -> bytes:
    """169 megapixels in some twenty kilobytes."""
    out = io.BytesIO()
    Image.new("1", (13_000, 13_000), 1).save(out, "PNG")
    return out.getvalue()


def many_frames() -> bytes:
    """A TIFF of 5,000 frames."""
    frame, out = Image.new("1", (8, 8), 1), io.BytesIO()
    frame.save(out, "TIFF", save_all=True, append_images=[frame] * 4999)
    return out.getvalue()


def zipped_zeros() -> bytes:
    """A DOCX whose document unpacks to a gigabyte."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        with packed.open("word/document.xml", "w", force_zip64=True) as member:
            for _ in range(1000):
                member.write(bytes(MEGA))
    return out.getvalue()


def mail_in_mail(levels: int = 60) -> bytes:
    """A mail that forwards a mail that forwards a mail…"""
    mail = _mail()
    for _ in range(levels):
        outer = _mail()
        outer.add_attachment(mail)
        mail = outer
    return mail.as_bytes()


def _mail() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@example.org", "b@example.org", "Fwd"
    mail.set_content("Bonjour")
    return mail


def _saved(pdf: pikepdf.Pdf, *, recompress: bool = True) -> bytes:
    out = io.BytesIO()
    streams = pikepdf.StreamDecodeLevel.generalized if recompress else None
    pdf.save(out, stream_decode_level=streams or pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


TRAPS: dict[str, Callable[[], bytes]] = {
    "page-of-five-metres.pdf": huge_page,
    "page-of-spaces.pdf": page_of_spaces,
    "forms-in-forms.pdf": forms_in_forms,
    "pdf-in-pdf.pdf": pdf_in_pdf,
    "100000-pages.pdf": many_pages,
    "900-megapixels.pdf": giant_scan,
    "169-megapixels.png": giant_png,
    "5000-frames.tif": many_frames,
    "gigabyte.docx": zipped_zeros,
    "mail-in-mail.eml": mail_in_mail,
}

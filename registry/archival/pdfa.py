"""What makes a PDF a PDF/A-2b: the font of the invisible text, the colours meant, the metadata.

ISO 19005-2. veraPDF proves it in tests/ocr/test_archive.py and tests/registry/test_archival.py;
nothing here needs Java. No Django.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String
from PIL import ImageCms

_FONT = "SijillInvisible"
_WIDE, _ABOVE, _BELOW = 500, 800, -200  # a glyph's box, thousandths of the letters' height
_MOST_FIELDS = 20_000
_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
{ranges}
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def invisible_font(pdf: Pdf) -> Object:
    """Return the font of the invisible text, whose codes are UTF-16.

    Every code is one empty-looking box, so it is a kilobyte. The box is no blank, since pdfium
    passes over text that covers nothing.
    """
    program = Stream(pdf, _font_program(), Length1=len(_font_program()))
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/" + _FONT),
        Flags=4,
        FontBBox=[0, _BELOW, _WIDE, _ABOVE],
        ItalicAngle=0,
        Ascent=_ABOVE,
        Descent=_BELOW,
        CapHeight=_ABOVE,
        StemV=80,
        FontFile2=pdf.make_indirect(program),
    )
    drawn = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/" + _FONT),
        CIDSystemInfo=Dictionary(
            Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
        ),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=_WIDE,
        CIDToGIDMap=pdf.make_indirect(Stream(pdf, b"\0\1" * 65536)),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/" + _FONT),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(drawn)]),
            ToUnicode=pdf.make_indirect(Stream(pdf, _to_unicode())),
        )
    )


def _to_unicode() -> bytes:
    """Return a ToUnicode map of every code to the character of that number.

    A range may not cross its first byte.
    """
    rows = [f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in range(256)]
    blocks = [rows[at : at + 100] for at in range(0, len(rows), 100)]
    ranges = [f"{len(b)} beginbfrange\n" + "\n".join(b) + "\nendbfrange" for b in blocks]
    return _CMAP.format(ranges="\n".join(ranges)).encode("ascii")


@cache
def _font_program() -> bytes:
    """Return a TrueType font with one glyph, a box."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, _BELOW))
    for corner in ((0, _ABOVE), (_WIDE, _ABOVE), (_WIDE, _BELOW)):
        pen.lineTo(corner)
    pen.closePath()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "box"])
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "box": pen.glyph()})
    builder.setupCharacterMap({0xF020: "box"})
    builder.setupHorizontalMetrics({".notdef": (_WIDE, 0), "box": (_WIDE, 0)})
    builder.setupHorizontalHeader(ascent=_ABOVE, descent=_BELOW)
    builder.setupNameTable({"familyName": _FONT, "styleName": "Regular", "psName": _FONT})
    builder.setupOS2(sTypoAscender=_ABOVE, sTypoDescender=_BELOW)
    builder.setupPost()
    tables: list[CmapSubtable] = builder.font["cmap"].tables
    symbol = next(table for table in tables if table.platformID == 3)
    symbol.platEncID = 0
    builder.font["cmap"].tables = [symbol]
    builder.font["head"].created = builder.font["head"].modified = 0  # the same bytes each time
    builder.font.recalcTimestamp = False
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()


def declare(pdf: Pdf, *, language: str) -> None:
    """Declare the PDF as PDF/A-2b: colours as sRGB, metadata, the language of the text."""
    profile = Stream(pdf, _srgb(), N=3)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB"),
        DestOutputProfile=pdf.make_indirect(profile),
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
    pdf.Root.MarkInfo = Dictionary(Marked=False)
    if language:
        pdf.Root.Lang = String(language)
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata["pdfaid:part"] = "2"
        metadata["pdfaid:conformance"] = "B"
        metadata["dc:format"] = "application/pdf"
        if language:
            metadata["dc:language"] = {language}


def claims(pdf: Pdf) -> bool:
    """Return whether the PDF claims to be PDF/A-2b or 3b, or of a higher level of these parts."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        return str(metadata.get("pdfaid:part", "")) in {"2", "3"}


def is_signed(pdf: Pdf) -> bool:
    """Return whether the PDF carries a digital signature that any change would break."""
    form = pdf.Root.get("/AcroForm")
    waiting: list[Any] = [form.get("/Fields")] if isinstance(form, Dictionary) else []
    looked = 0
    while waiting and looked < _MOST_FIELDS:
        fields = waiting.pop()
        for field in fields if isinstance(fields, Array) else ():
            looked += 1
            if isinstance(field, Dictionary):
                if field.get("/FT") == Name.Sig and "/V" in field:
                    return True
                waiting.append(field.get("/Kids"))
    return False


def save(pdf: Pdf, out: Path) -> None:
    """Write the whole file, named by its content, so that the same pages are the same bytes."""
    pdf.save(
        out,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        min_version="1.7",
    )


@cache
def _srgb() -> bytes:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = (2000).to_bytes(2) + (1).to_bytes(2) + (1).to_bytes(2) + bytes(6)
    return bytes(profile)

"""Substitutes for fonts that a PDF names but does not embed.

Word leaves out Times New Roman and Arial. A like font of this machine is embedded, each glyph drawn
as wide as the PDF says. No Django.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, TTLibError
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf

# By family: drawn as wide as the fonts they stand for, then what every office of ours has.
_FAMILIES: Final = {
    "sans": ("LiberationSans", "Arimo", "NotoSans", "DejaVuSans"),
    "serif": ("LiberationSerif", "Tinos", "NotoSerif", "DejaVuSerif"),
    "mono": ("LiberationMono", "Cousine", "NotoSansMono", "DejaVuSansMono"),
}
_MONO: Final = ("courier", "mono", "consol", "typewriter")
_SANS: Final = ("arial", "helvetica", "calibri", "verdana", "tahoma", "sans", "segoe", "trebuchet")
_OTHERS: Final = ("symbol", "dingbat", "wingding", "webding", "emoji")  # no letters in them
_FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts")
_CODECS: Final = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}
_SYMBOLIC: Final = 4
_MOST_XOBJECTS: Final = 200
_SAME: Final = 0.01  # of a letter's width


def bring_fonts(pdf: Pdf) -> None:
    """Embed a like font for each font of the pages that lacks one and can have it.

    Others stay as they are.
    """
    done: set[tuple[int, int]] = set()
    for page in pdf.pages:
        for font in _fonts_of(page, done):
            codec = _codec_of(font)
            like = codec and _like(str(font.get("/BaseFont", "/Times"))[1:])
            if like and codec:
                _bring(pdf, font, like, codec)


def _fonts_of(page: Page, done: set[tuple[int, int]]) -> Iterator[Any]:
    """Yield the fonts of a page and of the forms that it draws, each once in a document."""
    waiting = [page.obj.get("/Resources", Dictionary())]
    while waiting and len(done) < _MOST_XOBJECTS:
        resources = waiting.pop()
        if not isinstance(resources, Dictionary):
            continue
        for font in _values(resources.get("/Font")):
            if not (font.is_indirect and font.objgen in done):
                done.add(font.objgen)
                yield font
        for drawn in _values(resources.get("/XObject")):
            if drawn.objgen not in done and drawn.get("/Subtype") == Name.Form:
                done.add(drawn.objgen)
                waiting.append(drawn.get("/Resources", Dictionary()))


def _values(thing: Any) -> Iterator[Any]:
    if isinstance(thing, Dictionary):
        for key in list(thing.keys()):
            if isinstance(thing[key], Object):
                yield thing[key]


def _codec_of(font: Any) -> str:
    """Return how its codes are read, where it is a font of letters without a program; else ""."""
    descriptor = font.get("/FontDescriptor", Dictionary())
    simple = str(font.get("/Subtype")) in {"/TrueType", "/Type1"}
    brings = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    if not simple or brings or int(descriptor.get("/Flags", 0)) & _SYMBOLIC:
        return ""
    if any(word in str(font.get("/BaseFont")).lower() for word in _OTHERS):
        return ""
    encoding = font.get("/Encoding")
    return _CODECS.get(str(encoding), "") if isinstance(encoding, Name) else ""


def _like(name: str) -> Path | None:
    """Return a font file of this machine that resembles the font of this name, if any."""
    low = name.lower()
    family = "mono" if any(word in low for word in _MONO) else "serif"
    family = "sans" if family != "mono" and any(word in low for word in _SANS) else family
    bold, slanted = "bold" in low, "italic" in low or "oblique" in low
    for stem in _FAMILIES[family]:
        for style in _styles(bold=bold, slanted=slanted):
            if found := _installed().get(f"{stem}{style}.ttf"):
                return found
    return None


def _styles(*, bold: bool, slanted: bool) -> list[str]:
    styles = {
        (False, False): ["-Regular", ""],
        (True, False): ["-Bold"],
        (False, True): ["-Italic", "-Oblique"],
        (True, True): ["-BoldItalic", "-BoldOblique", "-Bold"],
    }
    return styles[bold, slanted]


@cache
def _installed() -> dict[str, Path]:
    folders = [Path(folder) for folder in _FOLDERS]
    return {path.name: path for folder in folders for path in folder.rglob("*.ttf")}


def _bring(pdf: Pdf, font: Any, like: Path, codec: str) -> None:
    first = int(font.get("/FirstChar", 0))
    said = [float(width) for width in font.get("/Widths", [])]
    wanted = {first + at: width for at, width in enumerate(said[:256])}
    try:
        program, widths, box = _drawn(like, wanted, codec)
    except (TTLibError, KeyError, ValueError):
        return  # the font stays without a program, and the page is not taken over
    name = font.get("/BaseFont", Name("/Unnamed"))
    descriptor = font.get("/FontDescriptor", Dictionary())
    for key, value in {
        "/Type": Name.FontDescriptor,
        "/FontName": name,
        "/Flags": 32,
        "/FontBBox": Array(box),
        "/ItalicAngle": -12 if any(part in like.stem for part in ("Italic", "Oblique")) else 0,
        "/Ascent": 900,
        "/Descent": -220,
        "/CapHeight": 700,
        "/StemV": 80,
    }.items():
        if key not in descriptor or key in {"/FontName", "/Flags"}:
            descriptor[key] = value
    stream = pdf.make_stream(program, Length1=len(program))
    descriptor.FontFile2 = stream
    font.FontDescriptor = descriptor if descriptor.is_indirect else pdf.make_indirect(descriptor)
    font.BaseFont = name
    font.Subtype = Name.TrueType
    font.FirstChar, font.LastChar = 0, 255
    font.Widths = Array(widths)


def _drawn(
    like: Path, wanted: dict[int, float], codec: str
) -> tuple[bytes, list[int | float], list[int]]:
    """Return a font of the codec's glyphs at `wanted` widths (thousandths), all widths, and box."""
    characters = {code: _character(code, codec) for code in range(256)}
    font = TTFont(like)
    for unread in ("GSUB", "GPOS", "GDEF", "DSIG", "kern", "MATH"):
        if unread in font:  # slow to read, and of no use to letters that stand one by one
            del font[unread]
    options = Options(
        hinting=False,
        layout_features=[],
        notdef_outline=True,
        name_IDs=[1, 2, 6],
        glyph_names=False,
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(char) for char in characters.values() if char])
    subsetter.subset(font)
    cmap: dict[int, str] = font.getBestCmap()
    unit = font["head"].unitsPerEm / 1000
    widths: list[int | float] = []
    widened: set[str] = set()
    for code, char in characters.items():
        glyph = cmap.get(ord(char)) if char else None
        natural = font["hmtx"][glyph][0] / unit if glyph else 0
        width = wanted.get(code) or natural
        if glyph and glyph not in widened and natural:
            widened.add(glyph)
            if abs(width - natural) > _SAME * natural:
                _widen(font, glyph, width / natural)
            font["hmtx"][glyph] = (round(width * unit), font["hmtx"][glyph][1])
        widths.append(round(font["hmtx"][glyph][0] / unit, 3) if glyph else width)
    out = io.BytesIO()
    font.save(out)
    head = font["head"]
    box = [round(edge / unit) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)]
    return out.getvalue(), widths, box


def _character(code: int, codec: str) -> str:
    try:
        char = bytes([code]).decode(codec)
    except UnicodeDecodeError:
        return ""
    return char if char.isprintable() or char == "\xa0" else ""


def _widen(font: TTFont, glyph: str, ratio: float) -> None:
    """Draw a glyph wider or narrower, its components (é is e and ´) merged into it."""
    pen, glyphs = TTGlyphPen(None), font.getGlyphSet()
    recorder = DecomposingRecordingPen(glyphs)
    glyphs[glyph].draw(recorder)
    recorder.replay(TransformPen(pen, (ratio, 0, 0, 1, 0, 0)))
    drawn = pen.glyph()
    drawn.recalcBounds(font["glyf"])
    font["glyf"][glyph] = drawn
    font["hmtx"][glyph] = (font["hmtx"][glyph][0], getattr(drawn, "xMin", 0) or 0)

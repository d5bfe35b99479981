"""Pages of a PDF that came in, as far as they can be taken over into a PDF/A: whole pages with
their own text, and the one picture that is all there is on a scanned page."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Dictionary, Matrix, Name, Object, Page, PdfImage, Stream
from PIL import Image

from ocr.archive.scan import MOST_BYTES_A_PIXEL, Scan, encode
from ocr.limits import Limits

_TAKEN = ("/Contents", "/CropBox", "/Group", "/MediaBox", "/Resources", "/Rotate", "/Type")
_FORBIDDEN = ("/TR", "/TR2", "/HT", "/OPI", "/Alternates", "/Ref")
_SHOWS_NOTHING = {"/Link", "/Popup"}
_MOST_OBJECTS = 3000
_MOST_CONTENT = 4_000_000  # bytes of a page's content stream that are looked through
_FULL = 0.9  # of the page: a picture that covers it
_INVISIBLE = 3
_PAINTS = frozenset(["f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh"])
_DRAWS = _PAINTS | {"gs", "W", "W*", "INLINE IMAGE"}
_SHOWS_TEXT = {"Tj", "TJ", "'", '"'}


@dataclass(frozen=True, slots=True)
class OnlyPicture:
    """A picture that fills a page: the object, and its box as fractions of the page as stored (not
    turned), from the top left."""

    image: Stream
    box: tuple[float, float, float, float]


def take_over(page: Page) -> bool:
    """Whether the page may stand in a PDF/A as it is, as far as can be told without a validator;
    then all that no reader needs has been taken off it."""
    for note in page.obj.get("/Annots", []):
        if str(note.get("/Subtype")) not in _SHOWS_NOTHING:
            return False
    if not _is_plain(page) or not _fits(page.obj.get("/Resources"), set()):
        return False
    for key in list(page.obj.keys()):
        if key not in _TAKEN and key != "/Parent":
            del page.obj[key]
    return True


def _is_plain(page: Page) -> bool:
    """No CMYK colours and no optional layers in what the page draws."""
    try:
        for step in pikepdf.parse_content_stream(page):
            operator = str(step.operator)
            if operator in {"k", "K", "INLINE IMAGE"}:
                return False
            if operator == "BDC" and str(step.operands[0]) == "/OC":
                return False
    except pikepdf.PdfError:
        return False
    return True


def _fits(thing: Any, seen: set[tuple[int, int]]) -> bool:
    """Whether all that hangs on a page's resources may stand in a PDF/A-2b."""
    if isinstance(thing, Object) and thing.is_indirect:
        if thing.objgen in seen:
            return True
        seen.add(thing.objgen)
        if len(seen) > _MOST_OBJECTS:
            return False
    if isinstance(thing, pikepdf.Array):
        return all(_fits(part, seen) for part in thing)
    if isinstance(thing, (Dictionary, Stream)):
        if not _may_stay(thing):
            return False
        return all(_fits(thing[key], seen) for key in list(thing.keys()) if key != "/Parent")
    return not (isinstance(thing, Name) and thing == Name.DeviceCMYK)


def _may_stay(thing: Any) -> bool:
    """Whether a dictionary by itself is allowed, once its optional keys are gone."""
    kind = thing.get("/Type")
    for optional in ("/Interpolate", "/CIDSet", "/CharSet"):  # the sets must be complete if there
        if optional in thing:
            del thing[optional]
    if kind == Name.Font and not _is_whole_font(thing):
        return False
    if kind in {Name.OCG, Name.OCMD} or any(key in thing for key in _FORBIDDEN):
        return False
    return thing.get("/Subtype") != Name.PS and "/JPXDecode" not in str(thing.get("/Filter", ""))


def _is_whole_font(font: Any) -> bool:
    """Whether a font brings its program, and an encoding that PDF/A takes."""
    kind = font.get("/Subtype")
    if kind == Name.Type3:
        return True
    if kind == Name.Type0:
        inner = font.get("/DescendantFonts", [None])[0]
        if inner is None or font.get("/Encoding") not in {Name("/Identity-H"), Name("/Identity-V")}:
            return False
        mapped = inner.get("/Subtype") != Name.CIDFontType2 or "/CIDToGIDMap" in inner
        return mapped and _has_program(inner)
    if kind == Name.TrueType:
        symbolic = bool(int(font.get("/FontDescriptor", {}).get("/Flags", 0)) & 4)
        named = font.get("/Encoding") in {Name.WinAnsiEncoding, Name.MacRomanEncoding}
        return _has_program(font) and named != symbolic
    return kind in {Name.CIDFontType0, Name.CIDFontType2} or _has_program(font)


def _has_program(font: Any) -> bool:
    descriptor = font.get("/FontDescriptor", {})
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def only_picture(page: Page) -> OnlyPicture | None:
    """The picture that covers a page on which nothing else is seen; None for any other page."""
    try:
        found = _drawn_pictures(page)
    except (pikepdf.PdfError, ValueError, KeyError, TypeError, IndexError):
        return None
    if found is None or len(found) != 1:
        return None
    image, place = found[0]
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    width, height = right - left, top - bottom
    upright = abs(place.b) < 1 and abs(place.c) < 1 and place.a > 0 and place.d > 0
    if not upright or place.a * place.d < _FULL * width * height:
        return None
    x0, y1 = (place.e - left) / width, 1 - (place.f - bottom) / height
    return OnlyPicture(image, (x0, y1 - place.d / height, x0 + place.a / width, y1))


def _drawn_pictures(page: Page) -> list[tuple[Stream, Matrix]] | None:
    """The pictures a page draws and where; None where it draws anything else that is seen."""
    contents = page.obj.get("/Contents")
    parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    if sum(int(part.get("/Length", 0)) for part in parts if part is not None) > _MOST_CONTENT:
        return None
    pictures = page.obj.get("/Resources", Dictionary()).get("/XObject", Dictionary())
    place, mode = Matrix(), 0
    kept: list[tuple[Matrix, int]] = []
    found: list[tuple[Stream, Matrix]] = []
    for step in pikepdf.parse_content_stream(page):
        operator, operands = str(step.operator), step.operands
        if operator in _DRAWS or (operator in _SHOWS_TEXT and mode != _INVISIBLE):
            return None
        if operator == "q":
            kept.append((place, mode))
        elif operator == "Q" and kept:
            place, mode = kept.pop()
        elif operator == "cm":
            place = Matrix(*(float(number) for number in operands)) @ place
        elif operator == "Tr":
            mode = int(operands[0])
        elif operator == "Do":
            image = pictures[str(operands[0])]
            if not isinstance(image, Stream) or image.get("/Subtype") != Name.Image:
                return None
            found.append((image, place))
    return found


def picture_of(
    found: OnlyPicture, limits: Limits, *, turn: int, size: tuple[float, float]
) -> Scan | None:
    """The picture encoded for a page of `size` points, turned `turn` degrees clockwise; as it is
    where it came as JPEG or fax. None where it is better drawn with the page."""
    image = found.image
    if any(key in image for key in ("/SMask", "/Mask", "/ImageMask", "/Decode")):
        return None
    wide, high = int(image.Width), int(image.Height)
    if wide * high > limits.pixels or min(wide, high) < 1:
        return None
    try:
        as_it_is = _as_it_is(image, turn)
        if as_it_is:
            return as_it_is
        picture = PdfImage(image).as_pil_image()
    except Exception:  # whatever a decoder throws: pdfium draws the page then
        return None
    if picture.mode not in {"1", "L", "RGB"}:
        return None
    return encode(turned(picture, turn), size=size)


def _as_it_is(image: Stream, turn: int) -> Scan | None:
    """The encoded bytes where they may stand in a PDF/A."""
    wide, high = int(image.Width), int(image.Height)
    filters = image.get("/Filter")
    if isinstance(filters, pikepdf.Array):
        filters = filters[0] if len(filters) == 1 else None
    if filters == Name.DCTDecode and "/DecodeParms" not in image:
        data = image.read_raw_bytes()
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as picture:
            if picture.mode not in {"L", "RGB"} or picture.size != (wide, high):
                return None
            if len(data) > MOST_BYTES_A_PIXEL * wide * high:
                return None
            return Scan(data, wide, high, grey=picture.mode == "L", turn=turn)
    if filters == Name.CCITTFaxDecode:
        how = image.get("/DecodeParms", Dictionary())
        usual = {"/K", "/Columns", "/Rows", "/BlackIs1"}
        if isinstance(how, Dictionary) and set(how.keys()) <= usual:
            as_usual = int(how.get("/K", 0)) == -1 and int(how.get("/Columns", 1728)) == wide
            if as_usual and not bool(how.get("/BlackIs1", False)):
                data = image.read_raw_bytes()
                return Scan(data, wide, high, grey=True, bilevel=True, turn=turn)
    return None


def turned(picture: Image.Image, degrees: int) -> Image.Image:
    """The picture turned clockwise by a multiple of 90 degrees."""
    methods = {
        90: Image.Transpose.ROTATE_270,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }
    return picture.transpose(methods[degrees]) if degrees in methods else picture

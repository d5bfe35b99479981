"""Extraction of the single picture that makes up a scanned page of an incoming PDF."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pikepdf
from pikepdf import Dictionary, Matrix, Name, Page, PdfImage, Stream
from PIL import Image

from ocr.archive.scan import MOST_BYTES_A_PIXEL, Scan, encode
from ocr.limits import Limits

_MOST_CONTENT = 4_000_000  # bytes of a page's content stream that are examined
_FULL = 0.9  # of the page: a picture that covers it
_INVISIBLE = 3
_PAINTS = frozenset(["f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh"])
_DRAWS = _PAINTS | {"gs", "W", "W*", "INLINE IMAGE"}
_SHOWS_TEXT = {"Tj", "TJ", "'", '"'}


@dataclass(frozen=True, slots=True)
class OnlyPicture:
    """A picture that fills a page: the object and its box.

    The box is in fractions of the page as stored (not rotated), from the top left.
    """

    image: Stream
    box: tuple[float, float, float, float]


def only_picture(page: Page) -> OnlyPicture | None:
    """Return the picture covering a page with nothing else visible on it; None for other pages."""
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
    """Return the pictures a page draws and where; None where anything else visible is drawn."""
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
    """Encode the picture for a page of `size` points, rotated `turn` degrees clockwise.

    A picture that came as JPEG or fax is kept unchanged. Return None where it is better rendered
    with the page.
    """
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
    except Exception:  # whatever a decoder raises: pdfium renders the page then
        return None
    if picture.mode not in {"1", "L", "RGB"}:
        return None
    return encode(turned(picture, turn), size=size)


def _as_it_is(image: Stream, turn: int) -> Scan | None:
    """Return the encoded bytes where a PDF/A may contain them."""
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
    """Return the picture rotated clockwise by a multiple of 90 degrees."""
    methods = {
        90: Image.Transpose.ROTATE_270,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }
    return picture.transpose(methods[degrees]) if degrees in methods else picture

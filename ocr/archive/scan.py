"""Scanned pages encoded for a PDF: bilevel pictures as CCITT G4, others as JPEG.

A JPEG that came as such is kept unchanged where it is no larger than needed.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from pikepdf import Dictionary, Name, Object, Pdf, Stream
from PIL import Image, ImageChops, TiffImagePlugin

from ocr.picture.images import flat

MOST_DPI = 300
_QUALITY = 75
MOST_BYTES_A_PIXEL = 0.45  # a JPEG beyond that is worth re-encoding
_GREY_SPREAD, _COLOURED_SHARE = 28, 0.0004  # between channels, of 255; of a page's area
_GLANCE = 700  # pixels
_PLAUSIBLE_DPI = (72, 1200)
_A4 = (595.3, 841.9)  # points
_EXIF_TURNS = {1: 0, 3: 180, 6: 90, 8: 270}
_ORIENTATION = 0x0112
_ROWS_PER_STRIP, _STRIP_OFFSETS, _STRIP_BYTES, _PHOTOMETRIC = 278, 273, 279, 262


@dataclass(frozen=True, slots=True)
class Scan:
    """An encoded picture with its width and height in pixels.

    `grey` or three colours; the rotation is the degrees clockwise by which a viewer has to turn it.
    """

    data: bytes
    width: int
    height: int
    grey: bool
    bilevel: bool = False
    turn: int = 0

    def xobject(self, pdf: Pdf) -> Object:
        """Return the picture as an object of a PDF."""
        fields: dict[str, object] = {
            "Type": Name.XObject,
            "Subtype": Name.Image,
            "Width": self.width,
            "Height": self.height,
            "ColorSpace": Name.DeviceGray if self.grey else Name.DeviceRGB,
            "BitsPerComponent": 1 if self.bilevel else 8,
            "Filter": Name.CCITTFaxDecode if self.bilevel else Name.DCTDecode,
        }
        if self.bilevel:
            fields["DecodeParms"] = Dictionary(K=-1, Columns=self.width, Rows=self.height)
        return pdf.make_indirect(Stream(pdf, self.data, **fields))


def encode(picture: Image.Image, *, size: tuple[float, float]) -> Scan:
    """Encode an upright picture filling a page of `size` in points, at most at `MOST_DPI`."""
    if two := _two_levels(picture):
        return Scan(_fax(two), *two.size, grey=True, bilevel=True)
    plain = flat(picture)
    if plain.mode == "RGB" and not _is_coloured(plain):
        plain = plain.convert("L")
    most = (max(1, round(size[0] / 72 * MOST_DPI)), max(1, round(size[1] / 72 * MOST_DPI)))
    if plain.width > 1.1 * most[0]:
        plain = plain.resize(most, Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return Scan(out.getvalue(), *plain.size, grey=plain.mode == "L")


def kept_jpeg(
    path: Path, pixels: tuple[int, int], *, turn: int
) -> tuple[tuple[float, float], Scan] | None:
    """Return a JPEG file unchanged and its page's size in points, where it can be kept.

    It is kept where any viewer shows it and it is no larger than necessary. `pixels`: its upright
    size; `turn`: the rotation that makes it upright after its own EXIF rotation. Return None
    otherwise.
    """
    with path.open("rb") as stream:
        if stream.read(2) != b"\xff\xd8":
            return None
        stream.seek(0)
        with Image.open(stream, formats=["JPEG", "MPO"]) as picture:
            own = _EXIF_TURNS.get(picture.getexif().get(_ORIENTATION, 1))
            plain = picture.format == "JPEG" and picture.mode in {"L", "RGB"}
            if own is None or not plain:
                return None
            size, wide, high, grey = page_size(pixels, picture), *picture.size, picture.mode == "L"
    too_fine = max(wide, high) * 72 > 1.1 * MOST_DPI * max(size)
    if too_fine or path.stat().st_size > MOST_BYTES_A_PIXEL * wide * high:
        return None
    return size, Scan(path.read_bytes(), wide, high, grey=grey, turn=(own + turn) % 360)


def page_size(pixels: tuple[int, int], picture: Image.Image) -> tuple[float, float]:
    """Return width and height in points of the page that a picture file of `pixels` shows.

    By its dpi where that is plausible, else such that it fits on A4.
    """
    wide, high = pixels
    if dpi := _dpi(pixels, picture):
        return wide * 72 / dpi, high * 72 / dpi
    short, long = _A4
    most = (short, long) if high >= wide else (long, short)
    points = min(most[0] / wide, most[1] / high)
    return wide * points, high * points


def _dpi(pixels: tuple[int, int], picture: Image.Image) -> float:
    """Return the resolution the file declares; 0 where the page would not be a sheet of paper."""
    try:
        across, down = (float(value) for value in picture.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0
    least, most = _PLAUSIBLE_DPI
    if across != down or not least < across <= most:
        return 0.0
    inches = [side / across for side in pixels]
    return across if min(inches) > 2 and max(inches) < 48 else 0.0


def _two_levels(picture: Image.Image) -> Image.Image | None:
    if picture.mode == "1":
        return picture
    if picture.mode != "L":
        return None
    used = [level for level, count in enumerate(picture.histogram()) if count]
    return picture.convert("1", dither=Image.Dither.NONE) if set(used) <= {0, 255} else None


def _is_coloured(picture: Image.Image) -> bool:
    """Return whether the page has significant colour: a stamp, a signature, a logo."""
    small = picture.copy()
    small.thumbnail((_GLANCE, _GLANCE), Image.Resampling.BOX)
    pixels = np.asarray(small, dtype=np.int16)
    # A yellowed or bluish paper does not count as colour: the usual tint is subtracted.
    tinted = pixels - np.median(pixels, axis=(0, 1)).astype(np.int16)
    spread = tinted.max(axis=2) - tinted.min(axis=2)
    return float((spread > _GREY_SPREAD).mean()) > _COLOURED_SHARE


def _fax(picture: Image.Image) -> bytes:
    """Return CCITT G4 in one strip, as libtiff writes it, black on white as PDF takes it."""
    rows = TiffImagePlugin.ImageFileDirectory_v2()
    rows[_ROWS_PER_STRIP] = picture.height
    out = io.BytesIO()
    # Written white-is-zero, which is how a PDF interprets fax data.
    ImageChops.invert(picture).save(out, "TIFF", compression="group4", tiffinfo=rows)
    out.seek(0)
    return _only_strip(out)


def _only_strip(stream: IO[bytes]) -> bytes:
    with Image.open(stream, formats=["TIFF"]) as written:
        tags = written.tag_v2  # type: ignore[attr-defined]
        (offset,), (count,) = tags[_STRIP_OFFSETS], tags[_STRIP_BYTES]
        photometric = int(tags[_PHOTOMETRIC])
    stream.seek(offset)
    data = stream.read(count)
    if photometric != 1:
        raise ValueError("the fax encoder turned the picture's levels about")
    return data

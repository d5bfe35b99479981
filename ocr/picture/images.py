"""Image files prepared for reading: frames, EXIF rotation, depths and colours, bounded in size."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from ocr.errors import Unreadable
from ocr.limits import Limits

# Only these decoders are ever asked: EPS would start Ghostscript, others are rarely tested.
FORMATS = ("PNG", "JPEG", "TIFF", "WEBP", "HEIF", "BMP", "GIF", "MPO")
_ORIENTATION, _FIRST_LYING = 0x0112, 5  # EXIF: from 5 on the picture lies on its side
_DEEP = {"I;16", "I;16B", "I;16L", "I;16N", "I", "F"}
T = TypeVar("T")


class Pictures:
    """The frames of one image file. Raises Unreadable: damaged, too_large, unsupported."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.limits = limits
        self._image = _guard(lambda: _open(path))
        self._stored = self._image.size
        # Phones store a second, depth or preview picture behind the first: that is no page.
        several = self._image.format in {"TIFF", "GIF", "WEBP"}
        self.total = _guard(lambda: int(getattr(self._image, "n_frames", 1))) if several else 1
        if self._image.format in {"GIF", "WEBP"}:
            self.total = 1  # an animation is one page
        if self.total > limits.pages:
            self.close()
            raise Unreadable("too_large", f"{self.total} frames")

    def layer(self, number: int) -> None:
        """Return None, as pictures carry no text of their own."""

    def picture(self, number: int) -> Image.Image:
        """Return frame `number` (from 1) upright, 8-bit grey, on white, within `working_pixels`."""
        return grey(self.colour(number), self.limits.working_pixels)

    def colour(self, number: int) -> Image.Image:
        """Return frame `number` (from 1), upright, in its own colours."""

        def decode() -> Image.Image:
            self._image.seek(number - 1)
            self._check_size()
            self._image.draft("RGB", _fit(self._image.size, self.limits.working_pixels))
            return ImageOps.exif_transpose(self._image)

        return _guard(decode)

    def size(self, number: int, picture: Image.Image | None = None) -> tuple[int, int]:
        """Return width and height of frame `number` (from 1) in pixels as stored, upright."""

        def measure() -> tuple[int, int]:
            self._image.seek(number - 1)
            # A JPEG may have been decoded at a fraction of its size since.
            width, height = self._image.size if self.total > 1 else self._stored
            lies = self._image.getexif().get(_ORIENTATION, 1) >= _FIRST_LYING
            return (height, width) if lies else (width, height)

        return _guard(measure)

    def close(self) -> None:
        """Close the file."""
        self._image.close()

    def _check_size(self) -> None:
        width, height = self._image.size
        if width * height > self.limits.pixels:
            raise Unreadable("too_large", f"{width * height // 1_000_000} megapixels")
        if not width or not height:
            raise Unreadable("empty", "no pixels")


def grey(picture: Image.Image, most_pixels: int) -> Image.Image:
    """Return the picture as 8-bit grey on white, reduced to at most so many pixels."""
    return _guard(lambda: _reduce(_to_grey(picture), most_pixels))


def flat(picture: Image.Image) -> Image.Image:
    """Return the picture in RGB or grey on white, for showing on a screen."""
    if picture.mode in _DEEP:
        return _to_grey(picture)
    return picture if picture.mode in {"L", "RGB"} else _on_white(picture)


def _open(path: Path) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before decoding, per frame
        with path.open("rb") as stream:
            if stream.read(12)[4:8] == b"ftyp":
                import pillow_heif

                pillow_heif.register_heif_opener()
        return Image.open(path, formats=[name for name in FORMATS if name in _known()])


def _known() -> set[str]:
    Image.init()
    return set(Image.OPEN)


def _guard(decode: Callable[[], T]) -> T:
    """Turn whatever a decoder raises on a broken file into one of our own errors.

    Half a picture is a damaged picture, also with a library that set Pillow otherwise.
    """
    lenient = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return decode()
    except Unreadable:
        raise
    except MemoryError:
        raise Unreadable("too_large", "no memory") from None
    except UnidentifiedImageError:
        raise Unreadable("damaged", "no known picture") from None
    except Exception as error:  # Pillow's decoders raise nearly every class on fuzzed input
        raise Unreadable("damaged", type(error).__name__) from None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _to_grey(picture: Image.Image) -> Image.Image:
    if picture.mode in _DEEP:
        return _from_deep(picture)
    if picture.mode in {"L", "1", "RGB", "CMYK", "YCbCr"} and "transparency" not in picture.info:
        return picture.convert("L")
    return _on_white(picture).convert("L")


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode in {"CMYK", "YCbCr", "LAB", "HSV", "1"}:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    paper = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(paper, layered).convert("RGB")


def _from_deep(picture: Image.Image) -> Image.Image:
    """Stretch 16 and 32 bits a pixel to 0..255 from the values present.

    The true range is unknown.
    """
    values = np.asarray(picture, dtype=np.float32)
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    spread = high - low
    if not math.isfinite(spread) or spread <= 0:
        return Image.new("L", picture.size, 255)
    return Image.fromarray(((values - low) * (255 / spread)).astype(np.uint8))


def _reduce(picture: Image.Image, most_pixels: int) -> Image.Image:
    size = _fit(picture.size, most_pixels)
    return picture if size == picture.size else picture.resize(size, Image.Resampling.BOX)


def _fit(size: tuple[int, int], most_pixels: int) -> tuple[int, int]:
    """Return the largest size of the same shape within so many pixels."""
    width, height = size
    share = math.sqrt(most_pixels / max(width * height, 1))
    if share >= 1:
        return size
    return max(1, int(width * share)), max(1, int(height * share))

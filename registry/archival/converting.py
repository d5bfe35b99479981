"""Conversion of an uploaded file to PDF/A-2b, in the child process: with its text, or as pictures.

Text is kept in one of two ways: the pages are taken over as they are, with like fonts for those
that a PDF names and does not embed; where they hold what an archive does not take (inks of print,
layers), Ghostscript writes them anew, if it is installed. The result is compared with the source:
where text or appearance differ, it is refused. No Django.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

from registry.archival import pdfa
from registry.archival.fonts import bring_fonts
from registry.archival.pages import take_over
from registry.archival.pdf_comparison import differ
from registry.archival.problems import NotArchival

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PAGES: Final = 500
PICTURE_DPI: Final = 200
MOST_PIXELS: Final = 30_000_000  # of one page's picture
_A4: Final = (595.3, 841.9)
_ORIENTATION: Final = 0x0112  # EXIF: from 5 on the picture lies on its side
_FIRST_LYING: Final = 5
_TURNS: Final = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
_GHOSTSCRIPT: Final = (
    *("-dSAFER", "-dBATCH", "-dNOPAUSE", "-dQUIET", "-sDEVICE=pdfwrite"),
    *("-dPDFA=2", "-dPDFACompatibilityPolicy=1", "-sColorConversionStrategy=RGB"),
    *("-dEmbedAllFonts=true", "-dSubsetFonts=true", "-dAutoRotatePages=/None"),
    # Pictures stay as sharp as they are: no JPEG of what was none, nothing made smaller.
    *("-dAutoFilterColorImages=false", "-dColorImageFilter=/FlateEncode"),
    *("-dAutoFilterGrayImages=false", "-dGrayImageFilter=/FlateEncode"),
    *("-dDownsampleColorImages=false", "-dDownsampleGrayImages=false"),
    "-dDownsampleMonoImages=false",
)


def keep_text(path: Path, out: Path, *, language: str, scratch: Path, signed: bool) -> int:
    """Write the PDF as PDF/A with its text; return its number of pages.

    `signed`: a digital signature in it may be lost. Raise NotArchival.
    """
    flat, made = scratch / "flat.pdf", scratch / "made.pdf"
    pages = _flatten(path, flat, signed=signed)
    if not _taken_over(flat, made, language=language):
        drawn = _drawn_anew(flat, scratch)
        if drawn is None or not _taken_over(drawn, made, language=language):
            raise NotArchival("unfit")
    if differ(path, made):
        raise NotArchival("changed")
    shutil.move(made, out)
    return pages


def as_pictures(path: Path, out: Path, *, language: str, is_pdf: bool) -> int:
    """Write each page (or each frame of an image) as one picture; return the number of pages.

    Raise NotArchival.
    """
    if is_pdf:
        with _opened(path):
            pass  # says why not, where not
    with Pdf.new() as made:
        for picture, size in _drawn_pages(path) if is_pdf else _frames(path):
            if len(made.pages) >= MOST_PAGES:
                raise NotArchival("too_large")
            _add(made, picture, size)
        if not made.pages:
            raise NotArchival("damaged")
        pdfa.declare(made, language=language)
        pdfa.save(made, out)
        return len(made.pages)


def _opened(path: Path) -> Pdf:
    try:
        pdf = pikepdf.open(path)
    except pikepdf.PasswordError:
        raise NotArchival("encrypted") from None
    except (pikepdf.PdfError, TypeError, ValueError):
        raise NotArchival("damaged") from None
    if pdf.is_encrypted:  # it opens, but what may be done with it is locked
        raise NotArchival("encrypted")
    try:
        count = len(pdf.pages)
    except (pikepdf.PdfError, TypeError, ValueError, AttributeError):
        raise NotArchival("damaged") from None
    if not count:
        raise NotArchival("damaged")
    if count > MOST_PAGES:
        raise NotArchival("too_large")
    return pdf


def _flatten(path: Path, out: Path, *, signed: bool) -> int:
    """Make what forms and annotations show part of the page. Raise NotArchival if signed."""
    with _opened(path) as pdf:
        if pdfa.is_signed(pdf) and not signed:
            raise NotArchival("signed")
        pdf.flatten_annotations("screen")
        for key in list(pdf.Root.keys()):
            if key not in {"/Type", "/Pages", "/OCProperties"}:
                del pdf.Root[key]
        pdf.save(out)
        return len(pdf.pages)


def _taken_over(source: Path, out: Path, *, language: str) -> bool:
    """Write the pages as they are, with nothing else of the file, as PDF/A.

    Return False where one of them does not fit.
    """
    with pikepdf.open(source) as pdf, Pdf.new() as made:
        bring_fonts(pdf)
        for page in pdf.pages:
            if not take_over(page):
                return False
            made.pages.append(page)
        pdfa.declare(made, language=language)
        pdfa.save(made, out)
    return True


def _drawn_anew(source: Path, scratch: Path) -> Path | None:
    """Return what Ghostscript makes of it; None without Ghostscript, or where it fails."""
    program = shutil.which("gs")
    if program is None:
        return None
    out = scratch / "drawn.pdf"
    command = [program, *_GHOSTSCRIPT, f"-sOutputFile={out}", str(source)]
    done = subprocess.run(
        command,
        cwd=scratch,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return out if done.returncode == 0 and out.is_file() else None


def _drawn_pages(path: Path) -> Iterator[tuple[Image, tuple[float, float]]]:
    """Yield each page's picture as rendered, with forms and annotations, and its size in points."""
    import pypdfium2

    with closing(pypdfium2.PdfDocument(path)) as document:
        document.init_forms()
        for page in document:
            size = page.get_size()
            most = (MOST_PIXELS / max(1.0, size[0] * size[1])) ** 0.5
            picture = page.render(scale=min(PICTURE_DPI / 72, most)).to_pil()
            page.close()
            yield picture, size


def _frames(path: Path) -> Iterator[tuple[Image, tuple[float, float]]]:
    """Yield each frame of an image, upright, and the size in points of the page that it fills.

    The size follows its resolution where it states one that a scanner would, else it is as wide as
    A4.
    """
    from PIL import Image
    from pillow_heif import register_heif_opener

    register_heif_opener()
    Image.MAX_IMAGE_PIXELS = 5 * MOST_PIXELS
    with Image.open(path) as image:
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            dpi = float(image.info.get("dpi", (0, 0))[0] or 0)
            stored = image.width
            image.draft(image.mode, _within(image.size))  # a JPEG is decoded at a fraction
            dpi *= image.width / stored
            image.load()  # which turns a TIFF, and takes its orientation away
            lies = image.getexif().get(_ORIENTATION, 1) >= _FIRST_LYING
            high_pixels, wide_pixels = image.size if lies else image.size[::-1]
            size = (wide_pixels * 72 / dpi, high_pixels * 72 / dpi) if 70 <= dpi <= 1200 else None
            wide, high = size or (_A4[0], _A4[0] * high_pixels / wide_pixels)
            paper = _on_paper(image)
            if wide * high * 9 > MOST_PIXELS:
                paper.thumbnail((6000, 6000))
            yield paper, (wide, high)


def _on_paper(image: Image) -> Image:
    """Return a frame as grey or RGB on white, upright, within MOST_PIXELS.

    It is made smaller before anything else is made of it: Pillow takes four bytes a point.
    """
    from PIL import Image

    if image.mode not in {"L", "RGB"} or "transparency" in image.info:
        frame = image.convert("L" if image.mode == "1" else "RGBA")
    else:
        frame = image
    if (size := _within(frame.size)) != frame.size:
        frame = frame.resize(size, Image.Resampling.BOX)
    if turn := _TURNS.get(image.getexif().get(_ORIENTATION, 1)):
        frame = frame.transpose(Image.Transpose[turn])
    if frame.mode != "RGBA":
        return frame.copy() if frame is image else frame
    paper = Image.new("RGB", frame.size, "white")
    paper.paste(frame, mask=frame.getchannel("A"))
    return paper


def _within(size: tuple[int, int]) -> tuple[int, int]:
    """Return the largest size of the same shape that has at most MOST_PIXELS."""
    share = (MOST_PIXELS / max(1, size[0] * size[1])) ** 0.5
    if share >= 1:
        return size
    return max(1, int(size[0] * share)), max(1, int(size[1] * share))


def _add(pdf: Pdf, picture: Image, size: tuple[float, float]) -> None:
    """Add a page of this size that shows the picture and nothing else."""
    if picture.mode not in {"L", "RGB"}:
        picture = picture.convert("RGB")
    grey = picture.mode == "L" or all(high - low <= 6 for low, high in _colourfulness(picture))
    if grey:
        picture = picture.convert("L")
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, optimize=True)
    image = pdf.make_stream(
        out.getvalue(),
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=picture.width,
        Height=picture.height,
        BitsPerComponent=8,
        ColorSpace=Name.DeviceGray if grey else Name.DeviceRGB,
        Filter=Name.DCTDecode,
    )
    page = pdf.add_blank_page(page_size=size)
    page.obj.Resources = Dictionary(XObject=Dictionary(Picture=image))
    drawing = f"q {size[0]:.3f} 0 0 {size[1]:.3f} 0 0 cm /Picture Do Q"
    page.obj.Contents = pdf.make_stream(drawing.encode())
    page.obj.MediaBox = Array([0, 0, *(round(edge, 3) for edge in size)])


def _colourfulness(picture: Image) -> list[tuple[int, int]]:
    """Return how far the colours of the picture lie apart: the extremes of two differences."""
    from PIL import ImageChops

    small = picture.resize((min(picture.width, 400), min(picture.height, 400)))
    red, green, blue = small.split()
    pairs = ((red, green), (green, blue))
    return [ImageChops.difference(one, other).getextrema() for one, other in pairs]  # type: ignore[misc]

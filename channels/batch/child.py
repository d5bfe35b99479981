"""The process that opens a batch of untrusted pages: `python -m channels.batch.child …`.

    inspect PATH FOLDER FIRST LAST   one line of JSON a page, and a thumbnail of it in FOLDER
    draw PATH TARGET PAGE WIDTH TURN   the picture of one page, turned clockwise
    extract PATH FOLDER LETTERS    each letter as a file of its own in FOLDER, named by its first
                                  page; LETTERS is "2:0,3:90;5:0,6:0", pages from 1 with their turns

It knows nothing of the office, and holds one page at a time.
"""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.serve import Allowance, Request, say, serve

MEMORY = 3 * 1024**3
DPI = 170
MOST_CODES, MOST_TEXT = 12, 120
THUMB_WIDTH = 320
MOST_PIXELS = 60_000_000


def inspect_command(request: Request) -> None:
    """Inspect the pages FIRST to LAST of the file."""
    path, folder, first, last = request.arguments
    inspect(Path(path), Path(folder), int(first), int(last))


def extract_command(request: Request) -> None:
    """Write each of the letters as a file of its own."""
    path, folder, letters = request.arguments
    wanted = [[_turned_page(page) for page in one.split(",")] for one in letters.split(";")]
    extract(Path(path), Path(folder), wanted)


def _turned_page(text: str) -> tuple[int, int]:
    number, _colon, turn = text.partition(":")
    return int(number), int(turn or 0)


def draw_command(request: Request) -> None:
    """Write the picture of one page."""
    path, target, page, width, turn = request.arguments
    for _number, _count, picture in pictures(Path(path), int(page), int(page)):
        shown = turned(picture.convert("L"), int(turn))
        shown.thumbnail((int(width), int(width) * 2))
        half = Path(target).with_suffix(".half")
        shown.save(half, "WEBP", quality=70, method=2)
        half.rename(target)


def turned(picture: Any, turn: int) -> Any:
    """Return a picture turned clockwise by quarters."""
    from PIL import Image

    by = {
        90: Image.Transpose.ROTATE_270,
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }
    return picture.transpose(by[turn]) if turn in by else picture


def inspect(path: Path, folder: Path, first: int, last: int) -> None:
    """Inspect the pages `first` to `last` (0: all) and report each at once."""
    for number, count, picture in pictures(path, first, last):
        seen = seen_on(picture)
        thumb = picture.convert("L")
        thumb.thumbnail((THUMB_WIDTH, THUMB_WIDTH * 2))
        half = folder / f"{number}.half"
        thumb.save(half, "WEBP", quality=55, method=2)
        half.rename(folder / f"{number}.webp")
        say({"page": number, "of": count, **seen})


def pictures(path: Path, first: int, last: int) -> Iterator[tuple[int, int, Any]]:
    """Yield number, count and picture of each page, as grey pixels."""
    if is_tiff(path):
        yield from _frames(path, first, last)
    else:
        yield from _pdf_pages(path, first, last)


def is_tiff(path: Path) -> bool:
    """Return whether the file is a TIFF, by its first bytes."""
    with path.open("rb") as stream:
        return stream.read(4) in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def _pdf_pages(path: Path, first: int, last: int) -> Iterator[tuple[int, int, Any]]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    count = len(document)
    for number in range(first or 1, min(last or count, count) + 1):
        page = document[number - 1]
        width, height = page.get_size()
        scale = min(DPI / 72, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        yield number, count, page.render(scale=scale, grayscale=True).to_pil()
        page.close()


def _frames(path: Path, first: int, last: int) -> Iterator[tuple[int, int, Any]]:
    from PIL import Image

    with Image.open(path, formats=["TIFF"]) as image:
        count = int(getattr(image, "n_frames", 1))
        for number in range(first or 1, min(last or count, count) + 1):
            image.seek(number - 1)
            frame = image.convert("L")
            if frame.width > 2400:
                frame = frame.resize((2000, max(1, frame.height * 2000 // frame.width)))
            yield number, count, frame


def seen_on(picture: Any) -> dict[str, Any]:
    """Return the texts of the picture's QR codes, and whether it is blank."""
    import numpy
    import zxingcpp

    pixels = numpy.asarray(picture)
    wanted: Any = zxingcpp.BarcodeFormat.QRCode
    found = zxingcpp.read_barcodes(pixels, formats=wanted)
    codes = [code.text[:MOST_TEXT] for code in found[:MOST_CODES]]
    return {"codes": codes, "blank": not codes and is_blank(pixels)}


def is_blank(pixels: Any) -> bool:
    """Return whether there is no ink but specks and shadows at the edges.

    Less than 2 in 10,000 points are darker than the paper, with the outer twentieth of the page
    left out and single dots removed.
    """
    import numpy

    rows, columns = pixels.shape
    edge_y, edge_x = rows // 20, columns // 20
    inside = pixels[edge_y : rows - edge_y, edge_x : columns - edge_x]
    high, wide = inside.shape[0] // 3 * 3, inside.shape[1] // 3 * 3
    if not high or not wide:
        return True
    # Means of 3 × 3 points: a line of a pen stays dark, the grain of paper does not.
    small = inside[:high, :wide].reshape(high // 3, 3, wide // 3, 3).mean(axis=(1, 3))
    paper = float(numpy.percentile(small, 80))
    return float((small < paper - 40).mean()) < 0.0002


def extract(path: Path, folder: Path, letters: list[list[tuple[int, int]]]) -> None:
    """Write each letter's pages in this order, turned, without compressing them again.

    A letter that cannot be made has no file; the others have theirs.
    """
    one = _extract_frames if is_tiff(path) else _extract_pages
    for pages in letters:
        target = folder / str(pages[0][0])
        with contextlib.suppress(Exception):  # whatever a decoder raises on hostile bytes
            one(path, target.with_suffix(".half"), pages)
            target.with_suffix(".half").rename(target)


def _extract_pages(path: Path, target: Path, pages: list[tuple[int, int]]) -> None:
    import pikepdf

    with pikepdf.open(path) as source, pikepdf.new() as made:
        for number, turn in pages:
            made.pages.append(source.pages[number - 1])
            if turn:
                made.pages[-1].rotate(turn, relative=True)
        made.remove_unreferenced_resources()
        made.save(target, deterministic_id=True)


def _extract_frames(path: Path, target: Path, pages: list[tuple[int, int]]) -> None:
    from PIL import Image

    def frames(rest: list[tuple[int, int]]) -> Iterator[Any]:
        with Image.open(path, formats=["TIFF"]) as image:
            for number, turn in rest:
                image.seek(number - 1)
                yield turned(image.copy(), turn)

    number, turn = pages[0]
    with Image.open(path, formats=["TIFF"]) as image:
        image.seek(number - 1)
        pressed = "group4" if image.mode == "1" else "tiff_adobe_deflate"
        first = turned(image.copy(), turn)
    first.save(target, "TIFF", save_all=True, append_images=frames(pages[1:]), compression=pressed)


if __name__ == "__main__":
    sys.exit(
        serve(
            {"inspect": inspect_command, "draw": draw_command, "extract": extract_command},
            allowance=Allowance(address_bytes=MEMORY),
            refusals={},
        )
    )

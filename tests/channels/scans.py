"""Scans of whole batches, drawn as a scanner makes them: real sheets of ours between letters."""

import io
import random
from collections.abc import Iterable, Sequence
from functools import cache

import pikepdf
import pypdfium2
import segno
from PIL import Image, ImageDraw, ImageFilter

from channels.batch.sheets import separator_sheets, sticker_sheets

SIZE = (1240, 1754)  # A4 at 150 dpi


def noise(picture: Image.Image, seed: int) -> Image.Image:
    """As a scanner gives it: a little turned, grained, with a dark edge."""
    draw = random.Random(seed)
    turned = picture.rotate(
        draw.uniform(-1.5, 1.5), fillcolor=250, resample=Image.Resampling.BILINEAR
    )
    mixed = Image.blend(turned, _grain(), 0.06)
    ImageDraw.Draw(mixed).line([(4, 0), (4, SIZE[1])], fill=90, width=6)
    return mixed


@cache
def _grain() -> Image.Image:
    return Image.effect_noise(SIZE, 14).convert("L")


@cache
def separator() -> Image.Image:
    """The sheet that our own printer page draws."""
    return _page_of(separator_sheets(1))


def stickers(count: int) -> list[Image.Image]:
    """Labels cut from our own sheets of stickers."""
    sheet = _page_of(sticker_sheets(count))
    wide, high = SIZE[0] // 3, int(SIZE[1] * 37 / 297)
    places = [(n % 3 * wide, n // 3 * high) for n in range(count)]
    return [sheet.crop((x, y, x + wide, y + high)) for x, y in places]


def _page_of(pdf: bytes) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    picture: Image.Image = document[0].render(scale=150 / 72, grayscale=True).to_pil()
    document.close()
    return picture.resize(SIZE)


def letter_page(words: str, *, sticker: Image.Image | None = None, code: str = "") -> Image.Image:
    """A page of writing, perhaps with a sticker of ours, or a QR code of somebody else."""
    page = Image.new("L", SIZE, 250)
    draw = ImageDraw.Draw(page)
    for line in range(12):
        draw.text((150, 420 + line * 60), f"{words} — ligne {line}", fill=30, font_size=30)
    if sticker is not None:
        page.paste(sticker, (760, 60))
    if code:
        drawn = io.BytesIO()
        segno.make(code).save(drawn, kind="png", scale=8, border=4)
        page.paste(Image.open(drawn).convert("L"), (150, 100))
    return page


def blank_page() -> Image.Image:
    """A back with nothing on it."""
    return Image.new("L", SIZE, 246)


def smudged(picture: Image.Image) -> Image.Image:
    """Crumpled and wet, so that its code cannot be read any more."""
    spoilt = picture.filter(ImageFilter.GaussianBlur(9))
    ImageDraw.Draw(spoilt).rectangle((350, 380, 900, 800), fill=180)
    return spoilt


def pdf_of(pages: Iterable[Image.Image]) -> bytes:
    """One PDF, each page a JPEG, page after page in memory."""
    made = pikepdf.new()
    for number, page in enumerate(pages):
        part = io.BytesIO()
        noise(page, number).save(part, "PDF", resolution=150, quality=60)
        with pikepdf.open(part) as one:
            made.pages.append(one.pages[0])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def tiff_of(pages: Sequence[Image.Image]) -> bytes:
    """One TIFF of two-level pages, as fax machines and old scanners make them."""
    plain = [page.point(lambda v: 255 if v > 128 else 0).convert("1") for page in pages]
    out = io.BytesIO()
    plain[0].save(out, "TIFF", save_all=True, append_images=plain[1:], compression="group4")
    return out.getvalue()

"""Traces of paper, glass and lens on a page: tint, shade, holes, folds, skew, blur, grain.

Pictures are arrays of shape (height, width, 3), floats 0..255. Everything is drawn from the
letter's seed, so a page ages the same way each time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFilter

from samples.letter import Look

DPI = 200
Array = Any  # numpy's float arrays; the stubs add nothing here


def rendered(pdf: bytes) -> list[Image.Image]:
    """Return each page of a PDF as an RGB picture at 200 dots an inch."""
    document = pdfium.PdfDocument(pdf)
    try:
        return [page.render(scale=DPI / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def scanned(page: Image.Image, look: Look, seed: int) -> Image.Image:
    """Return the page as an office scanner delivers it."""
    rng = np.random.default_rng(seed)
    if look.holes:
        page = _punched(page)
    picture = _inked(np.asarray(page, dtype=np.float32), rng)
    picture = _shaded(_tinted(picture, rng), look.shade, rng)
    if look.fold:
        picture = _folded(picture, rng)
    turned = Image.fromarray(picture.clip(0, 255).astype(np.uint8)).rotate(
        look.skew, resample=Image.Resampling.BICUBIC, fillcolor=(196, 195, 190)
    )
    soft = turned.filter(ImageFilter.GaussianBlur(look.blur))
    grained = _grained(np.asarray(soft, dtype=np.float32), look.noise, rng)
    out = Image.fromarray(grained.clip(0, 255).astype(np.uint8))
    return out if look.colour else out.convert("L")


def faxed(page: Image.Image, look: Look, seed: int) -> Image.Image:
    """Return the page in black and white only, as older multifunction machines send it."""
    grey = scanned(page, look, seed).convert("L")
    return grey.point(lambda value: 255 if value > 150 else 0).convert("1")


def photographed(page: Image.Image, look: Look, seed: int) -> Image.Image:
    """Return the page on a table, photographed with a phone at a slight angle."""
    rng = np.random.default_rng(seed)
    width, height = 1860, 2480
    table = Image.fromarray(_wood(height, width, rng))
    paper = _tinted(_inked(np.asarray(page, dtype=np.float32), rng), rng)
    sheet = Image.fromarray(paper.clip(0, 255).astype(np.uint8))
    corners = [(118, 96), (1764, 128), (1716, 2398), (96, 2370)]
    coefficients = _perspective(corners, page.size)
    size = (width, height)
    warped = sheet.transform(
        size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC
    )
    mask = Image.new("L", size, 0)
    ImageDraw.Draw(mask).polygon(corners, fill=255)
    shadow = mask.filter(ImageFilter.GaussianBlur(18)).point(lambda value: value // 2)
    table.paste((32, 24, 18), (14, 20), shadow)
    table.paste(warped, (0, 0), mask)
    picture = _shaded(np.asarray(table, dtype=np.float32), 0.22, rng)
    picture *= np.array([1.0, 0.975, 0.92], dtype=np.float32)
    soft = Image.fromarray(picture.clip(0, 255).astype(np.uint8)).filter(
        ImageFilter.GaussianBlur(look.blur)
    )
    grained = _grained(np.asarray(soft, dtype=np.float32), look.noise, rng)
    return Image.fromarray(grained.clip(0, 255).astype(np.uint8))


def _cloud(height: int, width: int, grain: int, rng: np.random.Generator) -> Array:
    """Return soft random clouds, about -1..1, with spots of about ``grain`` pixels."""
    small = rng.standard_normal((height // grain + 2, width // grain + 2)).astype(np.float32)
    picture = Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(picture, dtype=np.float32)


def _inked(picture: Array, rng: np.random.Generator) -> Array:
    """Thin toner and ink here and there, since they are never even."""
    height, width = picture.shape[:2]
    strength = 0.90 + 0.05 * _cloud(height, width, 90, rng) + 0.05 * _cloud(height, width, 5, rng)
    return 255 - (255 - picture) * strength.clip(0.55, 1.0)[..., None]


def _tinted(picture: Array, rng: np.random.Generator) -> Array:
    height, width = picture.shape[:2]
    paper = np.array([250, 247, 239], dtype=np.float32) / 255
    fibre = 1 + 0.006 * _cloud(height, width, 6, rng)
    return picture * paper * fibre[..., None]


def _shaded(picture: Array, amount: float, rng: np.random.Generator) -> Array:
    """Darken towards one corner, with a dark band at the book edge."""
    height, width = picture.shape[:2]
    across = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    down = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    if rng.random() < 0.5:
        across = 1 - across
    fall = amount * (0.6 * across + 0.4 * down) ** 1.6
    band = amount * 1.4 * np.exp(-(1 - across) * 42)
    return picture * (1 - fall - band)[..., None]


def _folded(picture: Array, rng: np.random.Generator) -> Array:
    """Fold in three for the envelope: two creases with a light and a dark side."""
    height = picture.shape[0]
    rows = np.arange(height, dtype=np.float32)
    relief = np.zeros(height, dtype=np.float32)
    for part in (1, 2):
        middle = height * part / 3 + rng.uniform(-25, 25)
        relief += -0.10 * np.exp(-(((rows - middle) / 5) ** 2))
        relief += 0.05 * np.tanh((rows - middle) / 9) * np.exp(-(((rows - middle) / 150) ** 2))
    return picture * (1 + relief)[:, None, None]


def _punched(page: Image.Image) -> Image.Image:
    """Punch two filing holes, 80 mm apart, 12 mm from the left edge."""
    out = page.copy()
    draw = ImageDraw.Draw(out)
    millimetre = DPI / 25.4
    for offset in (-40, 40):
        x, y, radius = 12 * millimetre, page.height / 2 + offset * millimetre, 3 * millimetre
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(70, 68, 66))
        draw.ellipse(
            (x - radius + 5, y - radius + 7, x + radius - 1, y + radius - 1), fill=(38, 37, 36)
        )
    return out


def _grained(picture: Array, noise: float, rng: np.random.Generator) -> Array:
    height, width = picture.shape[:2]
    out = picture + rng.normal(0, noise, (height, width, 1)).astype(np.float32)
    for _ in range(int(14 + noise * 4)):
        y, x = int(rng.integers(0, height - 4)), int(rng.integers(0, width - 4))
        out[y : y + int(rng.integers(1, 4)), x : x + int(rng.integers(1, 4))] *= 0.55
    return out


def _wood(height: int, width: int, rng: np.random.Generator) -> Array:
    """Return a table top: long grain, brown."""
    grain = rng.standard_normal((height // 40 + 2, width // 3)).astype(np.float32)
    lines = np.asarray(
        Image.fromarray(grain).resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32
    )
    tone = (1 + 0.09 * lines + 0.05 * _cloud(height, width, 200, rng))[..., None]
    return (np.array([132, 96, 66], dtype=np.float32) * tone).clip(0, 255).astype(np.uint8)


def _perspective(corners: list[tuple[int, int]], size: tuple[int, int]) -> list[float]:
    """Return Pillow's eight coefficients that map the sheet's corners onto the table."""
    source = [(0, 0), (size[0], 0), size, (0, size[1])]
    rows, values = [], []
    for (x, y), (u, v) in zip(corners, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    solved = np.linalg.solve(np.array(rows, dtype=float), np.array(values, dtype=float))
    return [float(value) for value in solved]

"""Printing a letter and scanning it again and again, cheaply: no two scans are alike.

A page is drawn by Pillow at 200 dots an inch; a scan turns, scales, shifts, shades, blurs and
grains it as another machine would, and compresses it as JPEG or into black and white.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ocr.reading import Word

Greys = NDArray[np.uint8]
WIDTH, HEIGHT = 1654, 2339
_FOLDER = "/usr/share/fonts"
_FONTS = {
    "fr": ("truetype/dejavu/DejaVuSerif.ttf", "truetype/dejavu/DejaVuSans.ttf"),
    "ar": ("opentype/fonts-hosny-amiri/Amiri-Regular.ttf", "truetype/dejavu/DejaVuSans.ttf"),
}


@cache
def _font(language: str, which: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(f"{_FOLDER}/{_FONTS[language][which]}", size)


def printed(text: str, language: str, *, seed: str, plain: bool = False) -> Image.Image:
    """Return the letter on paper.

    `plain`: printed out of a mail, in another face and size, from the top left; else face, size and
    margins belong to the letter (`seed`).
    """
    sheet = Image.new("L", (WIDTH, HEIGHT), 255)
    draw = ImageDraw.Draw(sheet)
    y = 0
    for row in _laid(text, language, seed=seed, plain=plain):
        draw.text((row.x, row.y), row.text, font=row.font, fill=20)
        y = row.y + round(row.font.size * 2)
    if not plain:
        _sign(draw, random.Random(seed), y)
    return sheet


def words_on(text: str, language: str, *, seed: str) -> tuple[Word, ...]:
    """Return the printed letter's words with their places, as in a PDF that was never on paper."""
    words = []
    for number, row in enumerate(_laid(text, language, seed=seed, plain=False)):
        x, right = row.x, row.x + row.font.getlength(row.text)
        for word in row.text.split():
            wide = row.font.getlength(word)
            left = x if language != "ar" else row.x + right - x - wide
            box = (
                left / WIDTH,
                row.y / HEIGHT,
                (left + wide) / WIDTH,
                (row.y + row.font.size) / HEIGHT,
            )
            words.append(Word(word, box, 1.0, number))
            x += wide + row.font.getlength(" ")
    return tuple(words)


@dataclass(frozen=True, slots=True)
class _Row:
    x: float
    y: int
    text: str
    font: ImageFont.FreeTypeFont


def _laid(text: str, language: str, *, seed: str, plain: bool) -> Iterator[_Row]:
    """Yield the rows of the printed letter, each with its place."""
    rng = random.Random(seed + ("mail" if plain else ""))
    which, size = (1, 25) if plain else (rng.randrange(2), rng.choice((28, 30, 32, 34)))
    font = _font(language, which, size)
    left, y = (90, 80) if plain else (rng.randint(130, 210), rng.randint(130, 260))
    for line in text.split("\n"):
        for row in _wrapped(line, font, WIDTH - 2 * left):
            x = WIDTH - left - font.getlength(row) if language == "ar" else left
            yield _Row(x, y, row, font)
            y += round(size * 1.55)
        y += size // 2


def _wrapped(line: str, font: ImageFont.FreeTypeFont, across: float) -> list[str]:
    rows, row = [], ""
    for word in line.split():
        longer = f"{row} {word}".strip()
        if row and font.getlength(longer) > across:
            rows.append(row)
            longer = word
        row = longer
    return [*rows, row] if row else rows


def _sign(draw: ImageDraw.ImageDraw, rng: random.Random, y: int) -> None:
    """Draw a scribble under the letter."""
    x, points = rng.randint(500, 1000), []
    for _ in range(14):
        x += rng.randint(-15, 40)
        points.append((x, y + rng.randint(20, 130)))
    draw.line(points, fill=60, width=4, joint="curve")


def scan(
    page: Image.Image, rng: random.Random, *, skew: float = 3.0, stamp: bool = True
) -> Image.Image:
    """Return the page as some scanner delivers it, perhaps with the office's stamp on it.

    At 150 to 300 dpi, a little turned and shifted, shaded; in black and white, grey or with JPEG
    artefacts.
    """
    if stamp and rng.random() < 0.3:
        page = _stamped(page, rng)
    pixels = np.asarray(page)
    dpi = rng.choice((150, 200, 200, 300))
    scale = dpi / 200 * rng.uniform(0.97, 1.03)
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), rng.uniform(-skew, skew), scale)
    for axis, side in enumerate((WIDTH, HEIGHT)):
        turn[axis, 2] += (scale - 1) * side / 2 + rng.uniform(-40, 40) * scale
    size = (round(WIDTH * scale), round(HEIGHT * scale))
    out = cv2.warpAffine(pixels, turn, size, flags=cv2.INTER_AREA, borderValue=250)
    out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.3, 1.1) * scale)
    noise = np.random.default_rng(rng.randrange(1 << 30))
    shade = np.linspace(rng.uniform(0.82, 1), rng.uniform(0.9, 1), size[0], dtype=np.float32)
    ink = rng.uniform(0.65, 1.0)
    grain = noise.normal(0, rng.uniform(0, 9), out.shape)
    worn = (255 - (255.0 - np.asarray(out)) * ink) * shade[None, :] + grain
    grey = Image.fromarray(worn.clip(0, 255).astype(np.uint8))
    return _squeezed(grey, rng)


def _stamped(page: Image.Image, rng: random.Random) -> Image.Image:
    """Add the office's own stamp, as on paper that was registered before."""
    page = page.copy()
    draw = ImageDraw.Draw(page)
    x, y = rng.randint(100, 1000), rng.choice((40, 60, 2080))
    draw.rectangle((x, y, x + 420, y + 150), outline=90, width=4)
    draw.text((x + 20, y + 20), "BUREAU D'ORDRE", font=_font("fr", 1, 34), fill=90)
    number = f"2026/IN/{rng.randint(1, 9999):06d}"
    draw.text((x + 20, y + 80), number, font=_font("fr", 1, 34), fill=90)
    return page


def _squeezed(grey: Image.Image, rng: random.Random) -> Image.Image:
    form = rng.choice(("jpeg", "bitonal", "grey"))
    if form == "bitonal":
        limit = rng.choice((140, 160, 175))
        return grey.point(lambda value: 255 if value > limit else 0).convert("L")
    if form == "jpeg":
        out = io.BytesIO()
        grey.save(out, "JPEG", quality=rng.choice((30, 45, 60)))
        return Image.open(io.BytesIO(out.getvalue())).convert("L")
    return grey


def misread(text: str, rng: random.Random, *, rate: float) -> str:
    """Return the text with a reader's mistakes.

    A share `rate` of its characters is wrong or lost, lines are parted and joined elsewhere, and
    now and then there is a line of rubbish or a line less.
    """
    alike = {"ا": "أإل", "ي": "ىبن", "ة": "هت", "ن": "تب", "ت": "نث", "ح": "جخ", "ر": "زو",
             "e": "cè", "l": "1i", "i": "l1", "o": "0", "0": "oO", "1": "l7", "5": "S6",
             "8": "36", "m": "rn", "u": "n", "n": "u"}  # fmt: skip
    lines = []
    for line in text.split("\n"):
        if rng.random() < rate / 2:
            continue
        kept = []
        for sign in line:
            if rng.random() >= rate:
                kept.append(sign)
            elif rng.random() < 0.7:
                kept.append(rng.choice(alike.get(sign, ".، ' ")))
        lines.append("".join(kept))
        if rng.random() < rate:
            lines.append("".join(rng.choice("ـ.,;|~ oI") for _ in range(rng.randint(3, 18))))
    return "\n".join(lines)

"""Dials of meters, drawn: figures on wheels, some of them turning, photographed at an angle."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS: Final = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansCondensed-Bold.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
)


@dataclass(frozen=True, slots=True)
class Dial:
    """What is drawn; `turned` are shares by which each wheel has turned towards the next figure."""

    figures: str
    decimals: str = ""
    turned: tuple[float, ...] = ()
    white_on_black: bool = True
    font: int = 1
    angle: float = 0.0
    lean: float = 0.0  # perspective: how much smaller the right side is
    noise: float = 4.0
    blur: float = 0.6
    light: float = 1.0  # of the dark side
    size: int = 72
    seed: int = 1


@cache
def _font(number: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS[number], size)


def _wheel(dial: Dial, figure: int, turned: float, red: bool) -> Image.Image:
    """Return a window with its wheel."""
    width, height = round(dial.size * 0.92), round(dial.size * 1.25)
    dark, bright = (22, 22, 24), (236, 234, 226)
    back, ink = (dark, bright) if dial.white_on_black else (bright, dark)
    if red:
        back, ink = ((178, 24, 30), bright) if dial.white_on_black else (bright, (188, 20, 26))
    window = Image.new("RGB", (width, height), back)
    draw = ImageDraw.Draw(window)
    for place, shown in ((0, figure), (1, (figure + 1) % 10)):
        y = height / 2 + (place - turned) * dial.size * 1.15
        font = _font(dial.font, dial.size)
        draw.text((width / 2, y), str(shown), font=font, fill=ink, anchor="mm")
    return window


def drawn(dial: Dial) -> Image.Image:
    """Return a photo of the dial."""
    rng = np.random.default_rng(dial.seed)
    signs = dial.figures + dial.decimals
    turned = (*dial.turned, *([0.0] * len(signs)))
    gap = round(dial.size * 0.12)
    wheels = [
        _wheel(dial, int(sign), turned[at], at >= len(dial.figures))
        for at, sign in enumerate(signs)
    ]
    wide = sum(one.width + gap for one in wheels) + gap
    face = Image.new("RGB", (round(wide * 1.7), round(wide * 1.1)), (205, 206, 200))
    draw = ImageDraw.Draw(face)
    left, top = round(wide * 0.35), round(wide * 0.35)
    frame = (60, 62, 66) if dial.white_on_black else (120, 122, 126)
    draw.rectangle((left - gap, top - gap, left + wide, top + wheels[0].height + gap), fill=frame)
    x = left
    for one in wheels:
        face.paste(one, (x, top))
        x += one.width + gap
    small = _font(0, max(12, dial.size // 3))
    draw.text((left, top + wheels[0].height + 3 * gap), "m³", font=small, fill=(30, 30, 30))
    serial = f"N° WM {rng.integers(10**6, 10**7)}"
    draw.text((left, round(wide * 0.8)), serial, font=small, fill=(30, 30, 30))
    draw.text((left, round(wide * 0.15)), "Qn 1,5  PN 16", font=small, fill=(30, 30, 30))
    return _photographed(face, dial, rng)


def _photographed(face: Image.Image, dial: Dial, rng: np.random.Generator) -> Image.Image:
    pixels = np.asarray(face)
    high, wide = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), dial.angle, 0.9)
    turned = cv2.warpAffine(pixels, turn, (wide, high), borderValue=(150, 148, 140))
    shift = dial.lean * high / 2
    source = np.array([(0, 0), (wide, 0), (wide, high), (0, high)], dtype=np.float32)
    target = np.array([(0, 0), (wide, shift), (wide, high - shift), (0, high)], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    seen = cv2.warpPerspective(turned, matrix, (wide, high), borderValue=(150, 148, 140))
    shade = np.linspace(1.0, dial.light, wide)[None, :, None]
    lit = seen * shade + rng.normal(0, dial.noise, seen.shape)
    photo = Image.fromarray(lit.clip(0, 255).astype(np.uint8))
    return photo.filter(ImageFilter.GaussianBlur(dial.blur))


def jpeg(dial: Dial, *, quality: int = 80) -> bytes:
    """Return the photo as a JPEG."""
    out = io.BytesIO()
    drawn(dial).save(out, "JPEG", quality=quality)
    return out.getvalue()


def any_dial(seed: int, *, angle: float = 20, turning: bool = False) -> Dial:
    """Return a dial of chance; `turning`: one wheel stands between two figures."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(5, 7))
    figures = "".join(str(n) for n in rng.integers(0, 10, count))
    decimals = "".join(str(n) for n in rng.integers(0, 10, int(rng.integers(0, 4))))
    turned = [0.0] * count
    if turning:
        turned[int(rng.integers(0, count))] = float(rng.uniform(0.25, 0.75))
    return Dial(
        figures, decimals, tuple(turned), bool(rng.integers(0, 2)),
        int(rng.integers(0, len(FONTS))),
        float(rng.uniform(-angle, angle)), float(rng.uniform(-0.25, 0.25)),
        float(rng.uniform(1, 9)), float(rng.uniform(0.2, 1.4)), float(rng.uniform(0.5, 1.0)),
        int(rng.integers(44, 90)), seed,
    )  # fmt: skip

"""`python -m tools.digit_training FONTS_FOLDER`: train the digit model on drawn, degraded digits.

The fonts are those of Debian's fonts-kacst, fonts-kacst-one, fonts-arabeyes, fonts-farsiweb,
fonts-sil-scheherazade, fonts-sil-lateef, fonts-sil-harmattan, fonts-liberation, fonts-freefont-ttf,
fonts-crosextra-carlito, fonts-crosextra-caladea and fonts-cmu, unpacked anywhere; Noto, Amiri and
DejaVu are left out, so that pages drawn in them are a fair test. The same fonts and libraries give
the same weights.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from fontTools.ttLib import TTFont
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from sklearn.neural_network import MLPClassifier

from ocr.engines.digit_model import (
    ARABIC,
    AROUND,
    BETWEEN,
    CLASSES,
    HEIGHT,
    LATIN,
    OTHER,
    WEIGHTS,
    Floats,
    glyphs_of,
    ink_of,
)

PERSIAN = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئ،؛؟"
_LATIN_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZéèàç°%&*+=\"'"
_DECORATIVE = ("Ostorah", "Electron", "Japan", "Metal", "Shado", "Poster", "Decorative", "Digital")
_SEED = 20261124
_HIDDEN = (256, 64)
_NO_NUMBER = 0.25  # share of words that are letters
_LATIN_ONLY = 0.35  # share of words in fonts without Arabic digits

Owners = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Face:
    """A font file, the sets of digits it draws, and the characters it has."""

    path: Path
    alphabets: tuple[str, ...]
    known: frozenset[str]


def faces_in(folder: Path) -> list[Face]:
    """Return the usable fonts of a folder, in the order of their names."""
    found = []
    for path in sorted(folder.rglob("*.[to]tf"), key=lambda one: one.name):
        if any(word in path.name for word in _DECORATIVE):
            continue
        try:
            known = frozenset(map(chr, TTFont(path, lazy=True).getBestCmap()))
        except Exception as error:  # a font that fontTools can't open draws nothing here
            print(f"left out {path.name}: {type(error).__name__}", file=sys.stderr)
            continue
        alphabets = tuple(signs for signs in (LATIN, ARABIC, PERSIAN) if set(signs) <= known)
        if alphabets:
            found.append(Face(path, alphabets, known))
    return found


def draw_word(face: Face, rng: np.random.Generator) -> tuple[Image.Image, Image.Image, list[str]]:
    """Draw a word in black on white; return it with its ground truth.

    Returned are the picture; the same picture with the number of the sign (from 1) where it is
    inked; and the class of each sign, of CLASSES.
    """
    signs, labels = _word(face, rng)
    size = int(rng.integers(34, 60))
    font = ImageFont.truetype(str(face.path), size)
    gap = float(rng.uniform(-0.01, 0.06)) * size
    widths = [font.getlength(sign) + gap for sign in signs]
    canvas = Image.new("L", (int(sum(widths)) + 2 * size, 3 * size), 255)
    owners = Image.new("L", canvas.size, 0)
    pen, marker = ImageDraw.Draw(canvas), ImageDraw.Draw(owners)
    marker.fontmode = "1"
    at = float(size)
    for number, (sign, width) in enumerate(zip(signs, widths, strict=True), start=1):
        pen.text((at, size * 0.8), sign, font=font, fill=0)
        marker.text((at, size * 0.8), sign, font=font, fill=number)
        at += width
    return canvas, owners, labels


def _word(face: Face, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Return signs to draw and the class of each."""
    if rng.random() < _NO_NUMBER and face.known & {"ع", "a"}:
        pieces = _letters(face, rng)
        return pieces, [OTHER] * len(pieces)
    alphabet = face.alphabets[rng.integers(len(face.alphabets))]
    kind = LATIN if alphabet is LATIN else ARABIC
    signs: list[str] = []
    for part in range(rng.integers(1, 4)):
        if part:
            signs.append(str(rng.choice(list(BETWEEN))))
        signs += rng.choice(list(alphabet), size=rng.integers(1, 5)).tolist()
    if rng.random() < 0.25:
        signs.insert(0, str(rng.choice(list(AROUND))))
    if rng.random() < 0.3:
        signs.append(str(rng.choice(list(AROUND + BETWEEN))))
    signs = [sign for sign in signs if sign in face.known]
    return signs, [kind[alphabet.index(s)] if s in alphabet else s for s in signs]


def _letters(face: Face, rng: np.random.Generator) -> list[str]:
    """Return a word that is no number, in pieces as they are joined."""
    if "ع" in face.known and (rng.random() < 0.8 or "a" not in face.known):
        letters, lengths = _ARABIC_LETTERS, rng.integers(1, 5, size=rng.integers(1, 4))
    else:
        letters, lengths = _LATIN_LETTERS, np.ones(rng.integers(1, 6), dtype=int)
    known = [letter for letter in letters if letter in face.known]
    return ["".join(rng.choice(known, size=length)) for length in lengths]


def bent(picture: Image.Image, slant: float, turn: float, ground: int) -> Image.Image:
    """Return the picture slanted and turned about its middle; `turn` in degrees."""
    matrix = (1, slant, -slant * picture.height / 2, 0, 1, 0)
    method = Image.Resampling.BILINEAR if ground else Image.Resampling.NEAREST
    slanted = picture.transform(
        picture.size, Image.Transform.AFFINE, matrix, method, fillcolor=ground
    )
    return slanted.rotate(turn, method, fillcolor=ground)


def spoil(picture: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Degrade as print and scan do: thin or fat ink, blur, few pixels, grain, JPEG, threshold."""
    if rng.random() < 0.3:
        fatter = ImageFilter.MinFilter(3) if rng.random() < 0.6 else ImageFilter.MaxFilter(3)
        picture = picture.filter(fatter)
    small = float(rng.uniform(0.28, 1.0))
    picture = picture.filter(ImageFilter.GaussianBlur(float(rng.uniform(0.1, 1.6))))
    size = max(1, int(picture.width * small)), max(1, int(picture.height * small))
    picture = picture.resize(size, Image.Resampling.BOX)
    pixels: NDArray[np.float64] = np.asarray(picture, dtype=np.float64)
    dark, paper = rng.uniform(0, 90), rng.uniform(190, 255)
    pixels = dark + pixels / 255 * (paper - dark) + rng.normal(0, rng.uniform(0, 14), pixels.shape)
    picture = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    choice = rng.random()
    if choice < 0.5:
        stream = io.BytesIO()
        picture.save(stream, "JPEG", quality=int(rng.integers(35, 90)))
        return Image.open(stream).convert("L")
    if choice < 0.65:
        level = (dark + paper) / 2 + rng.uniform(-25, 25)
        return picture.point(lambda value: 255 if value > level else 0)
    return picture


def examples(face: Face, rng: np.random.Generator) -> list[tuple[Floats, str]]:
    """Return the blots of one degraded word with their labels."""
    clean, owners, labels = draw_word(face, rng)
    slant = float(rng.normal(0, 0.06)) if rng.random() < 0.3 else 0.0
    turn = float(rng.normal(0, 0.7))
    owned = np.asarray(bent(owners, slant, turn, 0))
    rows, columns = np.flatnonzero(owned.any(axis=1)), np.flatnonzero(owned.any(axis=0))
    if not len(rows):
        return []
    spoiled = spoil(bent(clean, slant, turn, 255), rng)
    factor = spoiled.height / clean.height
    top, bottom = rows[0] * factor, (rows[-1] + 1) * factor
    grow = HEIGHT / max(bottom - top, 4) * float(rng.uniform(0.8, 1.2))
    size = max(1, round(spoiled.width * grow)), max(1, round(spoiled.height * grow))
    left = max(int((columns[0] * factor - 3) * grow), 0)
    place = (left, 0, int((columns[-1] * factor + 4) * grow), size[1])
    ink = ink_of(spoiled.resize(size, Image.Resampling.BICUBIC).crop(place))
    out = []
    for glyph in glyphs_of(ink, ((top - 2) * grow, (bottom + 2) * grow)):
        left, top_, right, bottom_ = (edge / grow / factor for edge in glyph.box)
        shift = place[0] / grow / factor
        label = _label(owned, (left + shift, top_, right + shift, bottom_), labels)
        if label:
            out.append((glyph.seen, label))
    return out


def _label(owned: Owners, box: tuple[float, ...], labels: list[str]) -> str:
    """Return whose ink is in a box: one sign's; OTHER for several or none; "" for a fragment."""
    left, top, right, bottom = (round(edge) for edge in box)
    total = np.bincount(owned.ravel(), minlength=len(labels) + 1)[1:]
    inside = np.bincount(owned[top:bottom, left:right].ravel(), minlength=len(labels) + 1)[1:]
    share = inside / np.maximum(total, 1)
    whole = [label for label, part in zip(labels, share, strict=True) if part > 0.7]
    if len(whole) == 1:
        return whole[0]
    return OTHER if whole or not inside.any() else ""


def learn(faces: list[Face], words: int) -> dict[str, Floats]:
    """Return the weights, trained by scikit-learn's perceptron."""
    rng = np.random.default_rng(_SEED)
    seen, labels = [], []
    latin = [face for face in faces if face.alphabets == (LATIN,)]
    arabic = [face for face in faces if face.alphabets != (LATIN,)]
    for _ in range(words):
        choice = latin if rng.random() < _LATIN_ONLY else arabic
        for blot, label in examples(choice[rng.integers(len(choice))], rng):
            seen.append(blot)
            labels.append(CLASSES.index(label))
    print(f"{len(seen)} blots of {words} words in {len(faces)} fonts")
    model = MLPClassifier(
        _HIDDEN, batch_size=512, learning_rate_init=2e-3, alpha=1e-5, max_iter=14, random_state=1
    )
    model.fit(np.stack(seen), np.array(labels))
    missing = set(range(len(CLASSES))) - set(model.classes_)
    if missing:
        raise SystemExit(f"never drawn: {[CLASSES[one] for one in missing]}")
    print(f"right on what was drawn: {model.score(np.stack(seen), np.array(labels)):.2%}")
    weights = {f"w{n}": layer for n, layer in enumerate(model.coefs_)}
    return weights | {f"b{n}": layer for n, layer in enumerate(model.intercepts_)}


def main(arguments: list[str]) -> int:
    """Train and write `WEIGHTS`; print its hash."""
    parser = argparse.ArgumentParser(prog="tools.digit_training", description=__doc__)
    parser.add_argument("fonts", type=Path)
    parser.add_argument("--words", type=int, default=60_000)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    wanted = parser.parse_args(arguments)
    faces = faces_in(wanted.fonts)
    weights = learn(faces, wanted.words)
    wanted.out.parent.mkdir(exist_ok=True)
    halved: dict[str, Any] = {n: layer.astype(np.float16) for n, layer in weights.items()}
    np.savez_compressed(wanted.out, **halved)
    print(hashlib.sha256(wanted.out.read_bytes()).hexdigest())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

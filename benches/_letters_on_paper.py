"""Letters that exist as text only, printed, aged and scanned as material for the reading.

A letter's layout is taken from its text: stretches parted by wide gaps stand in columns, an
indented line stands at the far side, the line of the subject is bold. Fonts, sizes and the age of
the paper follow from the letter's name, so that the same letter gives the same scan each time.
"""

from __future__ import annotations

import random
import re
import zlib
from pathlib import Path
from typing import Final

from samples.ageing import rendered, scanned
from samples.letter import Letter, Look, Page
from samples.sheet import page_pdf

_LATIN: Final = ("Liberation Serif", "Liberation Sans", "DejaVu Serif", "Noto Sans", "Noto Serif")
_ARABIC: Final = ("Amiri", "KacstOne", "Noto Naskh Arabic", "Noto Sans Arabic", "DejaVu Sans")
_SUBJECT: Final = re.compile(r"\s*(?:objet|الموضوع|subject)\s*:", re.IGNORECASE)
_COLUMNS: Final = re.compile(r"(?<=\S)(?: {4,}|\t+)(?=\S)")
_ARABIC_LETTER: Final = re.compile(r"[\u0621-\u064a]")
_ASIDE: Final = re.compile(r"(?: {8,}|\t{2,})(?=\S)")


def draw_letter(name: str, text: str, folder: Path) -> list[Path]:
    """Return the letter's scanned pages as JPEG files in `folder`, drawn where missing."""
    known = sorted(folder.glob(f"{name}-p*.jpg"))
    if known:
        return known
    look, seed = look_of(name, text), zlib.crc32(name.encode())
    letter = Letter(name, "", "", "", "", "", (), seed, look, (Page(marked_up(text)),))
    drawn = []
    for number, page in enumerate(rendered(page_pdf(letter, list(letter.pages)))):
        path = folder / f"{name}-p{number + 1}.jpg"
        scanned(page, look, seed + number).save(path, quality=look.quality, dpi=(200, 200))
        drawn.append(path)
    return drawn


def print_letter(name: str, text: str, folder: Path) -> Path:
    """Return the letter as a PDF with its text layer in `folder`, printed where missing."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.pdf"
    if not path.exists():
        seed = zlib.crc32(name.encode())
        page = Page(marked_up(text))
        letter = Letter(name, "", "", "", "", "", (), seed, look_of(name, text), (page,))
        path.write_bytes(page_pdf(letter, [page]))
    return path


def look_of(name: str, text: str) -> Look:
    """Return this letter's typography and ageing: the usual spread of an office's scanner."""
    rng = random.Random(f"paper {name}")
    arabic = len(_ARABIC_LETTER.findall(text)) > len(re.findall(r"[A-Za-z]", text))
    font = rng.choice(_ARABIC if arabic else _LATIN)
    return Look(
        font=f"'{font}'",
        size=rng.choice((13, 14, 15) if arabic else (11, 11.5, 12)),
        holes=rng.random() < 0.2,
        fold=rng.random() < 0.3,
        colour=rng.random() < 0.5,
        skew=round(rng.uniform(-0.9, 0.9), 2),
        shade=round(rng.uniform(0, 0.14), 3),
        noise=round(rng.uniform(3, 7), 1),
        blur=round(rng.uniform(0.4, 0.8), 2),
        quality=rng.choice((45, 52, 60, 68)),
    )


def marked_up(text: str) -> str:
    """Return the letter in the mark-up of `samples.sheet`."""
    arabic = bool(_ARABIC_LETTER.search(text[:160]))  # as the sheet tells which way a page runs
    out: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        plain: list[str] = []
        for line in paragraph.split("\n"):
            mark = _mark(line) or _turned(line, arabic)
            if mark:
                out += ["\n".join(plain)] if plain else []
                plain = []
                out.append(mark)
            else:
                plain.append(line.strip())
        out += ["\n".join(plain)] if plain else []
    return "\n\n".join(out)


def _turned(line: str, arabic: bool) -> str:
    """Mark a line in Latin letters on an Arabic page as left to right."""
    latin = not _ARABIC_LETTER.search(line) and re.search(r"[A-Za-z]{2}", line)
    return f"@ltr\n{line.strip()}" if arabic and latin else ""


def _mark(line: str) -> str:
    """Return the line as a block of its own, where it does not simply follow the one above."""
    if _SUBJECT.match(line):
        return f"@subject\n{line.strip()}"
    cells = _COLUMNS.split(line.strip())
    if len(cells) == 2:
        return "@cols\n" + "\n||\n".join(cells)
    return f"@place\n{line.strip()}" if _ASIDE.match(line) else ""

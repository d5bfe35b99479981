"""Numbers of Arabic lines that hold codes, ٤٤٠/د.ز/٢٠٢٦ or 402/ELEC/2026, read again part by part.

Tesseract's Arabic model knows neither digits nor Latin letters, and cuts such numbers in pieces.
Their strokes are plain to see: between them the digits are read blot by blot, Arabic letters stay
as the engine read them, and Latin ones are read by its Latin model, all of a page in one call.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from PIL import Image

from ocr.engines.blots import Blots, blots_of, labels_of, log_score, room_of, with_touching
from ocr.engines.contract import PixelBox, ReadPlaces, SeenLine, SeenWord
from ocr.engines.digit_model import ARABIC, HEIGHT, LATIN
from ocr.engines.number_words import DOUBTED, joined, number_words

_STROKES: Final = (re.compile(r"/"), re.compile(r"[/\\|]"))
_STROKE: Final = _STROKES[-1]
_DIGIT: Final = re.compile(r"\d")
_INITIALS: Final = re.compile("[\u0621-\u064a]{1,4}(?:\\.[\u0621-\u064a]{1,4})*")
_CODE: Final = re.compile(r"(?<![^\W_])[A-Z]{1,8}(?:[.\-][A-Z]{1,8})*(?![^\W_])")
_HEAD: Final = re.compile(r"[(\[«]+")
_TAIL: Final = re.compile("(?<![،,.;؛:)])[،,.;؛:)][\u200e\u200f]*$")
_NEAR: Final = 0.42  # heights of the page's letters: less is no space between words
_TALL: Final = 0.4  # of HEIGHT: less is a point or a comma
_LEAST_OF_CODE: Final = 0.6  # letters for each of its blots
_GUESSED: Final = 0.3  # the confidence of a number whose letters were read wrongly
_SURE_DIGIT: Final = 0.9
_SURE: Final = {LATIN: 0.75, ARABIC: 0.45}  # least sure digit, as in `ocr.engines.digits`
_LEAST_DIGITS: Final = 3
_MOST: Final = 24  # numbers of a page


@dataclass(frozen=True, slots=True)
class Part:
    """What stands between two strokes, as its blots give it: digits, or "" for letters.

    `sure` is the probability of its least sure digit, `first` and `last` are its blots, `tall` is
    how many of them are no points; `mixed` where several sure digits stand beside something else.
    """

    digits: str
    sure: float
    first: int = 0
    last: int = 0
    tall: int = 0
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class Coded:
    """A number seen: the words of its line, its parts in the order of writing, its letters.

    `letters` are those that the engine read for each part that is no digits, "" for none;
    `doubted` where the engine was not sure of what it read.
    """

    row: int
    words: tuple[SeenWord, ...]
    parts: tuple[Part, ...]
    letters: tuple[str, ...]
    blots: Blots
    kind: str
    doubted: bool

    @property
    def box(self) -> PixelBox:
        """Where the number stands."""
        return place_of(self.words)

    @property
    def missing(self) -> list[int]:
        """Which parts are letters that the engine did not read, or not as many as stand there."""
        both = enumerate(zip(self.parts, self.letters, strict=True))
        return [n for n, (part, letters) in both if not part.digits and not _fits(letters, part)]


def _fits(letters: str, part: Part) -> bool:
    """Return whether letters may be the ink of a part: joined ones are one blot, initials two."""
    initials = letters.split(".")
    return bool(letters) and len(initials) <= part.tall <= len("".join(initials))


def mend_coded(
    picture: Image.Image, lines: list[SeenLine], *, height: float, read_latin: ReadPlaces
) -> list[SeenLine]:
    """Replace numbers with codes of an Arabic page's lines where their parts clearly differ.

    `picture` is grey, boxes are its pixels, `height` that of its letters.
    """
    coded = (
        _coded(picture, line, row, group)
        for row, line in enumerate(lines)
        for group in _groups(line, height)
    )
    found = list(islice(filter(None, coded), _MOST))
    out = list(lines)
    for one, number in zip(found, _with_latin(found, read_latin), strict=True):
        if number and number.text != joined(one.words):
            out[one.row] = _put(out[one.row], one.words, number)
    return out


def _groups(line: SeenLine, height: float) -> list[tuple[SeenWord, ...]]:
    """Return, from the right, adjacent words that may be one number with strokes."""
    groups = number_words(line, _NEAR * height)
    return [group for group in groups if _STROKE.search(joined(group))]


def place_of(group: Sequence[SeenWord]) -> PixelBox:
    """Return where a number stands, as high as most of its words: one may reach into others."""
    left, _, right, _ = SeenLine(tuple(group), 0).box
    heights = sorted(group, key=lambda word: word.box[3] - word.box[1])
    _, top, _, bottom = heights[(len(heights) - 1) // 2].box
    return left, top, right, bottom


def _coded(
    picture: Image.Image, line: SeenLine, row: int, group: tuple[SeenWord, ...]
) -> Coded | None:
    whole = SeenWord("", place_of(group), 0.0)
    others = tuple(word for word in line.words if word not in group)
    room = room_of(replace(line, words=(*others, whole)), len(others))
    blots = blots_of(picture, whole.box, room)
    if blots is None or blots.cut:
        return None
    latin, arabic = (log_score(blots.chances, labels_of(blots.chances, kind)[0])
                     for kind in (LATIN, ARABIC))  # fmt: skip
    kind = ARABIC if arabic > latin else LATIN
    blots = with_touching(blots, kind)
    parts = parts_of(blots, kind)
    digits = sum(len(part.digits) for part in parts)
    if len(parts) < 2 or digits < _LEAST_DIGITS or any(part.mixed for part in parts):
        return None
    text = joined(group)
    written = in_order(parts, kind=kind, arabic=bool(_INITIALS.search(text)))
    doubted = any(word.confidence < DOUBTED for word in group)
    return Coded(row, group, written, _letters(text, written), blots, kind, doubted)


def parts_of(blots: Blots, kind: str) -> tuple[Part, ...]:
    """Return what stands between the strokes, from left to right; nothing where one is empty."""
    labels, sure = labels_of(blots.chances, kind)
    tall = [glyph.box[3] - glyph.box[1] > _TALL * HEIGHT for glyph in blots.glyphs]
    inside = [n for n, label in enumerate(labels) if tall[n] or _DIGIT.match(label)]
    if not inside:
        return ()
    parts, begin = [], inside[0]
    for end in range(inside[0], inside[-1] + 2):
        if end <= inside[-1] and not (labels[end] in "/٫" and tall[end]):
            continue
        if end == begin:
            return ()
        part = _part(labels[begin:end], sure[begin:end].tolist(), kind)
        parts.append(replace(part, first=begin, last=end - 1, tall=sum(tall[begin:end])))
        begin = end + 1
    return tuple(parts)


def _part(labels: Sequence[str], sure: Sequence[float], kind: str) -> Part:
    text = "".join(labels)
    if kind == ARABIC and _DIGIT.search(text):
        text = text.replace(".", "٠")  # initials have points, numbers between strokes have none
    if text.isdigit():
        return Part(text, min(sure))
    digits = [n for n, sign in enumerate(text) if sign.isdigit() and sure[n] > _SURE_DIGIT]
    return Part("", 0.0, mixed=len(digits) > 1 or ":" in text)


def in_order(parts: Sequence[Part], *, kind: str, arabic: bool) -> tuple[Part, ...]:
    """Return parts that stand from left to right in the order in which they are written.

    By Unicode's bidi: from right to left, but figures with a stroke between them are one number;
    and Latin codes among Latin digits make it run from left to right as a whole.
    """
    if kind == LATIN and not arabic:
        return tuple(parts)
    runs: list[list[Part]] = []
    for part in parts:
        if runs and part.digits and runs[-1][-1].digits:
            runs[-1].append(part)
        else:
            runs.append([part])
    return tuple(part for run in reversed(runs) for part in run)


def _letters(text: str, parts: Sequence[Part]) -> tuple[str, ...]:
    """Return the Arabic letters that the engine read for each part of letters, "" for none."""
    wanted = [n for n, part in enumerate(parts) if not part.digits]
    for stroke in _STROKES:
        pieces = stroke.split(text)
        if len(pieces) == len(parts):
            found = {n: _INITIALS.search(pieces[n]) for n in wanted}
            return tuple(match[0] if (match := found.get(n)) else "" for n in range(len(parts)))
    runs = [match[0] for match in _INITIALS.finditer(text)]
    following = iter(runs if len(runs) == len(wanted) else [])
    return tuple(next(following, "") if n in wanted else "" for n in range(len(parts)))


def _with_latin(found: Sequence[Coded], read_latin: ReadPlaces) -> list[SeenWord | None]:
    """Return each number as it is to be written; None where it stays as it was read."""
    asked = [(n, box) for n, one in enumerate(found) for box in _unread(one)]
    seen = read_latin([box for _, box in asked]) if asked else ()
    lines: list[list[SeenLine | None]] = [[] for _ in found]
    for (n, _), line in zip(asked, seen, strict=True):
        lines[n].append(line)
    return [_number(one, read) for one, read in zip(found, lines, strict=True)]


def _unread(one: Coded) -> list[PixelBox]:
    """Return the boxes to read in Latin letters: those of codes, of Latin numbers the whole."""
    if one.missing and one.kind == LATIN:
        return [one.box]
    top, bottom = one.box[1], one.box[3]
    sides = [one.blots.sides(one.parts[n].first, one.parts[n].last) for n in one.missing]
    return [(left, top, right, bottom) for left, right in sides]


def _number(one: Coded, read: Sequence[SeenLine | None]) -> SeenWord | None:
    """Return the number as one word, its codes out of what was read in Latin letters.

    Where they can't be read, the engine's letters stand, and the word is doubted.
    """
    sure = [part.sure for part in one.parts if part.digits]
    if min(sure) < _SURE[one.kind] or not _trusted(one):
        return None
    lines = [line for line in read if line]
    codes = _codes(one, ["".join(line.text.split()) for line in lines])
    sure += [line.confidence for line in lines] if codes else [_GUESSED] if one.missing else []
    found = [part.digits or codes.get(n) or one.letters[n] for n, part in enumerate(one.parts)]
    if not all(found):
        return None
    before = joined(one.words)
    head, tail = _HEAD.match(before), _TAIL.search(before)
    text = (head[0] if head else "") + "/".join(found) + (tail[0] if tail else "")
    return SeenWord(text, one.box, min(sure), "digits")


def _codes(one: Coded, texts: Sequence[str]) -> dict[int, str]:
    """Return the codes read, each as long as its ink; of a Latin number between its very digits."""
    if one.kind == LATIN and texts:
        if re.findall(r"\d+", texts[0]) != [part.digits for part in one.parts if part.digits]:
            return {}
        texts = re.findall(r"[^\W\d][\w.\-]*", texts[0])
    codes = [_CODE.findall(text) for text in texts]
    if len(codes) != len(one.missing) or any(len(found) != 1 for found in codes):
        return {}
    both = {n: found[0] for n, found in zip(one.missing, codes, strict=True)}
    whole = all(len(code) >= _LEAST_OF_CODE * one.parts[n].tall for n, code in both.items())
    return both if whole else {}


def _trusted(one: Coded) -> bool:
    """Return whether the blots may overrule the engine: it knows Latin digits where it is sure."""
    if one.kind == ARABIC or one.doubted:
        return True
    read = re.findall(r"\d+", joined(one.words))
    return all(part.digits in read for part in one.parts if part.digits)


def _put(line: SeenLine, group: tuple[SeenWord, ...], number: SeenWord) -> SeenLine:
    """Return the line with the number in place of the words that it was read as."""
    first = min(line.words.index(word) for word in group)
    words = [number if n == first else word for n, word in enumerate(line.words)]
    return replace(line, words=tuple(word for word in words if word not in group))

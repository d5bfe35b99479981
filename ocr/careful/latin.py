"""Careful reading of a page in Latin letters: the detector's lines, doubtful ones by both readers.

Tesseract is seldom wrong where it is confident; its layout analysis is, on typewritten pages, and
the detector's is not.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from ocr.attempt import Attempt
from ocr.careful.merging import Piece, better_latin, least_alone, mean_confidence, pieces_of
from ocr.careful.page import CarefulPage, core
from ocr.engines.contract import PixelBox, SecondReader, SeenLine, SeenWord
from ocr.picture.placing import in_order
from ocr.quality import is_arabic

_STRAY, _STRAY_LETTERS = 0.7, 3  # words where the detector saw no line are kept from these on
_JOINED = 0.4  # share of connected ink that separates Arabic lines from Latin ones
_WEAK = 0.75  # what both readers are less sure of may be Arabic
_SURE_ARABIC, _LEAST_ARABIC = 0.7, 4  # confidence, letters
_NO_PARAGRAPH = -1  # of a line that the first reader did not see
_MOST_ARABIC = 10  # lines; each costs an engine start
_POOR = 0.7  # an engine less confident of a page is right of hardly a line of it


def read_latin(sheet: CarefulPage, lines: list[SeenLine], second: SecondReader) -> list[SeenLine]:
    """Return the page's lines in the detector's reading order, each in its better reading."""
    boxes = sheet.find(second)
    pieces = pieces_of(lines, boxes)
    poor = mean_confidence(lines) < _POOR
    doubtful = [n for n, one in enumerate(pieces) if poor or one.needs_second(sheet.page.height)]
    seen = sheet.read_in_both_lights(second, [pieces[n].box for n in doubtful])
    least = least_alone(seen)
    better = {
        n: better_latin(pieces[n].first, new, least) for n, new in zip(doubtful, seen, strict=True)
    }
    _try_arabic(sheet, pieces, better)
    kept: list[tuple[PixelBox, SeenLine]] = []
    for number, piece in enumerate(pieces):
        line, stray = better.get(number, piece.first), number >= len(boxes)
        if line and (not stray or _is_text(line, piece, boxes)):
            paragraph = piece.first.paragraph if piece.first else _NO_PARAGRAPH
            line = replace(line, paragraph=paragraph)
            kept.append((piece.box if stray else core(piece.box), line))
    return _as_lines(kept)


def _is_text(line: SeenLine, piece: Piece, boxes: list[PixelBox]) -> bool:
    """Return whether words outside the detector's lines are text, not specks or a repeated line."""
    solid = sum(map(str.isalnum, line.text))
    if line.confidence < _STRAY or solid < _STRAY_LETTERS:
        return False
    left, top, right, bottom = piece.box
    return not any(
        min(right, box[2]) - max(left, box[0]) > 0.5 * (right - left)
        and min(bottom, box[3]) - max(top, box[1]) > 0.5 * (bottom - top)
        for box in boxes
    )


def _try_arabic(
    sheet: CarefulPage, pieces: list[Piece], better: dict[int, SeenLine | None]
) -> None:
    """Read as Arabic those lines of connected ink that no Latin reader was confident of.

    Such are the other half of a letterhead, or the title of a signature.
    """
    if sheet.other_script != "ar":
        return
    weak = [
        n
        for n, line in better.items()
        if (line is None or line.confidence < _WEAK) and sheet.joined(pieces[n].box) > _JOINED
    ]
    for number in weak[:_MOST_ARABIC]:
        line, old = sheet.read_line(pieces[number].box, "ar"), better[number]
        if not line or sum(map(str.isalpha, line.text)) < _LEAST_ARABIC:
            continue
        if line.confidence > max(_SURE_ARABIC, old.confidence if old else 0.0):
            better[number] = line


def in_reading_order(attempt: Attempt) -> Attempt:
    """Return the attempt with lines in Latin letters in the order of their places.

    The engine's own order breaks at the edges of what it takes for columns. Where it read a page
    that lies on its side, its order stands: places say nothing of it.
    """
    upright = [line for line in attempt.lines if _width(line.box) >= _height(line.box)]
    if attempt.language == "ar" or 2 * len(upright) < len(attempt.lines):
        return attempt
    lines = _as_lines([(line.box, line) for line in attempt.lines])
    return replace(attempt, lines=lines)


def _width(box: PixelBox) -> float:
    return box[2] - box[0]


def _height(box: PixelBox) -> float:
    return box[3] - box[1]


def _as_lines(kept: list[tuple[PixelBox, SeenLine]]) -> list[SeenLine]:
    """Return pieces in reading order, those of one row as one line.

    A new paragraph begins where the first reader saw one.
    """
    out: list[SeenLine] = []
    paragraph, before = 0, _NO_PARAGRAPH
    for row in in_order([box for box, _ in kept], rightwards=True):
        pieces = [kept[number][1] for number in row]
        if pieces[0].paragraph not in {before, _NO_PARAGRAPH}:
            paragraph += before != _NO_PARAGRAPH
            before = pieces[0].paragraph
        out.append(SeenLine(_words_of(pieces), paragraph))
    return out


def _words_of(pieces: list[SeenLine]) -> tuple[SeenWord, ...]:
    """Return the words of a row's pieces; by their places where one piece stands amid another."""
    words = tuple(word for piece in pieces for word in piece.words)
    amid = any(_middle(after.words[0]) < _middle(before.words[-1])
               for before, after in pairwise(pieces))  # fmt: skip
    if not amid or any(is_arabic(piece.text) for piece in pieces):
        return words
    return tuple(sorted(words, key=_middle))


def _middle(word: SeenWord) -> float:
    return word.box[0] + word.box[2]

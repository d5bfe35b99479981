"""A page that holds two scripts, read in each: every segment of a line in its own script.

An engine reads Arabic as Latin nonsense and Latin as Arabic nonsense, often confidently; the ink
itself shows which it is, since Arabic is connected (see `ocr.picture.layout.joined_share`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr.careful.secondlook import put_between
from ocr.engines.contract import PixelBox, SeenLine, SeenWord
from ocr.picture.layout import Page, boxes_inside, dots_per_letter, joined_share
from ocr.quality import ARABIC, LATIN, is_arabic

_JOINED, _APART = 0.4, 0.2  # shares of connected ink: above Arabic, below Latin
_DOTS = 0.25  # and above this, or it is blurred Latin: see ocr.picture.layout.dots_per_letter
_LEAST_LINES, _LEAST_SHARE = 3, 0.12  # lines of the other script, and their share of the letters
_SURE = 0.9  # a line this confident is of the script it was read in
_LEAST = 0.5  # a segment less confident than this is no better reading of anything
_SAMPLE = 6  # places that are read to see whether an Arabic page holds Latin text
_LEAST_LETTERS = 4  # of such a place
_PRIOR, _CLEAR = 0.15, 0.15  # the ink outweighs so much confidence; without it so much is needed
_WEAK_WORD = 0.6  # a word less confident than this may be of the other script
_LEAST_WIDTH, _MOST_WIDTH = 0.06, 0.7  # of the words' width; with more the page is poor, not mixed
_LEAST_HEIGHTS = 4.0  # text heights that they are wide together: a word or two
_IN_A_RUN = 0.5  # a word less confident than this ends a run of words of the other script


def boxes_of_other_script(page: Page, lines: Sequence[SeenLine], *, arabic: bool) -> list[PixelBox]:
    """Return where ink is not of the script the lines were read in (`arabic`); nothing for little.

    That is several lines, or on a page in Latin letters enough weak words that are connected as
    Arabic is.
    """
    if not page.height:
        return []
    odd = [
        line
        for line in lines
        if line.confidence < _SURE and _is_other_script(page, line.box, arabic)
    ]
    letters = sum(len(line.text) for line in lines)
    share = sum(len(line.text) for line in odd) / max(letters, 1)
    if len(odd) >= _LEAST_LINES and share >= _LEAST_SHARE:
        return [line.box for line in odd]
    return [] if arabic else _joined_words(page, lines)


def _joined_words(page: Page, lines: Sequence[SeenLine]) -> list[PixelBox]:
    words = [word for line in lines for word in line.words]
    wide = sum(_width(word.box) for word in words)
    weak = [word.box for word in words if word.confidence < _WEAK_WORD]
    joined = [box for box in weak if _is_joined(page, box)]
    odd = sum(map(_width, joined))
    enough = odd >= _LEAST_HEIGHTS * page.height
    return joined if enough and _LEAST_WIDTH * wide <= odd <= _MOST_WIDTH * wide else []


def _is_joined(page: Page, box: PixelBox) -> bool:
    return joined_share(boxes_inside(page, box), page.height) > _JOINED


def _width(box: PixelBox) -> float:
    return box[2] - box[0]


def widest(places: Sequence[PixelBox]) -> list[PixelBox]:
    """Return a sample of places from the top: those that hold most text."""
    return sorted(sorted(places, key=_width)[-_SAMPLE:], key=lambda box: box[1])


def may_be_latin(line: SeenLine) -> bool:
    """Return whether a line that was read in Latin letters may be in them."""
    return line.confidence >= _LEAST and len(LATIN.findall(line.text)) >= _LEAST_LETTERS


def of_both(
    page: Page, lines: Sequence[SeenLine], others: Sequence[SeenLine], *, arabic: bool
) -> list[SeenLine]:
    """Replace runs of words of a page read in one script (`arabic`: in Arabic).

    They are replaced by those of its reading in the other script that fit the ink better. Return
    the lines in reading order.
    """
    out, apart = list(lines), []
    for part in (run for line in others for run in _runs(line, arabic)):
        inside = [word for line in out for word in line.words if _is_in(word, part.box)]
        if _is_better(page, part, inside, arabic):
            gone = {id(word) for word in inside}
            out = [_without(line, gone) for line in out]
            if not _put_into_its_line(out, part, arabic):
                apart.append(part)
    return put_between([line for line in out if line.words], apart)


def _runs(line: SeenLine, arabic: bool) -> list[SeenLine]:
    """Return runs of neighbouring words of the other script, each read with some confidence.

    Digits between and beside them belong to them.
    """
    runs: list[list[SeenWord]] = [[]]
    for word in line.words:
        foreign = _has_letters(word.text) and is_arabic(word.text) == arabic
        if foreign or word.confidence < _IN_A_RUN:
            runs.append([])
        else:
            runs[-1].append(word)
    return [replace(line, words=tuple(run)) for run in runs if run]


def _has_letters(text: str) -> bool:
    return any(char.isalpha() for char in text)


def _put_into_its_line(out: list[SeenLine], part: SeenLine, arabic: bool) -> bool:
    """Insert the words into what is left of their line by position; return False where none is."""
    middle = (part.box[1] + part.box[3]) / 2
    for number, line in enumerate(out):
        if not line.words or not line.box[1] <= middle <= line.box[3]:
            continue
        centre = _centre(part.box)
        before = sum((_centre(word.box) > centre) == arabic for word in line.words)
        words = (*line.words[:before], *part.words, *line.words[before:])
        out[number] = replace(line, words=words)
        return True
    return False


def _centre(box: PixelBox) -> float:
    return (box[0] + box[2]) / 2


def _is_other_script(page: Page, box: PixelBox, arabic: bool) -> bool:
    ink = boxes_inside(page, box)
    share = joined_share(ink, page.height)
    if arabic:
        return share < _APART
    return share > _JOINED and dots_per_letter(ink, page.height) > _DOTS


def _is_better(page: Page, part: SeenLine, inside: Sequence[SeenWord], arabic: bool) -> bool:
    own = LATIN if arabic else ARABIC
    if part.confidence < _LEAST or len(own.findall(part.text)) < 2:
        return False
    old = SeenLine(tuple(inside), 0).confidence
    needed = old - _PRIOR if _is_other_script(page, part.box, arabic) else old + _CLEAR
    return part.confidence > needed


def _is_in(word: SeenWord, box: PixelBox) -> bool:
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _without(line: SeenLine, gone: set[int]) -> SeenLine:
    return replace(line, words=tuple(word for word in line.words if id(word) not in gone))

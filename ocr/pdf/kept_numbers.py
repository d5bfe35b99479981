"""Numbers of a page's own text whose letters are wrong, put into what its picture was read as.

Qt, wkhtmltopdf and Ghostscript give Arabic letters wrong maps to Unicode and leave the figures as
they are. An engine misreads figures, leaves numbers out and turns their groups.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ocr.pdf.glyphs import upright
from ocr.pdf.groups import runs_backwards
from ocr.pdf.layer_numbers import DOUBT
from ocr.pdf.pages import Layer
from ocr.picture_reading import PictureReading
from ocr.quality import ARABIC
from ocr.reading import Box, Word

_MOST_OTHERS = 0.4  # share of a layer's numbers that may differ from what the picture shows
_ENDS = ".,:;،؛()"
_LEAST = 3  # figures of a number that is put where the picture was read as nothing
_SPACE = 1.0  # heights between two groups of one number


def with_layer_numbers(read: PictureReading, layer: Layer) -> PictureReading:
    """Return a picture's reading with the numbers of the page's own text.

    The layer's are taken where most of them are what the picture shows, else the picture's stay; a
    number that the two read differently is doubted.
    """
    turn = (360 - layer.turn + read.turn) % 360
    said = [
        replace(word, box=upright(word.box, turn), text=text)
        for word in layer.words
        if _is_number(text := word.text.strip(_ENDS))
    ]
    pairs = {
        word: found for word in read.words if _figures(word.text) and (found := _there(word, said))
    }
    other = [word for word, found in pairs.items() if not _same(word, found)]
    if len(other) > _MOST_OTHERS * len(pairs):
        words = [replace(word, confidence=DOUBT) if word in other else word for word in read.words]
        return _with_words(read, words)
    lines: dict[int, list[Word]] = {}
    for word in read.words:
        lines.setdefault(word.line, []).append(word)
    left = list(said)
    arabic = read.language == "ar"
    words = [word for line in lines.values() for word in _mended(line, left, arabic=arabic)]
    return _with_words(read, words + _alone(left, read.words, max(lines, default=-1) + 1))


def _alone(left: Sequence[Word], words: Sequence[Word], line: int) -> list[Word]:
    """Return the numbers that stand where no word was read, as lines at the end."""
    lost = [
        one
        for one in left
        if len(_figures(one.text)) >= _LEAST and not any(_there(word, [one]) for word in words)
    ]
    return [replace(one, line=line + n, confidence=DOUBT) for n, one in enumerate(lost)]


def _mended(line: list[Word], left: list[Word], *, arabic: bool) -> list[Word]:
    """Return a line with the layer's numbers that stand in it, which are taken out of `left`.

    `arabic`: whether the page is, so that groups follow each other from the right.
    """
    numbers = [one for one in left if _is_level(one, line)]
    taken: list[Word] = []
    out: list[Word] = []
    for word in line:
        found = _by_place(_there(word, numbers), arabic=arabic)
        if not found or not (_figures(word.text) or not ARABIC.search(word.text)):
            out.append(word)
            continue
        same = _same(word, found)
        if same and len(found) > 1 and _has_sign(word) and not any(map(_has_sign, found)):
            out.append(word)  # the layer has spaces for its signs
            taken += found
            continue
        doubt = word.confidence if same else min(word.confidence, DOUBT)
        out += [replace(one, line=word.line, confidence=doubt) for one in found if one not in taken]
        taken += found
    for one in numbers:
        if one not in taken and len(_figures(one.text)) >= _LEAST and not _covers(one, line):
            taken.append(one)
            _put(replace(one, line=line[0].line, confidence=DOUBT), out)
    for one in taken:
        if one in left:
            left.remove(one)
    return _in_order(out, taken, arabic=arabic)


def _by_place(words: Sequence[Word], *, arabic: bool) -> list[Word]:
    """Return words beside each other in reading order.

    By the edges at which they begin: a full stop that came with a number stands at its end.
    """
    return sorted(words, key=lambda word: -word.box[2] if arabic else word.box[0])


def _has_sign(word: Word) -> bool:
    """Return whether a sign stands between two figures of a word."""
    return bool(re.search(r"\d[.,/-]+\d", word.text))


def _covers(number: Word, line: Sequence[Word]) -> bool:
    return any(word.box[0] < number.box[2] and number.box[0] < word.box[2] for word in line)


def _put(number: Word, line: list[Word]) -> None:
    """Put a number that no word was read for in its place in a line."""
    arabic = any(ARABIC.search(word.text) for word in line)
    at = [n for n, word in enumerate(line) if (word.box[0] > number.box[0]) == arabic]
    line.insert(at[-1] + 1 if at else 0, number)


def _in_order(line: list[Word], numbers: Sequence[Word], *, arabic: bool) -> list[Word]:
    """Put groups that make a number only the other way round in that order.

    Groups that stand neither from left to right nor back were found by several readings.
    """
    boxes = {number.box for number in numbers}
    out: list[Word] = []
    run: list[Word] = []
    for word in [*line, None]:
        if word is not None and word.box in boxes and (not run or _are_beside(run[-1], word)):
            run.append(word)
            continue
        out += _run(run, arabic=arabic)
        run = [word] if word is not None and word.box in boxes else []
        out += [word] if word is not None and not run else []
    return out


def _run(run: list[Word], *, arabic: bool) -> list[Word]:
    placed = _by_place(run, arabic=arabic)
    if run not in (placed, placed[::-1]):
        run = placed
    return run[::-1] if runs_backwards([one.text for one in run]) else run


def _are_beside(one: Word, other: Word) -> bool:
    gap = max(one.box[0], other.box[0]) - min(one.box[2], other.box[2])
    return gap < _SPACE * (one.box[3] - one.box[1])


def _with_words(read: PictureReading, words: Sequence[Word]) -> PictureReading:
    lines: dict[int, list[str]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word.text)
    return replace(read, words=tuple(words), text="\n".join(map(" ".join, lines.values())))


def _figures(text: str) -> list[str]:
    return re.findall(r"\d", text)


def _is_number(text: str) -> bool:
    """Return whether a word is a number, or an address or reference with one in it."""
    if re.fullmatch(r"\d[\d./:,٫٬-]*", text):
        return True
    return bool(re.fullmatch(r"[A-Za-z\d]+(?:[./@_-]+[A-Za-z\d]+)+", text) and _figures(text))


def _is_level(number: Word, line: Sequence[Word]) -> bool:
    middle = (number.box[1] + number.box[3]) / 2
    return min(word.box[1] for word in line) <= middle <= max(word.box[3] for word in line)


def _there(word: Word, numbers: Sequence[Word]) -> list[Word]:
    """Return the numbers of the layer that stand where a word was read."""
    return [one for one in numbers if _is_in(word, one) or _is_in(one, word)]


def _same(word: Word, numbers: Sequence[Word]) -> bool:
    """Return whether a word has the figures of numbers; an engine may turn their groups."""
    return sorted(_figures(word.text)) == sorted(f for one in numbers for f in _figures(one.text))


def _is_in(word: Word, other: Word) -> bool:
    """Return whether a word's middle is in another's box."""
    box: Box = other.box
    x, y = (word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]

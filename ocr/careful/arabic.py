"""Careful reading of an Arabic page: at another size, with other models, by the second reader.

The page is read once more at another size and once more with other models of the engine, where its
lines are weak. So are lines that only the detector saw. The second
reader, which reads no Arabic, reads digits and Latin lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr.careful.merging import has_figures, same_line, stands_alone, surer_words, with_figures
from ocr.careful.page import CarefulPage, core
from ocr.careful.secondlook import put_between
from ocr.engines.contract import PixelBox, SecondReader, SeenLine
from ocr.picture.legible import problem_of
from ocr.quality import ARABIC

_WEAK = 0.9
_FEW_WEAK = 0.1  # share of weak lines below which the page is not read once more
_OTHER_HEIGHT = 15.0  # of text, pixels; the quick reading takes 18 (see ocr.picture.layout)
_WITNESS_HEIGHT = 18.0  # the same for the other models
_MOST_LOST = 0.6  # share of a line's letters a second reading of it must have
_JOINED, _APART = 0.4, 0.15  # shares of connected ink: below may be Latin, from may be Arabic
_WEAK_FOREIGN = 0.75  # Arabic letters read in digits or Latin letters are no surer
_SURE_ARABIC, _SURE_LATIN = 0.55, 0.9  # of a line that only the detector saw
_LEAST_ARABIC, _LEAST_LETTERS = 0.5, 2  # of an Arabic word that a Latin reading may not drop
_MOST_LINES = 20
_COVERED = 0.3  # share of a box's width that has words
_MARKS, _LIKE_MARKS = "،.,؛:", "ءه"  # at the end of a word the other models confuse them


def read_arabic(sheet: CarefulPage, lines: list[SeenLine], second: SecondReader) -> list[SeenLine]:
    """Return the page's lines, each in its better reading, with missed ones inserted."""
    boxes = sheet.find(second)
    lines = at_other_size(sheet, lines)
    lines = _with_witness(sheet, lines)
    lines = _with_foreign(sheet, lines, boxes, second)
    lines = _with_figures(sheet, lines, second)
    missed = [box for box in boxes if not _is_covered(box, lines)]
    return put_between(lines, _found(sheet, missed[:_MOST_LINES], second))


def at_other_size(sheet: CarefulPage, lines: list[SeenLine]) -> list[SeenLine]:
    """Improve weak lines by a reading of the whole page at a smaller size.

    Lines cut out would lose their neighbours, from which the engine learns the size of letters.
    """
    return _merged(lines, sheet.read_again(_OTHER_HEIGHT)) if _is_weak(sheet, lines) else lines


def _is_weak(sheet: CarefulPage, lines: list[SeenLine]) -> bool:
    weak = sum(line.confidence < _WEAK for line in lines)
    return weak >= max(1, _FEW_WEAK * len(lines)) and sheet.page.height > 0


def _with_witness(sheet: CarefulPage, lines: list[SeenLine]) -> list[SeenLine]:
    """Improve lines that are still weak by the engine with other models, word by word.

    Pages that are a guess are left out: the surest of several guesses would pass for print.
    """
    if sheet.witness is None or not _is_weak(sheet, lines) or problem_of(lines, sheet.language):
        return lines
    again = sheet.read_again(_WITNESS_HEIGHT, sheet.witness)
    out = []
    for line in lines:
        mates = [new for new in again if same_line(line.box, new.box)]
        useful = len(mates) == 1 and line.confidence < _WEAK and _is_whole(mates[0], line)
        out.append(surer_words(line, _with_marks_of(line, mates[0])) if useful else line)
    return out


def _with_marks_of(line: SeenLine, witness: SeenLine) -> SeenLine:
    """Return the witness's line, its words less a letter that it took a mark at their end for."""
    marked = {word.text[:-1]: word for word in line.words if word.text[-1:] in _MARKS}
    words = (
        marked.get(word.text[:-1], word) if word.text[-1:] in _LIKE_MARKS else word
        for word in witness.words
    )
    return replace(witness, words=tuple(words))


def _merged(lines: list[SeenLine], again: list[SeenLine]) -> list[SeenLine]:
    """Merge each weak line with the nearest line of the other reading.

    A line that the first reading saw twice, one overlapping the other, is kept once.
    """
    mates = [[n for n, line in enumerate(lines) if same_line(line.box, new.box)] for new in again]
    nearest = {
        min(found, key=lambda n: abs(_middle(lines[n]) - _middle(new))): new
        for new, found in zip(again, mates, strict=True)
        if found
    }
    out = list(lines)
    for n, new in nearest.items():
        if lines[n].confidence < _WEAK and _is_whole(new, lines[n]):
            out[n] = surer_words(lines[n], new)
    doubles = set()
    for new, found in zip(again, mates, strict=True):
        lone = [n for n in found if n not in nearest and sum(n in other for other in mates) == 1]
        if len(found) == 2 and len(lone) == 1:
            out[next(n for n in found if n not in lone)] = new
            doubles.add(lone[0])
    return [line for n, line in enumerate(out) if n not in doubles]


def _middle(line: SeenLine) -> float:
    return line.box[1] + line.box[3]


def _is_whole(new: SeenLine, old: SeenLine) -> bool:
    return len(new.text) > _MOST_LOST * len(old.text)


def _with_foreign(
    sheet: CarefulPage, lines: list[SeenLine], boxes: Sequence[PixelBox], second: SecondReader
) -> list[SeenLine]:
    """Read weak lines of unconnected ink, as digits and Latin letters are, by the second reader."""
    pairs = [
        (n, box)
        for n, line in enumerate(lines)
        for box in boxes
        if line.confidence < _WEAK_FOREIGN
        and same_line(line.box, core(box))
        and sheet.joined(box) < _APART
    ]
    out = list(lines)
    seen = sheet.read_second(second, [box for _, box in pairs])
    for (n, _), new in zip(pairs, seen, strict=True):
        surely = new and stands_alone(new) and new.confidence >= _SURE_LATIN
        if new and surely and not _leaves_arabic(lines[n], new):
            out[n] = replace(new, paragraph=lines[n].paragraph)
    return out


def _leaves_arabic(line: SeenLine, new: SeenLine) -> bool:
    """Return whether Arabic words of a line stand where the second reader saw none.

    It reads no Arabic: of a line with a number in it, the number alone. `_with_figures` asks it.
    """
    return any(
        word.confidence >= _LEAST_ARABIC
        and len(ARABIC.findall(word.text)) >= _LEAST_LETTERS
        and not any(left < (word.box[0] + word.box[2]) / 2 < right for left, right in _ends(new))
        for word in line.words
    )


def _ends(line: SeenLine) -> list[tuple[float, float]]:
    return [(word.box[0], word.box[2]) for word in line.words]


def _with_figures(
    sheet: CarefulPage, lines: list[SeenLine], second: SecondReader
) -> list[SeenLine]:
    """Replace numbers by what the second reader sees, word by word."""
    words = [word for line in lines for word in line.words if has_figures(word)]
    seen = sheet.read_second(second, [_grown(word.box) for word in words])
    better = {id(word): with_figures(word, new) for word, new in zip(words, seen, strict=True)}
    return [
        replace(line, words=tuple(better.get(id(word), word) for word in line.words))
        for line in lines
    ]


def _found(sheet: CarefulPage, boxes: Sequence[PixelBox], second: SecondReader) -> list[SeenLine]:
    """Read boxes without words, each by the reader of the script that its ink suggests."""
    latin = [box for box in boxes if sheet.joined(box) < _JOINED]
    found: dict[PixelBox, SeenLine] = {}
    for box, new in zip(latin, sheet.read_second(second, latin), strict=True):
        if new and stands_alone(new) and new.confidence >= _SURE_LATIN:
            found[box] = new
    for box in boxes:
        if box not in found and sheet.joined(box) >= _APART:
            line = sheet.read_line(box, "ar")
            if line and line.confidence >= _SURE_ARABIC:
                found[box] = line
    return [found[box] for box in boxes if box in found]


def _grown(box: PixelBox) -> PixelBox:
    """Return a word's box with a small margin, as the engine's boxes may cut the first digit."""
    high = box[3] - box[1]
    return box[0] - 0.5 * high, box[1] - 0.1 * high, box[2] + 0.5 * high, box[3] + 0.1 * high


def _is_covered(box: PixelBox, lines: Sequence[SeenLine]) -> bool:
    """Return whether words cover a good part of the box's width."""
    left, top, right, bottom = core(box)
    wide = 0.0
    for word in (word for line in lines for word in line.words):
        if min(bottom, word.box[3]) - max(top, word.box[1]) > 0.3 * (bottom - top):
            wide += max(0.0, min(right, word.box[2]) - max(left, word.box[0]))
    return wide > _COVERED * (right - left)

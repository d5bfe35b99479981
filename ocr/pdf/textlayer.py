"""Characters of a PDF page into text and words, undoing the damage PDFs do to Arabic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ocr.pdf.marks import is_mark, with_marks_in_place, without_twins
from ocr.pdf.mending import with_signs, with_stops, without_flat_strokes, without_strokes
from ocr.pdf.textorder import arrange
from ocr.pdf.textrows import Token
from ocr.pdf.textwords import Glyph, words_of
from ocr.pdf.turning import turn_words
from ocr.pdf.unnamed import with_holes, with_seats, without_unnamed
from ocr.quality import ARABIC, is_visual, mend_line, reverse_line, unfold
from ocr.reading import Word

_SAME = 2e-4  # fractions of the page: boxes of one and the same glyph


def assemble(glyphs: list[Glyph], *, aspect: float = 1.0) -> tuple[str, tuple[Word, ...]]:
    """Return repaired text with line ends, and its words with boxes, in reading order.

    What is written at a slant comes last. `aspect`: width of the page by its height.
    """
    named = without_unnamed(without_twins(without_flat_strokes(glyphs, aspect)))
    named = with_holes(with_stops(with_seats(named, aspect)))
    turned = mend_ligatures(turn_words(without_strokes(named)))
    lines = _lines(with_marks_in_place(turned))
    upright = with_signs([words_of(line, aspect) for line in lines if not line[0].aside])
    slanted = [words_of(line, aspect) for line in lines if line[0].aside]
    ordered = [*arrange(_logical(upright)), *_logical(slanted)]
    return compose([line for line in ordered if line], aspect=aspect)


def _logical(lines: list[list[Token]]) -> list[list[Token]]:
    """Put the letters of words into logical order, by their places."""
    plain = unfold("\n".join(" ".join(token.text for token in line) for line in lines))
    if not is_visual(plain):
        return lines
    return [
        [replace(t, text=reverse_line(unfold(t.text)), source=None) for t in line] for line in lines
    ]


def compose(lines: Sequence[Sequence[Token]], *, aspect: float) -> tuple[str, tuple[Word, ...]]:
    """Compose lines in reading order into text and words, repaired.

    A token may bring the Word that it was made of.
    """
    words: list[Word] = []
    texts: list[str] = []
    for line in lines:
        mended = mend_line(" ".join(token.text for token in line)).split(" ")
        if len(mended) != len(line):
            mended = [mend_line(token.text) for token in line]
        texts.append(" ".join(part for part in mended if part))
        for token, part in zip(line, mended, strict=True):
            if part:
                words.append(_word(token, part, len(texts) - 1, aspect))
    return "\n".join(texts).strip(), tuple(words)


def tokens_of(words: Sequence[Word], *, aspect: float) -> list[list[Token]]:
    """Return words of a reading, by their lines, as tokens that bring them along."""
    lines: dict[int, list[Token]] = {}
    for word in words:
        left, top, right, bottom = word.box
        box = (left * aspect, top, right * aspect, bottom)
        lines.setdefault(word.line, []).append(Token(word.text, box, word))
    return list(lines.values())


def _word(token: Token, text: str, line: int, aspect: float) -> Word:
    if isinstance(token.source, Word):
        return replace(token.source, text=text, line=line)
    left, top, right, bottom = token.box
    return Word(text, (left / aspect, top, right / aspect, bottom), line=line)


def _lines(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Split glyphs into lines as pdfium does, and where it missed one; slanted ones apart."""
    lines: list[list[Glyph]] = [[]]
    top, bottom = 1.0, 0.0  # of the letters in the last line; none yet
    for glyph in glyphs:
        if glyph.char in "\r\n\x0b\x0c\u2028\u2029":
            if lines[-1]:
                lines.append([])
            top, bottom = 1.0, 0.0
            continue
        if glyph.char == "\x02":  # pdfium's mark for a hyphen at the end of a line
            glyph = replace(glyph, char="-")
        if lines[-1] and glyph.box is not None and glyph.aside != lines[-1][0].aside:
            lines.append([])
            top, bottom = 1.0, 0.0
        if glyph.box is not None and not is_mark(glyph):
            beyond = bottom > top and (glyph.box[1] > bottom or glyph.box[3] < top)
            if beyond and not glyph.aside:
                lines.append([])
                top, bottom = 1.0, 0.0
            top, bottom = min(top, glyph.box[1]), max(bottom, glyph.box[3])
        lines[-1].append(glyph)
    return [line for line in lines if line]


def mend_ligatures(glyphs: list[Glyph]) -> list[Glyph]:
    """Reverse runs of characters sharing one glyph's box that pdfium gives back to front.

    It does so where the writing is right to left: lam-alef reads alef-lam, "السالمة" for "السلامة".
    Where lam-alef shows that a page's runs are reversed, all others are reversed too.
    """
    runs = _runs(glyphs)
    turned = sum(map(_is_turned, runs))
    all_turned = turned > sum(map(_is_straight, runs))
    return [
        glyph for run in runs for glyph in (reversed(run) if _is_turned(run) or all_turned else run)
    ]


def _runs(glyphs: list[Glyph]) -> list[list[Glyph]]:
    """Return the letters of each glyph."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        if runs and _one_glyph(runs[-1][0], glyph):
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return runs


def _one_glyph(first: Glyph, second: Glyph) -> bool:
    if first.box is None or second.box is None or not ARABIC.match(first.char):
        return False
    if first.box[2] - first.box[0] < _SAME:
        return False
    return all(abs(a - b) < _SAME for a, b in zip(first.box, second.box, strict=True))


def _is_straight(run: list[Glyph]) -> bool:
    """Return whether a run is lam-alef."""
    return len(run) == 2 and run[0].char == "ل" and run[1].char in "اأإآٱ"


def _is_turned(run: list[Glyph]) -> bool:
    """Return whether a run is reversed.

    Alef-lam is lam-alef reversed, and what begins with heh is the name of God, reversed.
    """
    if len(run) < 2:
        return False
    if len(run) > 2:
        return run[0].char == "ه"
    return run[-1].char == "ل" and run[0].char in "اأإآٱ"

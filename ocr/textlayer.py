"""Characters of a PDF page into text and words, undoing what Arabic suffers in PDFs."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ocr.quality import ARABIC, repair
from ocr.reading import Box, Word

_SAME = 2e-4  # fractions of the page: boxes of one and the same glyph


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its box (fractions of the page); None for white space."""

    char: str
    box: Box | None


def assemble(glyphs: list[Glyph]) -> tuple[str, tuple[Word, ...]]:
    """Repaired text with line ends, and its words with boxes."""
    glyphs = mend_ligatures(glyphs)
    lines: list[list[Glyph]] = [[]]
    for glyph in glyphs:
        if glyph.char in "\r\n\x0b\x0c\u2028\u2029":
            if lines[-1]:
                lines.append([])
        elif glyph.char == "\x02":  # pdfium's mark for a hyphen at the end of a line
            lines[-1].append(replace(glyph, char="-"))
        else:
            lines[-1].append(glyph)
    lines = [_mend_addresses(line) for line in lines]
    raw = "\n".join("".join(g.char for g in line) for line in lines)
    text = "\n".join(" ".join(line.split()) for line in repair(raw).split("\n")).strip()
    words = tuple(word for n, line in enumerate(lines) for word in _words(line, n))
    return text, words


def _mend_addresses(line: list[Glyph]) -> list[Glyph]:
    """In lines with Arabic pdfium turns the parts of an address about ("ma.radeej@contact"): put
    tokens of Latin letters, figures and signs back from left to right."""
    if not any(ARABIC.match(glyph.char) for glyph in line):
        return line
    out: list[Glyph] = []
    token: list[Glyph] = []
    for glyph in line:
        if glyph.char.isspace():
            out += [*_left_to_right(token), glyph]
            token = []
        else:
            token.append(glyph)
    return out + _left_to_right(token)


def _left_to_right(token: list[Glyph]) -> list[Glyph]:
    """The part of a token from its first to its last Latin letter or figure, sorted by place."""
    plain = [n for n, glyph in enumerate(token) if glyph.char.isascii() and glyph.char.isalnum()]
    if not plain:
        return token
    core = token[plain[0] : plain[-1] + 1]
    signs = any(not glyph.char.isalnum() for glyph in core)
    latin = any(glyph.char.isalpha() for glyph in core)
    if not (signs and latin) or any(not g.char.isascii() or g.box is None for g in core):
        return token
    core = sorted(core, key=lambda glyph: glyph.box[0] if glyph.box else 0.0)
    return token[: plain[0]] + core + token[plain[-1] + 1 :]


def mend_ligatures(glyphs: list[Glyph]) -> list[Glyph]:
    """Characters that share one glyph's box come out of pdfium back to front where the writing is
    right to left, so that lam-alef reads alef-lam: "السالمة" for "السلامة". Turn those runs."""
    out: list[Glyph] = []
    at = 0
    while at < len(glyphs):
        end = at + 1
        while end < len(glyphs) and _one_glyph(glyphs[at], glyphs[end]):
            end += 1
        run = glyphs[at:end]
        out.extend(reversed(run) if len(run) > 1 and _is_turned(run) else run)
        at = end
    return out


def _one_glyph(first: Glyph, second: Glyph) -> bool:
    if first.box is None or second.box is None or not ARABIC.match(first.char):
        return False
    if first.box[2] - first.box[0] < _SAME:
        return False
    return all(abs(a - b) < _SAME for a, b in zip(first.box, second.box, strict=True))


def _is_turned(run: list[Glyph]) -> bool:
    """Alef-lam is lam-alef turned, and what begins with heh is the name of God, turned."""
    if len(run) > 2:
        return run[0].char == "ه"
    return run[-1].char == "ل" and run[0].char in "اأإآٱ"


def _words(line: list[Glyph], number: int) -> list[Word]:
    words: list[Word] = []
    pending: list[Glyph] = []
    for glyph in [*line, Glyph(" ", None)]:
        if not glyph.char.isspace():
            pending.append(glyph)
        elif pending:
            words.append(_word(pending, number))
            pending = []
    return words


def _word(glyphs: list[Glyph], line: int) -> Word:
    boxes = [glyph.box for glyph in glyphs if glyph.box is not None]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True) if boxes else ((0,), (0,), (0,), (0,))
    text = repair("".join(glyph.char for glyph in glyphs))
    return Word(text, (min(lefts), min(tops), max(rights), max(bottoms)), line=line)

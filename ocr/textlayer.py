"""Characters of a PDF page into text and words, undoing what Arabic suffers in PDFs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocr.quality import ARABIC, is_visual, mend_line, reverse_line, unfold
from ocr.reading import Box, Word
from ocr.textorder import arrange
from ocr.textrows import Token

_SAME = 2e-4  # fractions of the page: boxes of one and the same glyph


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character and its box (fractions of the upright page); None for white space. `aside` where
    it is written at a slant: a watermark, or a note along the margin."""

    char: str
    box: Box | None
    aside: bool = False


def assemble(glyphs: list[Glyph], *, aspect: float = 1.0) -> tuple[str, tuple[Word, ...]]:
    """Repaired text with line ends, and its words with boxes, in reading order; what is written at
    a slant comes last. `aspect`: width of the page by its height."""
    lines = [_mend_addresses(line) for line in _lines(mend_ligatures(glyphs))]
    upright = [_tokens(line, aspect) for line in lines if not line[0].aside]
    slanted = [_tokens(line, aspect) for line in lines if line[0].aside]
    ordered = [*arrange(_logical(upright)), *_logical(slanted)]
    return compose([line for line in ordered if line], aspect=aspect)


def _logical(lines: list[list[Token]]) -> list[list[Token]]:
    """The same words with their letters in logical order; their places tell the rest."""
    plain = unfold("\n".join(" ".join(token.text for token in line) for line in lines))
    if not is_visual(plain):
        return lines
    return [[replace(t, text=reverse_line(unfold(t.text))) for t in line] for line in lines]


def compose(lines: Sequence[Sequence[Token]], *, aspect: float) -> tuple[str, tuple[Word, ...]]:
    """Lines in reading order into text and words, repaired. A token may bring the Word that it was
    made of."""
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
    """Words of a reading, by their lines, as tokens that bring them along."""
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
    """Glyphs as pdfium parts them into lines; the upright and the slanted ones apart."""
    lines: list[list[Glyph]] = [[]]
    for glyph in glyphs:
        if glyph.char in "\r\n\x0b\x0c\u2028\u2029":
            if lines[-1]:
                lines.append([])
            continue
        if glyph.char == "\x02":  # pdfium's mark for a hyphen at the end of a line
            glyph = replace(glyph, char="-")
        if lines[-1] and glyph.box is not None and glyph.aside != lines[-1][0].aside:
            lines.append([])
        lines[-1].append(glyph)
    return [line for line in lines if line]


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


def _tokens(line: list[Glyph], aspect: float) -> list[Token]:
    tokens: list[Token] = []
    pending: list[Glyph] = []
    for glyph in [*line, Glyph(" ", None)]:
        if not glyph.char.isspace():
            pending.append(glyph)
        elif pending:
            tokens.append(_token(pending, aspect))
            pending = []
    return tokens


def _token(glyphs: list[Glyph], aspect: float) -> Token:
    boxes = [glyph.box for glyph in glyphs if glyph.box is not None]
    lefts, tops, rights, bottoms = zip(*boxes, strict=True) if boxes else ((0,), (0,), (0,), (0,))
    box = (min(lefts) * aspect, min(tops), max(rights) * aspect, max(bottoms))
    return Token("".join(glyph.char for glyph in glyphs), box)

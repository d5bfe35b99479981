"""A person's edits of a page's words: from the edits to the page of a new reading. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final, NamedTuple

from language.detect import detect_language, script_share
from language.lines import one_line

MOST_EDITS: Final = 2000  # of one page at a time
LONGEST: Final = 1000  # characters of one word or line
LONGEST_PAGE: Final = 50_000  # characters of a page that is typed in
CHECKED: Final = 1.0  # the confidence of a word that a person saw
UNCHECKED: Final = 0.999  # the most that any other word of a person's page has
Box = tuple[float, float, float, float]


class PageWord(NamedTuple):
    """A word as ocr.reading writes it: edges are fractions of the page, from its top left."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float
    line: int = 0

    @property
    def box(self) -> Box:
        """Its edges."""
        return (self.x0, self.y0, self.x1, self.y1)


@dataclass(frozen=True, slots=True)
class WordEdit:
    """The word at `index` reads `text`: an empty one removes it, the same confirms it."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class LineEdit:
    """The whole line reads `text`; an empty one removes it."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class NewLine:
    """A line that the reader missed, at a place on the page."""

    box: Box
    text: str


Edit = WordEdit | LineEdit | NewLine


class BadEditError(ValueError):
    """An edit cannot be taken. `code`: too_long, too_many, no_such_word, bad_box, nothing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def words_of(page: dict[str, Any]) -> list[PageWord]:
    """Return the page's words; a word without a line stands in the first."""
    return [PageWord(*word) for word in page.get("words") or ()]


def lines_of(words: Iterable[PageWord]) -> list[list[PageWord]]:
    """Return the words line by line, in reading order."""
    lines: dict[int, list[PageWord]] = {}
    for word in words:
        lines.setdefault(word.line, []).append(word)
    return list(lines.values())


def line_text(words: Iterable[PageWord]) -> str:
    """Return a line as one text."""
    return " ".join(word.text for word in words)


def is_checked(words: Iterable[PageWord]) -> bool:
    """Return whether a person checked every word of the line (on a page of source "person")."""
    return all(word.confidence >= CHECKED for word in words)


def edited(page: dict[str, Any], edits: Sequence[Edit], *, confirm: bool = False) -> dict[str, Any]:
    """Return the page with the edits; with `confirm` every word counts as seen by a person.

    Raise BadEditError. The page comes back as it is when nothing changes.
    """
    if len(edits) > MOST_EDITS:
        raise BadEditError("too_many")
    old = _as_unchecked(page)
    lines = _without_empty(_with_word_edits(old, edits), _line_edits(old, edits))
    lines += [_new_line(edit) for edit in edits if isinstance(edit, NewLine)]
    lines = _in_order(lines, known=len(lines) - sum(isinstance(e, NewLine) for e in edits))
    words = [
        word._replace(line=number, confidence=CHECKED if confirm else word.confidence)
        for number, line in enumerate(lines)
        for word in line
    ]
    if [word[:-1] for word in words] == [word[:-1] for word in old]:
        return page
    text = _text(page.get("text", ""), lines_of(old), lines_of(words))
    return _as_person(page, words, text)


def typed(page: dict[str, Any], text: str) -> dict[str, Any]:
    """Return the page with a text that a person typed, without places of words.

    Raise BadEditError: too_long, nothing.
    """
    if len(text) > LONGEST_PAGE:
        raise BadEditError("too_long")
    rows = [one_line(row, LONGEST_PAGE) for row in text.splitlines()]
    plain = "\n".join(rows).strip()
    if not plain:
        raise BadEditError("nothing")
    return _as_person(page, [], plain)


def _as_person(page: dict[str, Any], words: list[PageWord], text: str) -> dict[str, Any]:
    language = page.get("language") or detect_language(text)
    stays = page.get("problem") == "doubtful" and not is_checked(words)
    return {
        **page,
        "source": "person",
        "language": language,
        "confidence": round(_mean(words), 4),
        "text": text,
        "words": [list(word) for word in words],
        "problem": "doubtful" if stays else "",  # until a person saw every word
    }


def _mean(words: list[PageWord]) -> float:
    """Return the mean confidence, weighted by letters; a typed page is as sure as its person."""
    letters = sum(len(word.text) for word in words)
    return sum(len(w.text) * w.confidence for w in words) / letters if letters else CHECKED


def _as_unchecked(page: dict[str, Any]) -> list[PageWord]:
    """Return the words; those that only a reader was sure of stay below those a person saw."""
    words = words_of(page)
    if page.get("source") == "person":
        return words
    return [word._replace(confidence=min(word.confidence, UNCHECKED)) for word in words]


def _with_word_edits(old: list[PageWord], edits: Sequence[Edit]) -> list[list[PageWord]]:
    """Return the lines with single words replaced."""
    given = {edit.index: edit.text for edit in edits if isinstance(edit, WordEdit)}
    if any(not 0 <= index < len(old) for index in given):
        raise BadEditError("no_such_word")
    lines: dict[int, list[PageWord]] = {word.line: [] for word in old}
    for index, word in enumerate(old):
        if index in given:
            lines[word.line] += _spread(_tokens(given[index]), word.box, word.line)
        else:
            lines[word.line].append(word)
    return list(lines.values())


def _line_edits(old: list[PageWord], edits: Sequence[Edit]) -> dict[int, str]:
    given = {edit.line: edit.text for edit in edits if isinstance(edit, LineEdit)}
    if not given.keys() <= {word.line for word in old}:
        raise BadEditError("no_such_word")
    return given


def _without_empty(lines: list[list[PageWord]], given: dict[int, str]) -> list[list[PageWord]]:
    """Return the lines with whole ones typed anew; lines without words are dropped."""
    typed_anew = (
        _aligned(line, _tokens(given[line[0].line])) if line and line[0].line in given else line
        for line in lines
    )
    return [line for line in typed_anew if line]


def _aligned(line: list[PageWord], tokens: list[str]) -> list[PageWord]:
    """Place new words: equal ones where the old were, others in the space between."""
    number = line[0].line
    matcher = SequenceMatcher(a=[word.text for word in line], b=tokens, autojunk=False)
    out: list[PageWord] = []
    for what, a0, a1, b0, b1 in matcher.get_opcodes():
        if what == "equal":
            out += [word._replace(confidence=CHECKED) for word in line[a0:a1]]
        elif what == "replace" and a1 - a0 == b1 - b0:
            pairs = zip(line[a0:a1], tokens[b0:b1], strict=True)
            out += [word._replace(text=text, confidence=CHECKED) for word, text in pairs]
        elif what == "replace":
            out += _spread(tokens[b0:b1], _union(word.box for word in line[a0:a1]), number)
        elif what == "insert":
            out += _spread(tokens[b0:b1], _gap(line, a0), number)
    return out


def _gap(line: list[PageWord], at: int) -> Box:
    """Return the gap between two words of a line; without room, or at an end, the nearer box."""
    if not 0 < at < len(line):
        return line[min(at, len(line) - 1)].box
    left, right = sorted(line[at - 1 : at + 1], key=lambda word: word.x0)
    if right.x0 <= left.x1:
        return line[at - 1].box
    return (left.x1, min(left.y0, right.y0), right.x0, max(left.y1, right.y1))


def _union(boxes: Iterable[Box]) -> Box:
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return (min(x0), min(y0), max(x1), max(y1))


def _spread(tokens: list[str], box: Box, line: int) -> list[PageWord]:
    """Spread words over a box, each as wide as it is long, in their own direction."""
    x0, y0, x1, y1 = box
    total = sum(map(len, tokens)) or 1
    leftward = script_share("".join(tokens)) > 0.5
    words, done = [], 0
    for token in tokens:
        start, end = done / total, (done + len(token)) / total
        if leftward:
            start, end = 1 - end, 1 - start
        edges = (x0 + (x1 - x0) * start, x0 + (x1 - x0) * end)
        left, right = (round(edge, 4) for edge in edges)
        words.append(PageWord(token, left, y0, right, y1, CHECKED, line))
        done += len(token)
    return words


def _tokens(text: str) -> list[str]:
    if len(text) > LONGEST:
        raise BadEditError("too_long")
    return one_line(text, LONGEST).split()


def _new_line(edit: NewLine) -> list[PageWord]:
    x0, y0, x1, y1 = edit.box
    if not (0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1):
        raise BadEditError("bad_box")
    tokens = _tokens(edit.text)
    if not tokens:
        raise BadEditError("nothing")
    box = (round(x0, 4), round(y0, 4), round(x1, 4), round(y1, 4))
    return _spread(tokens, box, -1)


def _in_order(lines: list[list[PageWord]], *, known: int) -> list[list[PageWord]]:
    """Return the known lines in their order, each new one before the first that begins below it."""
    ordered = lines[:known]
    for line in lines[known:]:
        middle = (line[0].y0 + line[0].y1) / 2
        below = (n for n, other in enumerate(ordered) if _middle(other) > middle)
        ordered.insert(next(below, len(ordered)), line)
    return ordered


def _middle(line: list[PageWord]) -> float:
    _x0, y0, _x1, y1 = _union(word.box for word in line)
    return (y0 + y1) / 2


def _text(text: str, old: list[list[PageWord]], new: list[list[PageWord]]) -> str:
    """Return the page's text from its lines.

    Blank lines between paragraphs stay where no line was added or removed.
    """
    rows = text.split("\n")
    filled = [number for number, row in enumerate(rows) if row.strip()]
    before = [line_text(line) for line in old]
    if len(old) != len(new) or [" ".join(rows[n].split()) for n in filled] != before:
        return "\n".join(line_text(line) for line in new)
    for number, line in zip(filled, new, strict=True):
        rows[number] = line_text(line)
    return "\n".join(rows)

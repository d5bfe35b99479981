"""A page's own text, checked against its picture: accepted, compared, or rejected.

The text of its embedded pictures is read and inserted in its place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from PIL import Image, ImageDraw

from ocr.errors import EngineFailed, EngineTimeout, Unreadable
from ocr.pdf.glyphs import upright
from ocr.pdf.layer_numbers import DOUBT
from ocr.pdf.pages import Layer
from ocr.pdf.textlayer import compose, tokens_of
from ocr.pdf.textorder import arrange
from ocr.picture_reading import PictureReading
from ocr.quality import ARABIC, LATIN, UNTOLD, is_foreign, judge, letters, small_words
from ocr.reader import Reader
from ocr.reading import Box, Word

Weight = Literal["believe", "sample", "patch", "compare", "refuse"]

_STRANGE_SHARE, _ENOUGH_WORDS = 0.06, 30  # see quality.small_words
_BAND = 8  # lines
_MOST_HOLES = 0.4  # share of words with letters that cannot belong to them
_SURE_WORD, _SURE_OF_RIGHT = 0.4, 0.8  # in place of a word with foreign letters, and of another
_CODE = re.compile("[A-Za-z]{2}")
_AGREE = 0.4  # share of the picture's words that a true layer holds as well
_SURE_PICTURE = 0.55
_SURE_LINE, _SURE_PASTED, _LEAST_PASTED = 0.6, 0.7, 12
_MARGIN = 0.25  # of a word's height, for ink beyond its box


def weigh(layer: Layer | None) -> Weight:
    """Return whether, and after which check, a layer can stand for the page.

    Without any check of the picture, after a sample of it, with some words replaced from it, after
    reading all of it where the layer holds next to nothing, or not at all.
    """
    if layer is None or not layer.trusted:
        return "refuse"
    verdict = judge(layer.text)
    if verdict == "rubbish":
        return "refuse"
    if verdict == "empty":
        return "compare"
    holes = sum(is_foreign(word.text) for word in layer.words)
    if holes > _MOST_HOLES * len(layer.words):
        return "refuse"
    if holes or layer.twofold:
        return "patch"
    share, words = small_words(layer.text)
    strange = words >= _ENOUGH_WORDS and share < _STRANGE_SHARE
    return "sample" if strange or layer.unsure else "believe"


def agrees(layer: Layer, picture: Image.Image, reader: Reader) -> bool:
    """Return whether some lines of the picture match the layer. Raise EngineFailed."""
    page = picture.rotate(-layer.turn, expand=True)
    top, bottom = _richest_band(layer)
    margin = 0.01
    band = (0, int((top - margin) * page.height), page.width, int((bottom + margin) * page.height))
    seen = _tokens(reader.read(page.crop(band)).text)
    known = set(_tokens(layer.text))
    return bool(seen) and sum(word in known for word in seen) >= _AGREE * len(seen)


def _richest_band(layer: Layer) -> tuple[float, float]:
    """Return top and bottom of the few consecutive lines that hold most letters."""
    lines: dict[int, list[Word]] = {}
    for word in layer.words:
        lines.setdefault(word.line, []).append(word)
    rows = sorted(lines.values(), key=lambda line: min(word.box[1] for word in line))
    sizes = [sum(len(word.text) for word in line) for line in rows]
    first = max(range(len(rows)), key=lambda at: sum(sizes[at : at + _BAND]))
    words = [word for line in rows[first : first + _BAND] for word in line]
    return min(word.box[1] for word in words), max(word.box[3] for word in words)


def holds(layer: Layer, read: PictureReading) -> bool:
    """Return whether a doubtful layer is still the better one, since its picture says little."""
    if read.problem:
        return letters(layer.text) > 0
    if judge(layer.text) == "empty":
        return letters(layer.text) > letters(read.text)
    return letters(read.text) <= letters(layer.text) / 2 or read.confidence < _SURE_PICTURE


def patched(layer: Layer, read: PictureReading) -> Layer:
    """Replace the layer's words of foreign letters, or of both scripts, by what was read there.

    A letter that neither source gives is U+FFFD in a doubtful word. Where the map is wrong for a
    letter, words in its script are doubted if another one was read there.
    """
    if read.problem and UNTOLD not in layer.text and not layer.twofold:
        return layer
    back = (360 - read.turn + layer.turn) % 360  # the picture's upright page is the layer's, mostly
    told = () if read.problem else read.words
    seen = [replace(word, box=upright(word.box, back)) for word in told]
    suspects = {word for word in layer.words if _is_suspect(word.text)}
    patches = (
        _patch(word, seen) if word in suspects else _compared(word, seen, layer.twofold)
        for word in layer.words
    )
    lines = tokens_of([_with_gaps(word) for word in patches], aspect=layer.aspect)
    text, placed = compose(arrange(lines) if suspects else lines, aspect=layer.aspect)
    return replace(layer, text=text, words=placed)


def _compared(word: Word, seen: list[Word], twofold: frozenset[str]) -> Word:
    """Return a word of a page whose map is wrong for letters, doubted if it was read otherwise.

    With such a letter in it, it is what was surely read, and doubted where nothing was.
    """
    scripts = [one for one in (ARABIC, LATIN) if any(map(one.match, twofold))]
    if not any(script.search(word.text) for script in scripts):
        return word
    found = [one for one in seen if _is_in(one.box, word.box)]
    own = bool(twofold & set(unicodedata.normalize("NFKD", word.text)))  # "إ" is an alef as well
    same = _alike("".join(one.text for one in found)) == _alike(word.text)
    if same or not (found or own):
        return word
    told = _patch(word, found) if own else word
    return replace(told, confidence=min(told.confidence, DOUBT))


def _alike(text: str) -> str:
    """Return the letters and figures in which two readings of a word differ, if they do."""
    plain = unicodedata.normalize("NFKD", text).casefold()  # a letter apart from its accent, hamza
    return "".join(char for char in plain if char.isalnum())


def _with_gaps(word: Word) -> Word:
    if UNTOLD not in word.text:
        return word
    confidence = min(word.confidence, DOUBT)
    return replace(word, text=word.text.replace(UNTOLD, "\ufffd"), confidence=confidence)


def _is_suspect(word: str) -> bool:
    """Return whether a word may have wrong letters, on a page where others have."""
    return is_foreign(word) or bool(ARABIC.search(word) and LATIN.search(word))


def _patch(word: Word, seen: list[Word]) -> Word:
    """Return what was surely read in a word's box if it may be that word; else the word as is."""
    sure = _SURE_WORD if is_foreign(word.text) else _SURE_OF_RIGHT
    found = [one for one in seen if _is_in(one.box, word.box) and one.confidence >= sure]
    text = " ".join(one.text for one in found)
    arabic = bool(ARABIC.search(word.text))
    if not 0.5 * len(word.text) <= len(text) <= 2 * len(word.text):
        return word
    if bool(ARABIC.search(text)) != arabic and letters(word.text):
        return word
    if _CODE.search(word.text) and not _CODE.search(text):
        return word  # so does a code, which readers of Arabic take for figures
    figures = re.findall(r"\d", word.text)
    if figures and figures != re.findall(r"\d", text):
        return word  # the layer's digits stand
    return replace(word, text=text, confidence=min(one.confidence for one in found))


def _is_in(box: Box, other: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return other[0] <= x <= other[2] and other[1] <= y <= other[3]


def as_a_guess(layer: Layer) -> Layer:
    """Return a layer that nothing vouches for: words of no script of ours left out, all doubted."""
    words = [
        replace(word, confidence=min(word.confidence, DOUBT))
        for word in layer.words
        if not is_foreign(word.text)
    ]
    text, placed = compose(tokens_of(words, aspect=layer.aspect), aspect=layer.aspect)
    return replace(layer, text=text, words=placed)


def with_pictures(
    layer: Layer, draw: Callable[[], Image.Image], reader: Reader
) -> tuple[Layer, PictureReading | None]:
    """Insert the writing of a layer's pictures among its lines; also return its reading.

    Return the layer alone where they hold no text. `draw` gives the page in grey, as it is stored.
    """
    if not layer.pictures:
        return layer, None
    try:
        page = draw().rotate(-layer.turn, expand=True)
        read = reader.read(_only_pictures(page, layer))
    except (EngineFailed, EngineTimeout, Unreadable):
        return layer, None
    words = _sure_words(read)
    if read.confidence < _SURE_PASTED or sum(len(word.text) for word in words) < _LEAST_PASTED:
        return layer, None
    lines = [line for part in (layer.words, words) for line in tokens_of(part, aspect=layer.aspect)]
    text, placed = compose(arrange(lines), aspect=layer.aspect)
    return replace(layer, text=text, words=placed), read


def _only_pictures(page: Image.Image, layer: Layer) -> Image.Image:
    """Blank out everything but the page's pictures: its own words are not read twice."""
    out = Image.new("L", page.size, 255)
    for box in layer.pictures:
        place = _pixels(box, page.size)
        out.paste(page.crop(place), place[:2])
    pen = ImageDraw.Draw(out)
    for word in layer.words:
        left, top, right, bottom = _pixels(word.box, page.size)
        margin = int(_MARGIN * (bottom - top)) + 1
        pen.rectangle((left - margin, top - margin, right + margin, bottom + margin), fill=255)
    return out


def _pixels(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    wide, high = size
    return int(box[0] * wide), int(box[1] * high), int(box[2] * wide) + 1, int(box[3] * high) + 1


def _sure_words(read: PictureReading) -> list[Word]:
    """Return the words of lines that are surely writing, placed as the layer's are."""
    lines: dict[int, list[Word]] = {}
    for word in read.words:
        lines.setdefault(word.line, []).append(word)
    sure = [line for line in lines.values() if _confidence(line) >= _SURE_LINE]
    back = (360 - read.turn) % 360
    return [replace(word, box=upright(word.box, back)) for line in sure for word in line]


def _confidence(words: list[Word]) -> float:
    total = sum(len(word.text) for word in words)
    return sum(len(word.text) * word.confidence for word in words) / total if total else 0.0


def _tokens(text: str) -> list[str]:
    return [word.lower() for word in re.findall(r"\w{2,}", text)]

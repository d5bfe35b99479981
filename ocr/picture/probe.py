"""Which language a page is in, from its ink and from two short segments of its text.

The ink alone identifies most print at no cost: Arabic is connected in short pieces and full of
dots, Latin stands apart. Only what it leaves open is read: about a hundred characters, a twentieth
of a page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ocr.attempt import Attempt
from ocr.engines.contract import PixelBox, SeenLine
from ocr.picture.layout import Page, dots_per_letter, joined_length, joined_share, scale_for
from ocr.picture.strip import Strip
from ocr.quality import ARABIC, LATIN, language_of
from ocr.reading import Language

Floats = NDArray[np.float64]
Script = Literal["arabic", "latin", "joined", "apart"]
Read = Callable[[Image.Image, Language], list[SeenLine]]

_SURE = 0.78  # a probe this confident needs no second one
_SURE_ARABIC = 0.66  # measured: Latin read as Arabic up to 0.58, upside down up to 0.52
_PLAIN = 0.62  # below it even the better of two probes says little
_CLEAR, _FAR_WEAKER = 0.55, 0.2  # a probe this sure will do where the other is worth so little
_LEAST_LETTERS = 12
_JOINED, _SURELY_JOINED = 0.25, 0.4  # shares of connected ink, see layout.joined_share
_APART = 0.2
_FEW_DOTS, _MANY_DOTS = 0.25, 1.5  # see layout.dots_per_letter
_LONG = 2.65  # see layout.joined_length
_STRETCH = 42  # width of a stretch in text heights
_ROW = 1.3  # height of the window that looks for a row of text, in text heights


@dataclass(frozen=True, slots=True)
class Guess:
    """The language to read a page in; `sure` when it was clearly read, or the ink is clear."""

    language: Language
    sure: bool


def guess_language(
    picture: Image.Image,
    page: Page,
    *,
    languages: tuple[Language, ...],
    usual: Language,
    read: Read,
) -> Guess:
    """Return the language of a straightened page.

    `usual` is that of the page before it ("" if none).
    """
    latin = [one for one in languages if one != "ar"]
    if len(languages) == 1:
        return Guess(languages[0], sure=True)
    script = script_of(page) if "ar" in languages else "latin"
    likely: Language = usual if usual in latin else latin[0]
    if script == "arabic":
        return Guess("ar", sure=True)
    if script == "latin" and (usual in latin or len(latin) == 1):
        return Guess(likely, sure=True)
    boxes = stretches(page, picture.size)
    if not boxes:
        return Guess(likely, sure=False)

    def probe(language: Language) -> Attempt:
        strip = Strip(picture, boxes, scale_for(page, language))
        return Attempt(language, read(strip.picture, language))

    order: list[Language] = [likely] if script == "latin" else [likely, "ar"]
    if script == "joined":
        order.reverse()
    tried = [probe(order[0])]
    if len(order) > 1 and not _is_plain(tried[0]):
        tried.append(probe(order[1]))
    best = max(tried, key=_worth)
    return Guess(
        "ar" if best.language == "ar" else latin_of(best.text, latin, likely), _is_sure(best, tried)
    )


def script_of(page: Page) -> Script:
    """Return what the ink says: surely Arabic or Latin, or more connected or more apart."""
    share = joined_share(page.boxes, page.height)
    dots = dots_per_letter(page.boxes, page.height)
    if share < _APART or (share < _SURELY_JOINED and dots < _FEW_DOTS):
        return "latin"
    short = joined_length(page.boxes, page.height) < _LONG
    if share > _SURELY_JOINED and _FEW_DOTS < dots < _MANY_DOTS and short:
        return "arabic"
    return "joined" if share > _JOINED and dots > _FEW_DOTS else "apart"


def latin_of(text: str, latin: Sequence[Language], default: Language) -> Language:
    """Return which of these Latin languages a text is in; `default` where it is undecided."""
    found = language_of(text, default)
    return found if found in latin else default


def stretches(page: Page, size: tuple[int, int]) -> list[PixelBox]:
    """Return the densest segment of a line of letters in each half of the page, pixels."""
    height = page.height
    high = page.boxes[:, 3] - page.boxes[:, 1]
    letters = page.boxes[(high > 0.5 * height) & (high < 2.5 * height)]
    if not height or not len(letters):
        return []
    middles = (letters[:, 1] + letters[:, 3]) / 2
    found = [
        _densest(letters[upper], height, size[0])
        for upper in (middles < size[1] / 2, middles >= size[1] / 2)
        if upper.any()
    ]
    return sorted(found, key=lambda box: box[1])


def _densest(letters: Floats, height: float, width: int) -> PixelBox:
    """Return the one-line window, `_STRETCH` heights wide, that holds most width of letters."""
    middles = (letters[:, 1] + letters[:, 3]) / 2
    top = _best_window(middles, letters[:, 2] - letters[:, 0], _ROW * height)
    row = letters[(middles >= top) & (middles <= top + _ROW * height)]
    wide = min(_STRETCH * height, width)
    left = _best_window((row[:, 0] + row[:, 2]) / 2, row[:, 2] - row[:, 0], wide)
    row = row[(row[:, 2] >= left) & (row[:, 0] <= left + wide)]
    upper, lower = float(np.percentile(row[:, 1], 5)), float(np.percentile(row[:, 3], 95))
    return float(row[:, 0].min()), upper, float(row[:, 2].max()), lower


def _best_window(at: Floats, weight: Floats, length: float) -> float:
    """Return where the window of this length that holds most weight begins."""
    order = np.argsort(at)
    at, total = at[order], np.concatenate([[0.0], np.cumsum(weight[order])])
    ends = np.searchsorted(at, at + length, side="right")
    return float(at[int(np.argmax(total[ends] - total[:-1]))])


def _is_plain(probe: Attempt) -> bool:
    sure = _SURE_ARABIC if probe.language == "ar" else _SURE
    enough = probe.confidence >= sure and probe.letters >= _LEAST_LETTERS
    return enough and _worth(probe) > 0.5 * probe.score


def _is_sure(best: Attempt, tried: Sequence[Attempt]) -> bool:
    """Return whether the better probe tells the language, and that the page is upright.

    A weak one does where the other is far weaker: upside down, both are read as nonsense.
    """
    if best.letters < _LEAST_LETTERS:
        return False
    others = [_worth(one) for one in tried if one is not best]
    clear = bool(others) and max(others) < _FAR_WEAKER * _worth(best)
    return best.confidence >= (_CLEAR if clear else _PLAIN)


def _worth(probe: Attempt) -> float:
    """Return how plausible a probe is.

    An Arabic model reads Latin as Arabic nonsense with low confidence; what it reads as Latin
    letters counts against Arabic.
    """
    if probe.language != "ar":
        return probe.score
    arabic, latin = len(ARABIC.findall(probe.text)), len(LATIN.findall(probe.text))
    return probe.score * arabic / max(arabic + latin, 1)

"""`python -m tools.calibration_fit [--speed …] [--limit N] [--check]`: fit what confidence means.

`--speed quick careful` says which readings. Reads the first half of the corpus' documents and the
drawn letters, marks each word as right or wrong against the true text, and writes a monotone curve
for each reader and language into `ocr.engines.calibration.TABLE`. The second half judges it.
`--check` judges the present table.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
from sklearn.isotonic import IsotonicRegression

from ocr.bench.drawn import draw, planned
from ocr.bench.sets import CORPUS, SETS, BenchPage, pages_of, thinned
from ocr.engines.calibration import TABLE, calibrated, curves, expected_error, reliability
from ocr.judging.scoring import normal
from ocr.limits import Limits
from ocr.picture.images import Pictures
from ocr.pipeline import make_reader
from ocr.reading import SPEEDS, Speed

LEFT_OUT = {"en-receipts", "en-handwritten", "ar-handwritten", "ar-admin-clean"}
LEFT_OUT |= {"ar-books", "en-pages"}
_KNOTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.96, 0.98, 1.0)
_FEW = 60  # words; fewer fit no curve
_ENOUGH = 1000  # words of a language from which on its own curve weighs more than the engine's
Knots = dict[str, list[float]]
_LEAST, _MOST = 0.02, 0.99  # nothing is surely wrong or surely right


@dataclass(frozen=True, slots=True)
class Seen:
    """A word that was read: its curve, its raw confidence, and whether it is right."""

    curve: str
    raw: float
    right: bool
    second_half: bool


def words_right(read: Sequence[str], truth: str) -> list[bool]:
    """Return for each read word whether it stands in the true text at its place, in normal form."""
    seen = [normal(word) for word in read]
    matcher = SequenceMatcher(None, normal(truth).split(), seen, autojunk=False)
    right = [False] * len(seen)
    for block in matcher.get_matching_blocks():
        right[block.b : block.b + block.size] = [True] * block.size
    return right


def read_pages(pages: Sequence[BenchPage], speed: Speed) -> Iterator[Seen]:
    """Yield every word of the pages with its raw confidence."""
    raw: list[tuple[str, float]] = []

    def remember(figure: float, *, engine: str, language: str) -> float:
        raw.append((f"{engine}/{language}", figure))
        return figure

    reader = make_reader(limits=Limits(), speed=speed)
    reader.calibrate = remember
    for page in pages:
        raw.clear()
        words = reader.read(Pictures(page.picture, Limits()).picture(1)).words
        right = words_right([word.text for word in words], page.truth)
        for (curve, confidence), good in zip(raw, right, strict=True):
            yield Seen(curve, confidence, good, page.second_half)


def fit(words: Sequence[Seen]) -> Knots:
    """Return a rising curve from raw confidence to the share of right words, at a few knots."""
    model = IsotonicRegression(y_min=_LEAST, y_max=_MOST, out_of_bounds="clip")
    model.fit([word.raw for word in words], [word.right for word in words])
    # An average over each knot's surroundings: steps made by few words are chance.
    around = np.linspace(-0.03, 0.03, 7)
    right = [float(model.predict(np.clip(knot + around, 0, 1)).mean()) for knot in _KNOTS]
    return {
        "raw": list(_KNOTS),
        "right": [round(value, 3) for value in np.maximum.accumulate(right)],
    }


def judge(words: Sequence[Seen]) -> None:
    """Print the error before and after calibration, and the reliability of both."""
    right = [word.right for word in words]
    for name in sorted({word.curve for word in words}):
        own = [word for word in words if word.curve == name]
        _judge(name, own, [word.right for word in own])
    _judge("all", words, right)


def _judge(name: str, words: Sequence[Seen], right: Sequence[bool]) -> None:
    raw = [word.raw for word in words]
    engines = [word.curve.split("/") for word in words]
    after = [
        calibrated(value, engine=engine, language=language)
        for value, (engine, language) in zip(raw, engines, strict=True)
    ]
    before_error, after_error = expected_error(raw, right), expected_error(after, right)
    print(f"{name:14} {len(raw):6} words, error before {before_error:.3f}, after {after_error:.3f}")
    for label, values in (("before", raw), ("after", after)):
        rows = reliability(values, right)
        print(f"    {label:7}", " ".join(f"{m:.2f}:{s:.2f}({n})" for n, m, s in rows))


def main(arguments: list[str]) -> int:
    """Fit, write and judge; exit 2 without the corpus."""
    parser = argparse.ArgumentParser(prog="tools.calibration_fit", description=__doc__)
    parser.add_argument("--speed", nargs="+", choices=SPEEDS[:2], default=list(SPEEDS[:2]))
    parser.add_argument("--limit", type=int, default=0, help="pages of a set (0: all)")
    parser.add_argument("--check", action="store_true", help="fit nothing")
    wanted = parser.parse_args(arguments)
    if not CORPUS.is_dir():
        print("The corpus is not beside this checkout: nothing to fit.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="sijill-fit-") as scratch:
        pages = [page for name in SETS if name not in LEFT_OUT for page in pages_of(SETS[name])]
        drawn = planned(Path(scratch))
        for page in drawn:
            draw(page)
        pages += drawn
        pages = thinned(pages, wanted.limit)
        words = [seen for speed in wanted.speed for seen in read_pages(pages, speed)]
    if not wanted.check:
        _write([word for word in words if not word.second_half])
    for half in (False, True):
        print(f"── {'second' if half else 'first'} half of the documents")
        judge([word for word in words if word.second_half == half])
    return 0


def _write(words: Sequence[Seen]) -> None:
    by_curve: dict[str, list[Seen]] = defaultdict(list)
    by_engine: dict[str, list[Seen]] = defaultdict(list)
    for word in words:
        by_curve[word.curve].append(word)
        by_engine[word.curve.split("/")[0]].append(word)
    fitted = {
        name: _leaning(fit(own), fit(by_engine[name.split("/")[0]]), share=len(own))
        for name, own in sorted(by_curve.items())
        if len(own) >= _FEW
    }
    TABLE.write_text(json.dumps(fitted, indent=1) + "\n")
    curves.cache_clear()


def _leaning(own: Knots, common: Knots, *, share: int) -> Knots:
    """Mix the curve of a language with few words with that of all the engine's words."""
    part = share / (share + _ENOUGH)
    right = [
        round(part * mine + (1 - part) * all_of, 3)
        for mine, all_of in zip(own["right"], common["right"], strict=True)
    ]
    return {"raw": own["raw"], "right": right}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

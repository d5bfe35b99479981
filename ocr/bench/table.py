"""Scores of the pages read, and the rows of the benchmark's table."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ocr.bench.readers import Taken
from ocr.bench.sets import BenchPage
from ocr.judging.digit_scoring import DigitScore, digit_accuracy
from ocr.judging.error_kinds import error_kinds
from ocr.judging.scoring import character_error_rate, normal, word_error_rate

MEGA = 1_000_000
_RATIO_WIDTH = 20
_COLUMNS = (
    ("pages", 16),
    *(("CER 1", 9), ("CER 2", 7), ("CER", 7), ("median", 7), ("WER", 7)),
    *(("digits", 9), ("recall", 7), ("prec.", 7)),
    ("hand", 6),
    *(("CPU s", 9), ("wall s", 7), ("MB", 6)),
)
LEGEND = """\
CER, WER: mean over pages of wrong, missing and added characters (words) per true one; CER 1 and
  CER 2 are the two halves of the documents (thresholds were tuned with the first half in view).
  Texts are compared after NFKC, without harakat, tatweel and direction marks, Arabic-Indic and
  Persian digits as Latin ones, quotes and dashes straight, runs of leader dots collapsed, white
  space folded. Receipts: without regard to capitals.
digits: digits right of the true ones, by edit distance; recall, prec.: numbers read exactly (runs
  of digits with . , / : - between them), of the true and of the read ones; all pages together.
hand: pages taken for handwriting or for hopeless print, which these are not.
CPU s, wall s: mean per page, children included; a program's own start is in a peer's figures,
  Python's start and the loading of the second reader's models are not in ours. MB: most resident
  memory of the process tree on any page.
CER ÷, CPU ÷: in relation to that peer on the same pages, sums over pages.
Peers: tesseract = `-l ara+fra+eng --psm 3` with the system's models; second = our second reader
  alone, on the page as it came; model = `--psm 3` with the best_int models and the page's own
  language; ocrmypdf = its defaults, `-l ara+fra+eng`. All with one thread a page, but OCRmyPDF,
  which chooses itself. On each page the readers take turns in going first."""


@dataclass(frozen=True, slots=True)
class Result:
    """One page by one reader: rates per true character or word, seconds, bytes.

    `kinds`: wrong characters by kind, of `characters` true ones; `letters`: letters and figures
    read.
    """

    set: str
    page: str
    reader: str
    second_half: bool
    unread: bool
    told: bool
    problem: str
    cer: float
    wer: float
    digits: DigitScore
    kinds: dict[str, int]
    characters: int
    cpu: float
    wall: float
    peak: int
    letters: int

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


def score(name: str, page: BenchPage, reader: str, taken: Taken) -> Result:
    """Compare what was read with the ground truth."""
    truth, text = page.truth, taken.text
    if page.capitals:
        truth, text = truth.upper(), text.upper()
    return Result(
        name,
        page.name,
        reader,
        page.second_half,
        page.unread,
        page.told,
        taken.problem,
        character_error_rate(truth, text),
        word_error_rate(truth, text),
        digit_accuracy(truth, text),
        error_kinds(truth, text) if truth else {},
        len(normal(truth)),
        taken.cost.cpu,
        taken.cost.wall,
        taken.cost.peak,
        sum(map(str.isalnum, text)),
    )


def head(peers: Sequence[str]) -> str:
    """Return the head of the table; every peer has two columns of ratios."""
    ratios = "".join(f" {f'{name} CER÷ CPU÷':>{_RATIO_WIDTH}}" for name in peers)
    return "".join(f"{name:>{width}}" for name, width in _COLUMNS) + "  " + ratios


def row(reader: str, results: Sequence[Result], peers: Sequence[Sequence[Result]]) -> str:
    """Return one line of the table; ratios are relative to the results of `peers`."""
    digits = sum((r.digits for r in results), start=DigitScore())
    halves = [[r.cer for r in results if r.second_half == half] for half in (False, True)]
    rates = [statistics.fmean(half) if half else float("nan") for half in halves]
    rates += [mean(results, "cer"), statistics.median(r.cer for r in results), mean(results, "wer")]
    numbers = [digits.accuracy, digits.recall, digits.precision]
    return (
        f"{reader:11}{len(results):5} │{_percent(rates)} │{_percent(numbers)}"
        f"{taken_for_handwriting(results):6}│"
        f"{mean(results, 'cpu'):7.2f}{mean(results, 'wall'):7.2f}"
        f"{max(r.peak for r in results) / MEGA:6.0f}  {''.join(_ratios(results, p) for p in peers)}"
    )


def unread_row(reader: str, results: Sequence[Result]) -> str:
    """Return the row of pages a person must read: how many the reader admits, what it invents."""
    admitted = sum(bool(r.problem) for r in results)
    letters = mean(results, "letters")
    return (
        f"{reader:11}{len(results):5} │ {admitted} end as unread; {letters:.0f} letters and digits"
        f" a page are told as read, {mean(results, 'cpu'):.2f} CPU s"
    )


def taken_for_handwriting(results: Sequence[Result]) -> int:
    """Return how many pages were called handwriting or too poor to read."""
    return sum(bool(r.problem) for r in results)


def untold_row(reader: str, results: Sequence[Result]) -> str:
    """Return the row of printed pages whose text is not known."""
    return (
        f"{reader:11}{len(results):5} │ {taken_for_handwriting(results)} are taken for handwriting,"
        f" {mean(results, 'cpu'):.2f} CPU s"
    )


def mean(results: Sequence[Result], field: str) -> float:
    """Return the mean of a field over pages."""
    return statistics.fmean(getattr(result, field) for result in results)


def _percent(values: Sequence[float]) -> str:
    return "".join(f"{value:7.1%}" if value == value else f"{'-':>7}" for value in values)


def _ratios(results: Sequence[Result], peer: Sequence[Result]) -> str:
    errors, costs = (
        mean(results, field) / max(mean(peer, field), 1e-9) for field in ("cer", "cpu")
    )
    return f" {f'{errors:.2f} {costs:5.2f}':>{_RATIO_WIDTH}}"

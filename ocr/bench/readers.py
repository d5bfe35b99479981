"""The readers the benchmark compares: Sijill's speeds, bare Tesseract in two ways, OCRmyPDF."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PIL import Image

from ocr.bench.ocrmypdf import program
from ocr.bench.processes import Cost, peak_of, run
from ocr.bench.sets import BenchPage
from ocr.engines.tessdata import ROOT, find

OURS = ("quick", "careful")
PEERS = ("tesseract", "second", "model", "ocrmypdf")
EVERYTHING = "ara+fra+eng"  # what a trilingual office gets from document systems by default
_PLAUSIBLE_DPI, _ASSUMED_DPI = 100, 200


@dataclass(frozen=True, slots=True)
class Taken:
    """A reader's result for a page and its cost; `problem` where it reports it can't read it."""

    text: str
    cost: Cost
    problem: str = ""


class BenchReader(Protocol):
    """A reader of single pictures; `read` raises CalledProcessError when its program fails."""

    name: str

    def read(self, page: BenchPage) -> Taken:
        """Read one page."""

    def close(self) -> None:
        """Release what was started."""


class Sijill:
    """The office's own reading at one speed, in a process that is kept for the whole run.

    Or its second reader alone: `second`.
    """

    def __init__(self, speed: str) -> None:
        self.name = speed
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ocr.bench.worker", speed],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=environment(),
        )

    def read(self, page: BenchPage) -> Taken:
        """Read one page, as `BenchReader` says."""
        assert self._process.stdin  # noqa: S101 - opened as a pipe
        assert self._process.stdout  # noqa: S101 - opened as a pipe
        started = time.monotonic()
        with peak_of(self._process.pid) as peak:
            self._process.stdin.write(f"{page.picture}\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        if not line:
            raise subprocess.CalledProcessError(self._process.wait(), "ocr.bench.worker")
        answer = json.loads(line)
        cost = Cost(answer["cpu"], time.monotonic() - started, peak.bytes)
        return Taken(answer["text"], cost, answer["problem"])

    def close(self) -> None:
        """Close the process's stdin, which ends it."""
        assert self._process.stdin  # noqa: S101 - opened as a pipe
        with contextlib.suppress(OSError), self._process:
            self._process.stdin.close()


class Program:
    """A command-line program, started anew for every page, writing its text to a file."""

    def __init__(
        self, name: str, command: Callable[[BenchPage, Path], list[str]], *, one_thread: bool = True
    ) -> None:
        self.name = name
        self._command = command
        self._one_thread = one_thread

    def read(self, page: BenchPage) -> Taken:
        """Read one page, as `BenchReader` says."""
        with tempfile.TemporaryDirectory(prefix="sijill-bench-") as scratch:
            out = Path(scratch) / "out.txt"
            command = self._command(page, out)
            surroundings = environment(one_thread=self._one_thread) | {"TMPDIR": scratch}
            _, cost = run(command, environment=surroundings, cwd=Path(scratch))
            return Taken(out.read_text(errors="replace"), cost)

    def close(self) -> None:
        """Do nothing, since nothing runs between pages."""


def make(name: str) -> BenchReader:
    """Return the reader of that name. Raise FileNotFoundError where a peer can't be had."""
    if name in OURS or name == "second":
        return Sijill(name)
    if name == "tesseract":
        return Program(name, lambda page, out: _tesseract(page, out, EVERYTHING))
    if name == "model":
        folder = find().folder
        if folder is None:
            raise FileNotFoundError("the best_int models are not installed")
        extra = ["--tessdata-dir", str(folder)]
        return Program(name, lambda page, out: _tesseract(page, out, page.language, *extra))
    ocrmypdf = program()
    return Program(
        name,
        lambda page, out: [str(ocrmypdf), *_ocrmypdf(page.picture, out)],
        one_thread=False,
    )


def environment(*, one_thread: bool = True) -> dict[str, str]:
    """Return the part of this process's environment that a reader may see: no secret, no proxy.

    One thread for Tesseract, as every office on few cores should run it, unless the number of
    threads is the program's own choice.
    """
    kept = ("PATH", "HOME", "OCR_MODELS_DIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
    base = {name: os.environ[name] for name in kept if name in os.environ}
    threads = dict.fromkeys(("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
    return base | {"LANG": "C.UTF-8"} | (threads if one_thread else {})


def _tesseract(page: BenchPage, out: Path, language: str, *extra: str) -> list[str]:
    stem = str(out.with_suffix(""))
    return ["tesseract", str(page.picture), stem, "-l", language, "--psm", "3", *extra]


def _ocrmypdf(picture: Path, out: Path) -> list[str]:
    """Return OCRmyPDF's command with defaults; 200 dpi for pictures that declare no resolution."""
    with Image.open(picture) as image:
        dpi = image.info.get("dpi", (0, 0))[0]
    told = [] if dpi >= _PLAUSIBLE_DPI else ["--image-dpi", str(_ASSUMED_DPI)]
    return ["-l", EVERYTHING, *told, "--sidecar", str(out), str(picture), f"{out}.pdf"]

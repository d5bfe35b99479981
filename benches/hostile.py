"""Files that break readers: what becomes of each, in what time, with how much memory.

Reads each file of a folder, and traps made on the spot, as the office does. Exit 1 where one breaks
the reader, leaves a page without text or reason, or takes more memory than allowed.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ocr.bench.processes import resident
from ocr.children.sandbox import read_in_child
from ocr.errors import ReaderFailed, Unreadable
from ocr.reading import Reading

MEGA = 1_000_000
MOST_BYTES = 600 * MEGA
PAGE_SECONDS = 20.0
FOLDER = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "hostile"
PAGE = Path(__file__).resolve().parents[1] / "docs" / "hostile.md"
_NEXT = "\n## Mutated files"
_SAMPLE_SECONDS = 0.02
_INTRODUCTION = """# Files that break readers

What became of each file of a collection of fuzzers' finds and hand-made traps, by
`./sijill bench hostile --write`: read as the office reads, {seconds:.0f} s for a page at most, in a
process of its own. *Read*: every page has its text or its reason. Else the reason why there is no
page. Memory is what the reading processes held at most, the engine included; {most} MB are allowed.

| Folder | Files | Read | Not read, by reason | Broke the reader | Longest, s | Memory, MB |
|---|---|---|---|---|---|---|
"""


@dataclass(slots=True)
class Outcome:
    """The outcome of one file: `read`, a problem's code, or what failed on our side."""

    code: str
    seconds: float
    peak: int
    broken: bool = False


@dataclass(slots=True)
class Family:
    """The outcomes of one folder."""

    outcomes: list[Outcome] = field(default_factory=list)

    def row(self, name: str) -> str:
        """Return the folder's line in the table."""
        codes = Counter(one.code for one in self.outcomes)
        read = codes.pop("read", 0)
        broken = sum(one.broken for one in self.outcomes)
        reasons = ", ".join(f"{code} {count}" for code, count in sorted(codes.items()))
        longest = max(one.seconds for one in self.outcomes)
        most = max(one.peak for one in self.outcomes) / MEGA
        files = len(self.outcomes)
        return f"| {name} | {files} | {read} | {reasons} | {broken} | {longest:.1f} | {most:.0f} |"


def outcome_of(path: Path) -> Outcome:
    """Read one file and return its outcome."""
    started = time.monotonic()
    with _Watch() as watch:
        try:
            code, broken = _judge(read_in_child(path, page_seconds=PAGE_SECONDS))
        except Unreadable as error:
            code, broken = error.code, False
        except ReaderFailed:
            code, broken = "crashed", True
        except Exception as error:  # whatever it is, it is told and the next file is read
            code, broken = type(error).__name__, True
    return Outcome(code, time.monotonic() - started, watch.peak, broken)


def _judge(reading: Reading) -> tuple[str, bool]:
    """Return `read` when a page has text, else the pages' reason; True where one has neither."""
    bare = any(not page.text.strip() and not page.problem for page in reading.pages)
    if bare or not reading.pages:
        return "bare", True
    if any(page.text.strip() for page in reading.pages):
        return "read", False
    return reading.pages[0].problem, False


class _Watch:
    """The most memory that child processes hold together while the block runs."""

    def __enter__(self) -> "_Watch":
        self.peak = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        page = os.sysconf("SC_PAGE_SIZE")
        while not self._ended.wait(_SAMPLE_SECONDS):
            own = int(Path("/proc/self/statm").read_text().split()[1]) * page
            self.peak = max(self.peak, resident(os.getpid()) - own)


def families(folder: Path, traps: Path) -> dict[str, list[Path]]:
    """Return folder name -> its files."""
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in {"SOURCE.md", "manifest.csv"}:
            name = "/".join(path.relative_to(folder).parts[:-1][:2])
            found.setdefault(name, []).append(path)
    return found | {"traps made for this bench": _made(traps)}


def _made(folder: Path) -> list[Path]:
    from tests.ocr.traps import TRAPS

    for name, make in TRAPS.items():
        (folder / name).write_bytes(make())
    return sorted(folder.iterdir())


def look_at(
    found: dict[str, list[Path]], told: Callable[[str], None]
) -> Iterator[tuple[str, Family]]:
    """Yield each folder with the outcomes of its files; every bad one is reported at once."""
    for name, paths in found.items():
        family = Family()
        for path in paths:
            outcome = outcome_of(path)
            family.outcomes.append(outcome)
            if outcome.broken or outcome.peak > MOST_BYTES or outcome.seconds > PAGE_SECONDS:
                megabytes = outcome.peak / MEGA
                told(f"  {path.name}: {outcome.code}, {outcome.seconds:.1f} s, {megabytes:.0f} MB")
        yield name, family


def main() -> int:
    """Print the table, and write it into docs/hostile.md where that is asked for."""
    parser = argparse.ArgumentParser(prog="sijill bench hostile", description=__doc__)
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--only", default="", help="folders whose name holds this")
    parser.add_argument("--write", action="store_true", help="into docs/hostile.md")
    asked = parser.parse_args()
    rows, bad = [], 0
    with tempfile.TemporaryDirectory(prefix="sijill-traps-") as traps:
        found = families(asked.folder, Path(traps))
        found = {name: paths for name, paths in found.items() if asked.only in name}
        for name, family in look_at(found, lambda line: print(line, flush=True)):
            rows.append(family.row(name))
            print(rows[-1], flush=True)
            bad += sum(one.broken or one.peak > MOST_BYTES for one in family.outcomes)
    if asked.write:
        head = _INTRODUCTION.format(seconds=PAGE_SECONDS, most=MOST_BYTES // MEGA)
        kept = PAGE.read_text().partition(_NEXT)  # the figures of `bench fuzz` stand below
        PAGE.write_text("".join([head, "\n".join(rows), "\n", *kept[1:]]))
    print("nothing broke" if not bad else f"{bad} files broke the reader or took too much memory")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

"""Mutated files: samples of each format with bits turned, cut off, spliced or changed inside.

Each goes the way of a deposit: judged by the confined child that stays, then, where it was taken,
read by a confined child of its own (office documents are drawn by LibreOffice now and then). Exit 1
where one breaks our side, or a process takes more memory than allowed.
"""

import argparse
import io
import random
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benches._samples_of_formats import samples
from ocr.bench.processes import largest
from ocr.children.sandbox import read_in_child
from ocr.errors import ReaderFailed, Unreadable
from ocr.written.rendition import RENDERED, office_program, render_in_child
from registry.files.judging import Most
from registry.files.kinds import RefusedError
from sandbox.process import ChildDied
from sandbox.warm import WarmChildren

MOST_BYTES: Final = 600_000_000  # of one process
PAGE_SECONDS: Final = 20.0
_MOST: Final = Most(pages=2000, pixels=150_000_000)
_DRAWN_EACH: Final = 40  # office documents: every fortieth is drawn, for it takes seconds
_SAMPLE_SECONDS: Final = 0.02
_HEAD: Final = (
    "| Format | Files | Refused at the desk | Read | Not read, by reason | Killed | Broke ours "
    "| Longest, s | Largest process, MB |\n|---|---|---|---|---|---|---|---|---|"
)


def turned_bits(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    """Turn 1 to 64 bits."""
    changed = bytearray(content)
    for _time in range(chance.choice((1, 4, 16, 64))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def cut_off(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    """Leave the end away, or a piece in the middle."""
    first, second = sorted(chance.randrange(1, len(content)) for _end in range(2))
    return content[:first] if chance.random() < 0.5 else content[:first] + content[second:]


def spliced(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """Put a piece of another file in the place of one of this."""
    at, start = chance.randrange(len(content)), chance.randrange(len(other))
    length = chance.choice((4, 64, 1024, 16_384))
    return content[:at] + other[start : start + length] + content[at + length :]


def numbers(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    """Write numbers that lengths and counts are never."""
    changed = bytearray(content)
    for _time in range(chance.choice((1, 3, 9))):
        at = chance.randrange(len(changed))
        odd = chance.choice(
            (b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff", b"99999999")
        )
        changed[at : at + len(odd)] = odd
    return bytes(changed)


def changed_inside(content: bytes, other: bytes, chance: random.Random) -> bytes:
    """Change one member of a package, which is packed again; anything else as it is."""
    if not content.startswith(b"PK"):
        return chance.choice((turned_bits, numbers))(content, other, chance)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        names = [name for name in old.namelist() if old.getinfo(name).file_size]
        wanted = chance.choice(names)
        for name in old.namelist():
            member = old.read(name)
            if name == wanted:
                member = chance.choice(_WAYS[:4])(member, other, chance)
            new.writestr(name, member)
    return out.getvalue()


_WAYS: Final = (turned_bits, cut_off, spliced, numbers, changed_inside, changed_inside)


@dataclass(slots=True)
class Format:
    """What became of the files of one format."""

    files: int = 0
    refused: int = 0
    killed: int = 0
    read: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    longest: float = 0.0
    largest: int = 0

    def row(self, name: str) -> str:
        """Return the line of the table."""
        reasons = ", ".join(f"{code} {count}" for code, count in sorted(self.reasons.items()))
        return (
            f"| {name} | {self.files} | {self.refused} | {self.read} | {reasons} | {self.killed} "
            f"| {len(self.broken)} | {self.longest:.1f} | {self.largest / 1_000_000:.0f} |"
        )


def take(name: str, path: Path, children: WarmChildren, seen: Format, *, read: bool) -> None:
    """Take one file as the office does (`read`: and read it), and note what became of it."""
    seen.files += 1
    began = time.monotonic()
    try:
        question = {"name": f"a.{name}", "pages": _MOST.pages, "pixels": _MOST.pixels}
        with path.open("rb") as file:
            answer = children.ask(question, file, seconds=30)
        if "refused" in answer:
            raise RefusedError(answer["refused"])
        if answer["problem"]:
            seen.reasons[answer["problem"]] += 1
        elif read:
            _read(name, path, answer["media_type"], seen)
        else:
            seen.reasons["taken, not opened"] += 1
    except RefusedError:
        seen.refused += 1
    except ChildDied:
        seen.killed += 1
    except Exception as error:  # whatever it is, it is told and the next file is taken
        seen.broken.append(f"{type(error).__name__}: {error}")
    seen.longest = max(seen.longest, time.monotonic() - began)


def _read(name: str, path: Path, media_type: str, seen: Format) -> None:
    try:
        reading = read_in_child(path, media_type=media_type, page_seconds=PAGE_SECONDS)
        codes = [page.problem for page in reading.pages if page.problem]
        if any(page.text.strip() for page in reading.pages):
            seen.read += 1
        else:
            seen.reasons[codes[0] if codes else "bare"] += 1
        if {"crashed", "timeout"} & set(codes):
            seen.killed += 1
    except Unreadable as error:
        seen.reasons[error.code] += 1
    except ReaderFailed:
        seen.killed += 1
    if name in RENDERED and seen.files % _DRAWN_EACH == 0 and office_program():
        with tempfile.TemporaryDirectory() as folder, suppress(Unreadable, ReaderFailed):
            render_in_child(path, Path(folder) / "drawn.pdf", media_type=media_type)


class _Watch:
    """The largest process under this one while the block runs."""

    def __init__(self, seen: Format) -> None:
        self._seen, self._ended = seen, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            self._seen.largest = max(self._seen.largest, largest())


def mutants(files: list[bytes], seed: str) -> Iterator[bytes]:
    """Yield changed files without end, the same ones for the same seed."""
    chance = random.Random(seed)
    while True:
        way = chance.choice(_WAYS)
        made = way(chance.choice(files), chance.choice(files), chance)
        if made:
            yield made


def run(
    count: int, seconds: float, told: Callable[[str], None], *, seed: int, read_each: int
) -> list[Format]:
    """Take `count` files, the formats in turn, for at most so many seconds.

    Each is judged; of those taken, each `read_each`-th of a format is read (0: none).
    """
    kinds = samples()
    streams = {name: mutants(files, f"{seed}-{name}") for name, files in kinds.items()}
    seen = {name: Format() for name in kinds}
    children = WarmChildren("registry.files.checking")
    ends = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="sijill-fuzz-") as folder:
        for number in range(count):
            name = list(kinds)[number % len(kinds)]
            path = Path(folder) / f"{number}"
            path.write_bytes(next(streams[name]))
            broken = len(seen[name].broken)
            with _Watch(seen[name]):
                read = bool(read_each) and seen[name].files % read_each == 0
                take(name, path, children, seen[name], read=read)
            if len(seen[name].broken) > broken:
                told(f"  {name} {number}: {seen[name].broken[-1]}")
            path.unlink()
            if time.monotonic() > ends:
                break
            if number % 500 == 499:
                told(f"  {number + 1} files")
    children.end()
    told("\n".join([_HEAD, *(one.row(name) for name, one in seen.items())]))
    return list(seen.values())


def main() -> int:
    """Print the table by format."""
    parser = argparse.ArgumentParser(prog="sijill bench fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--seconds", type=float, default=6 * 3600.0)
    parser.add_argument("--seed", type=int, default=18)
    parser.add_argument("--read-each", type=int, default=1, help="read each so many-th; 0: none")
    asked = parser.parse_args()
    seen = run(
        asked.files,
        asked.seconds,
        lambda line: print(line, flush=True),
        seed=asked.seed,
        read_each=asked.read_each,
    )
    files, broken = sum(one.files for one in seen), sum(len(one.broken) for one in seen)
    most = max(one.largest for one in seen)
    print(f"{files} files, {broken} broke ours, largest process {most / 1_000_000:.0f} MB")
    return 1 if broken or most > MOST_BYTES else 0


if __name__ == "__main__":
    sys.exit(main())

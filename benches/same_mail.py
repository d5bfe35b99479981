"""Same mail: how many letters that come again are found, how many others mistaken, how fast.

200 letters come again (scanned by another machine, compressed harder, turned, e-mailed, printed out
of the mail), among 2,000 others of which more than half are near look-alikes. Then the index is
filled up to --letters and looked into. Texts and forms of the `report` half, the thresholds were
set on the `tune` half; the letters kept back from all learning are among those that come again.

--pages N: so many of the copies, and their first scans, are read by the real reader; of the others
the pictures are really drawn, scanned and measured, and the text is misread at rates that were
measured of the reader.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benches._copies import HEIGHT, WIDTH, misread, printed, scan, words_on
from benches._letters import Written, written
from benches._office import BenchOffice
from benches._services import required

if TYPE_CHECKING:
    from PIL import Image

    from registry.doubles.index import Seen
    from registry.models.letters import Letter

HELD_BACK = (
    Path(__file__).resolve().parents[1] / "tests/understanding/letters_held_back_facts.jsonl"
)
WAYS = ("scanned again", "squeezed", "turned", "mailed", "printed out")
# Share of characters that are misread, at the quantiles 0, 1/4, 1/2, 3/4, 9/10, 19/20 and 1: set so
# that sketches and agreement differ as those of scans of the `tune` half did that were truly read.
RATES = {
    "fr": (0.0, 0.001, 0.003, 0.006, 0.02, 0.05, 0.09),
    "ar": (0.002, 0.01, 0.02, 0.035, 0.1, 0.2, 0.5),
}
QUANTILES = (0, 0.25, 0.5, 0.75, 0.9, 0.95, 1)


def main(arguments: Sequence[str]) -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(prog="sijill bench same_mail", description=__doc__)
    parser.add_argument("--letters", type=int, default=100_000, help="in the index, at the end")
    parser.add_argument("--again", type=int, default=200, help="letters that come again")
    parser.add_argument("--others", type=int, default=2000)
    parser.add_argument("--pages", type=int, default=60, help="copies read by the real reader")
    parser.add_argument("--half", choices=["tune", "report"], default="report")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--postgres", action="store_true", help="PostgreSQL in place of SQLite")
    asked = parser.parse_args(arguments)
    if not asked.postgres:
        return _measure(asked)
    with required({"postgres"}, durable=True) as services:
        return _measure(asked, DATABASE_URL=services.environment["DATABASE_URL"])


def _measure(asked: argparse.Namespace, **settings: str) -> int:
    office = BenchOffice(JOB_DELIVERY="none", **settings)
    try:
        office.set_up()
        from django.db import connection

        print(f"database: {connection.vendor}")
        rng = random.Random(asked.seed)
        letters = _letters(asked)
        others = written(asked.others, seed=asked.seed + 1, alike=0.6, half=asked.half)
        print("others:", dict(Counter(one.sort for one in others)))
        copies = _register_all(letters, others, rng, pages=asked.pages)
        _tell_found(copies)
        _tell_false(others)
        _tell_speed(asked.letters, copies, random.Random(asked.seed))
    finally:
        office.close()
    return 0


def _letters(asked: argparse.Namespace) -> list[Written]:
    """Return those that come again: letters kept back from learning, then written ones."""
    rows = [json.loads(line) for line in HELD_BACK.read_text(encoding="utf-8").splitlines()]
    kept = [Written(row["id"], _script(row["text"]), row["text"], "kept back", "") for row in rows]
    if asked.half == "tune":
        kept = []
    kept = kept[: 3 * asked.again // 4]
    return kept + written(asked.again - len(kept), seed=asked.seed, half=asked.half)


def _script(text: str) -> str:
    """Return `ar` for every text with Arabic in it: only those faces have both scripts."""
    return "ar" if any("\u0600" <= sign <= "\u06ff" for sign in text) else "fr"


class Copy:
    """A letter that comes again: how, as what, and which letter it was."""

    def __init__(self, letter: Letter, way: str, seen: Seen, *, read: bool) -> None:
        self.letter, self.way, self.seen, self.read = letter, way, seen, read


def _register_all(
    letters: list[Written], others: list[Written], rng: random.Random, *, pages: int
) -> list[Copy]:
    began = time.perf_counter()
    copies = []
    for number, one in enumerate(letters):
        way, read = WAYS[number % len(WAYS)], number < pages
        page = printed(one.text, one.language, seed=one.face)
        first = scan(page, rng)
        letter = _register(one, _seen(first, one, rng, read=read))
        copies.append(Copy(letter, way, _again(way, page, first, one, rng, read=read), read=read))
    for one in others:
        text = misread(one.text, rng, rate=_rate(one.language, rng))
        words = words_on(one.text, one.language, seed=one.face)
        _OTHERS[one.ident] = (_register(one, _plain(text, words)), _plain(text, words))
    print(f"registered {len(letters) + len(others)} in {time.perf_counter() - began:.0f} s")
    return copies


_OTHERS: dict[str, tuple[Any, Any]] = {}


def _again(
    way: str, page: Image.Image, first: Image.Image, one: Written, rng: random.Random, *, read: bool
) -> Seen:
    """Return the letter as it comes the second time."""
    from registry.doubles.index import Seen

    head = f"From: client{rng.randint(1, 99)}@example.org\nSubject: courrier\nDate: 3 Mar 2026\n\n"
    if way == "mailed":
        return Seen(text=head + one.text)
    if way == "printed out":
        one = Written(one.ident, one.language, head + one.text, one.sort, one.stem)
        paper = printed(one.text, one.language, seed=one.face, plain=True)
        return _seen(scan(paper, rng), one, rng, read=read)
    if way == "squeezed":
        return _seen(_pressed(first), one, rng, read=read)
    turn = rng.choice((90, 180, 270)) if way == "turned" else 0
    return _seen(scan(page, rng), one, rng, read=read, turn=turn)


def _pressed(picture: Image.Image) -> Image.Image:
    import io

    from PIL import Image

    out = io.BytesIO()
    picture.resize((picture.width * 3 // 4, picture.height * 3 // 4)).save(out, "JPEG", quality=25)
    return Image.open(io.BytesIO(out.getvalue())).convert("L")


def _seen(
    picture: Image.Image, one: Written, rng: random.Random, *, read: bool, turn: int = 0
) -> Seen:
    """Return a scan as it is read: by the reader (then really turned), or measured and misread."""
    from ocr.picture.look import look_of
    from ocr.picture.upright import lay
    from ocr.pipeline import read_file
    from registry.doubles.index import Seen

    if read:
        with tempfile.NamedTemporaryFile(suffix=".png") as file:
            picture.rotate(turn, expand=True).save(file.name)
            (page,) = read_file(Path(file.name), speed="quick").pages
        return Seen(text=page.text, looks=(page.look,))
    sheet = lay(picture)
    text = misread(one.text, rng, rate=_rate(one.language, rng))
    return Seen(text=text, looks=(look_of(sheet.page, sheet.picture.width),))


def _plain(text: str, words: Any) -> Seen:
    from ocr.picture.look import look_of_words
    from registry.doubles.index import Seen

    return Seen(text=text, looks=(look_of_words(words, aspect=WIDTH / HEIGHT),))


def _rate(language: str, rng: random.Random) -> float:
    import numpy as np

    return float(np.interp(rng.random(), QUANTILES, RATES[language]))


def _register(one: Written, seen: Seen) -> Letter:
    """Register the letter the ordinary way, with a reading and its fingerprint in the index."""
    from django.db import transaction

    from registry.doubles.index import print_of, write_print
    from registry.intake import LetterData, receive_letter
    from registry.reading.readings import NewReading, record_readings

    data = LetterData(channel="post", subject=one.ident)
    letter = receive_letter(data, actor=None, message=one.ident).letter
    document = letter.documents.get()
    page = {"number": 1, "text": seen.text, "words": []}
    with transaction.atomic():
        reading = NewReading(document.pk, "bench", one.language, seen.text, [page])
        record_readings(letter, [reading])
        write_print(document, print_of(seen))
    return letter


def _tell_found(copies: list[Copy]) -> None:
    from registry.doubles.finding import Known, find_same

    found: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrong, missed = 0, []
    for copy in copies:
        matches = find_same(Known((copy.seen,)))
        hit = copy.letter.pk in {match.letter_id for match in matches}
        wrong += any(match.letter_id != copy.letter.pk for match in matches)
        for name in (copy.way, "truly read" if copy.read else "misread by rule", "all"):
            total[name] += 1
            found[name] += hit
        if not hit:
            missed.append((copy.way, copy.letter.subject, len(copy.seen.text)))
    print("\nCome again, and found:")
    for name in (*WAYS, "truly read", "misread by rule", "all"):
        if total[name]:
            share = 100 * found[name] / total[name]
            print(f"  {name:16} {found[name]:4} of {total[name]:4}  {share:5.1f} %")
    print(f"  of them with another letter proposed beside: {wrong}")
    print(f"  missed: {missed}")


def _tell_false(others: list[Written]) -> None:
    from registry.doubles.finding import Known, find_same

    false: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for one in others:
        letter, seen = _OTHERS[one.ident]
        matches = find_same(Known((seen,)), besides=letter.pk)
        for sort in (one.sort, "all"):
            total[sort] += 1
            false[sort] += bool(matches)
    print("\nOthers, and something proposed all the same:")
    for sort, count in total.items():
        share = 100 * false[sort] / count
        print(f"  {sort:16} {false[sort]:4} of {count:4}  {share:5.2f} %")


def _tell_speed(count: int, copies: list[Copy], rng: random.Random) -> None:
    from registry.doubles.finding import Known, find_same
    from registry.doubles.index import candidates

    began = time.perf_counter()
    rows = fill_index(count, rng)
    print(f"\nIndex filled to {count} letters, {rows} keys, in {time.perf_counter() - began:.0f} s")
    known = [Known((copy.seen,)) for copy in copies]
    known += [Known((seen,)) for _, seen in list(_OTHERS.values())[:200]]
    marks = [one.prints()[0].keys for one in known]
    find_same(known[0])
    _line("look-up in the index", _times(candidates, marks))
    _line("look-up and comparison", _times(find_same, known))


def _times(call: Callable[[Any], Any], each: Sequence[Any]) -> Iterator[float]:
    for one in each:
        began = time.perf_counter()
        call(one)
        yield 1000 * (time.perf_counter() - began)


def _line(name: str, times: Iterator[float]) -> None:
    rows = sorted(times)
    middle, most = statistics.median(rows), rows[int(0.95 * len(rows))]
    print(f"  {name:24} median {middle:6.1f} ms, 95 % within {most:6.1f} ms, most {rows[-1]:6.1f}")


def fill_index(count: int, rng: random.Random) -> int:
    """Fill the index up to `count` letters made after those there; return the number of keys.

    Each shares some keys of one of them (of a few, very often: forms), and has others of its own.
    """
    from benches._many import fill

    return fill(count, rng)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

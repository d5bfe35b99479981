"""Searches over the catalogue: how often the right service is first, or among the first three.

The searches of `service_searches.tsv` (several of each service that ships, in Arabic, French,
English, Moroccan speech in both scripts, and misspelt) are asked of the types that ship. Odd rows
served for choosing, and those of `service_searches_strangers.tsv` too since their misses were
looked at; of the even ones, of `service_searches_later.tsv` and `service_searches_fresh.tsv` only
the shares were. `--misses` names the misses of the first half.
"""

import argparse
import csv
import sys
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from eservices.catalogue.finding_index import Index
from eservices.catalogue.reading import read_definition
from eservices.catalogue.thesaurus import thesaurus

SEARCHES: Final = Path(__file__).with_name("service_searches.tsv")
LATER: Final = SEARCHES.with_name("service_searches_later.tsv")
STRANGERS: Final = SEARCHES.with_name("service_searches_strangers.tsv")
FRESH: Final = SEARCHES.with_name("service_searches_fresh.tsv")
TYPES: Final = Path(__file__).parent.parent / "eservices" / "catalogue" / "types"
KINDS: Final = ("ar", "fr", "en", "all")


class Search(NamedTuple):
    """What is typed on a page of a language, and the codes of the services that are meant."""

    language: str
    codes: tuple[str, ...]
    words: str


def main(arguments: Sequence[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="sijill bench services", description=__doc__)
    parser.add_argument("--misses", action="store_true", help="name those of the first half")
    given = parser.parse_args(arguments)
    began = time.process_time()
    index = shipped_index()
    print(f"{len(index.codes)} types, index made in {time.process_time() - began:.2f} s")
    rows = searches()
    parts = (
        *(("choosing", rows[::2]), ("report", rows[1::2])),
        *(("later", searches(LATER)), ("strangers", searches(STRANGERS))),
        ("fresh", searches(FRESH)),
    )
    for name, some in parts:
        _report(index, name, some)
    if given.misses:
        _misses(index, rows[::2])
    _times(index, rows)


def shipped_index() -> Index:
    """Return the index of the types that ship."""
    contents = [tomllib.loads(path.read_text(encoding="utf-8")) for path in TYPES.glob("*.toml")]
    found = sorted(map(read_definition, contents), key=lambda one: (one.position, one.code))
    return Index(found, thesaurus())


def searches(path: Path = SEARCHES) -> list[Search]:
    """Return the searches of a file; in SEARCHES those for choosing stand at even places."""
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.reader(file, delimiter="\t") if not row[0].startswith("#")]
    return [Search(language, tuple(codes.split()), words) for language, codes, words in rows]


def _report(index: Index, name: str, rows: Sequence[Search]) -> None:
    places = np.array([_place(index, row) for row in rows])
    languages = np.array([row.language for row in rows])
    for kind in KINDS:
        some = places[languages == kind] if kind != "all" else places
        if len(some):
            first, three = (some == 0).mean(), (some < 3).mean()
            print(f"{name:<10}{kind:<5}{len(some):>5}   first {first:.3f}   in three {three:.3f}")


def _place(index: Index, row: Search) -> int:
    ranked = [code for code, _score in index.rank(row.words, language=row.language)]
    return min((ranked.index(code) for code in row.codes if code in ranked), default=99)


def _misses(index: Index, rows: Sequence[Search]) -> None:
    for row in rows:
        if _place(index, row) > 0:
            ranked = index.rank(row.words, language=row.language)[:3]
            print(f"  {row.words} ({', '.join(row.codes)}): {ranked}")


def _times(index: Index, rows: Sequence[Search]) -> None:
    times = []
    for row in rows:
        began = time.process_time()
        index.rank(row.words, language=row.language)
        times.append((time.process_time() - began) * 1e3)
    p50, p95, most = np.percentile(times, [50, 95, 100])
    print(f"a search: p50 {p50:.2f} ms, p95 {p95:.2f} ms, at most {most:.2f} ms (processor time)")


if __name__ == "__main__":
    main(sys.argv[1:])

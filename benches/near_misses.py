"""Near misses: what a person remembers half, wrong or in another form, over the graded letters.

`./sijill bench near_misses [--json] [--half A|B|all] [--queries]` asks `graded/near_misses.tsv` of
Tantivy, and of Elasticsearch when TEST_ELASTICSEARCH_URL names one: typos in several words, a word
that no letter has, senders that are only proposed, inflections, beginnings, numbers in other
digits. In every second letter the sender is proposed, not confirmed. Told are the share of queries
with a right letter among the first ten, and the mean of 1 / its rank. The queries were written
before the search was looked at; half A was looked at since, B was only ever counted.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from benches._graded import GradedLetter, graded_letters
from benches.relevance import _engines, _filled, _names
from search.answers.leaving_out import search_leaving_out
from search.answers.most_words import letters_with_most
from search.contract import SearchEngine, SearchQuery

QUERIES: Final = Path(__file__).resolve().parent / "graded" / "near_misses.tsv"
_FIRST: Final = 10


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A typed query; `right` is the serials of the letters meant, or "text:" and a word of them."""

    half: str
    kind: str
    typed: str
    right: str

    def ids(self, letters: list[GradedLetter]) -> set[str]:
        """Return the ids of the right letters."""
        if self.right.startswith("text:"):
            word = self.right.removeprefix("text:").lower()
            return {one.document.id for one in letters if word in one.text.lower()}
        serials = {int(serial) for serial in self.right.split(",")}
        return {one.document.id for one in letters if one.serial in serials}


def near_misses() -> list[NearMiss]:
    """Return all queries, both halves."""
    with QUERIES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [NearMiss(**row) for row in rows]


def proposing_letters() -> list[GradedLetter]:
    """Return the graded letters; who signed one without parties is proposed as its sender."""
    return [
        one
        if one.document.sender
        else replace(one, document=replace(one.document, proposed_sender=one.named))
        for one in graded_letters()
    ]


def main(arguments: Sequence[str]) -> int:
    """Measure and print the table, or one JSON object."""
    options = _options(arguments)
    letters = proposing_letters()
    queries = [one for one in near_misses() if options.half in (one.half, "all")]
    told: dict[str, Any] = {"letters": len(letters), "queries": len(queries)}
    for name in _engines():
        with _filled(name, letters) as engine:
            rows = [_row(engine, query, letters) for query in queries]
        told[name] = _summed(rows) | ({"rows": rows} if options.queries else {})
    print(json.dumps(told, ensure_ascii=False) if options.json else "\n".join(_table(told)))
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./sijill bench near_misses", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--half", choices=["A", "B", "all"], default="all")
    parser.add_argument("--queries", action="store_true", help="each query by itself as well")
    return parser.parse_args(arguments)


def _row(engine: SearchEngine, query: NearMiss, letters: list[GradedLetter]) -> dict[str, Any]:
    asked = SearchQuery(
        words=query.typed, reader_tokens=("office",), limit=_FIRST, facets=(), names=_names()
    )
    began = time.process_time()
    ids = _found(engine, asked)
    spent = time.process_time() - began
    right = query.ids(letters)
    assert right, query.typed
    rank = next((place for place, one in enumerate(ids, start=1) if one in right), 0)
    return {
        "half": query.half,
        "kind": query.kind,
        "typed": query.typed,
        "rank": rank,
        "ms": spent * 1e3,
    }


def _found(engine: SearchEngine, asked: SearchQuery) -> list[str]:
    """Return the first ten as a page shows them."""
    answered = search_leaving_out(engine, asked)
    if answered.result.total:
        return [hit.id for hit in answered.result.hits][:_FIRST]
    return [one.id for one in letters_with_most(engine, answered.query)[1]][:_FIRST]


def _summed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    groups = [("all", rows)]
    groups += [(half, [row for row in rows if row["half"] == half]) for half in ("A", "B")]
    for kind in dict.fromkeys(row["kind"] for row in rows):
        groups += [
            (f"{kind} {half}", [r for r in rows if r["kind"] == kind and r["half"] == half])
            for half in ("A", "B")
        ]
    return {name: _figures(some) for name, some in groups if some}


def _figures(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "queries": len(rows),
        "first_ten": round(sum(row["rank"] > 0 for row in rows) / len(rows), 4),
        "mrr": round(sum(1 / row["rank"] for row in rows if row["rank"]) / len(rows), 4),
        "ms": round(sum(row["ms"] for row in rows) / len(rows), 2),
    }


def _table(told: dict[str, Any]) -> Iterator[str]:
    yield f"{told['letters']} letters, {told['queries']} queries"
    for engine in _engines():
        yield f"\n{engine:16}{'queries':>8}{'first ten':>11}{'MRR':>7}{'ms':>7}"
        for name, one in told[engine].items():
            if name != "rows":
                yield (
                    f"{name:16}{one['queries']:8}{one['first_ten']:11.3f}{one['mrr']:7.3f}"
                    f"{one['ms']:7.1f}"
                )
        for row in told[engine].get("rows", []):
            if row["rank"] != 1:
                yield f"  {row['half']} {row['kind']:9} {row['rank']:3} {row['typed']}"


def run() -> int:
    """Set Django up (the organisation's names live there), then measure."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())

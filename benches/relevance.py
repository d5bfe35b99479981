"""The quality of ranking: nDCG@10 and recall@50 on graded queries, and what each part earns.

`./sijill bench relevance [--json] [--half dev|report|all] [--queries]` asks the graded queries of
`benches/graded` of Tantivy, and of Elasticsearch when TEST_ELASTICSEARCH_URL names one: as the
office asks, then without stems, without folding, without typos forgiven, without names across
scripts. The ranking was tuned on the half "dev" alone; "report" is only ever counted.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import sys
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from unittest import mock

from benches._graded import GradedLetter, GradedQuery, graded_letters, graded_queries
from language.fold import fold
from search.answers.forgiving import search_forgivingly
from search.backends.elasticsearch.engine import ElasticsearchEngine
from search.backends.tantivy.engine import TantivyEngine
from search.contract import SearchEngine, SearchQuery

PARTS: Final = ("everything", "no stems", "no folding", "no typos", "no names")
_NDCG: Final = 10
_RECALL: Final = 50


def main(arguments: Sequence[str]) -> int:
    """Measure and print the table, or one JSON object."""
    options = _options(arguments)
    letters = graded_letters()
    queries = [query for query in graded_queries() if options.half in (query.half, "all")]
    told: dict[str, Any] = {"letters": len(letters), "queries": len(queries), "half": options.half}
    for name in _engines():
        told[name] = {}
        for part in options.parts or PARTS:
            with _without(part), _filled(name, letters) as engine:
                told[name][part] = _judged(engine, queries, letters, part)
    if not options.queries:
        _drop_single(told)
    print(json.dumps(told, ensure_ascii=False) if options.json else "\n".join(_table(told)))
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./sijill bench relevance", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--half", choices=["dev", "report", "all"], default="report")
    parser.add_argument("--queries", action="store_true", help="each query by itself as well")
    parser.add_argument("--parts", nargs="*", choices=PARTS)
    return parser.parse_args(arguments)


def _engines() -> list[str]:
    return ["tantivy", *(["elasticsearch"] if os.environ.get("TEST_ELASTICSEARCH_URL") else [])]


@contextlib.contextmanager
def _filled(name: str, letters: list[GradedLetter]) -> Iterator[SearchEngine]:
    engine: SearchEngine
    with tempfile.TemporaryDirectory() as folder:
        if name == "tantivy":
            engine = TantivyEngine(Path(folder))
        else:
            url = os.environ["TEST_ELASTICSEARCH_URL"].rstrip("/")
            engine = ElasticsearchEngine(f"{url}/?index=bench-{uuid.uuid4().hex}&timeout=60")
        engine.put(letter.document for letter in letters)
        engine.settle()
        yield engine
        if isinstance(engine, ElasticsearchEngine):
            engine._client.indices.delete(index=f"{engine._indexes.alias}-first")


@contextlib.contextmanager
def _without(part: str) -> Iterator[None]:
    """Take one part of the analysis away inside the block."""
    parts: Mapping[str, Mapping[str, Any]] = {
        "no stems": {
            "search.analysis.document_terms.indexed_forms": lambda word: (word,),
            "search.query.words.asked_forms": lambda word: (word,),
        },
        "no folding": {
            "language.tokens.fold_word": str,
            "language.stems.fold_word": str,
        },
        "no names": {
            "search.analysis.document_terms.name_terms": lambda name: frozenset(),
            "search.analysis.document_terms.names_in_text": lambda text, tokens: set(),
            "search.query.words.query_name_terms": lambda name: frozenset(),
            "search.query.persons.query_name_terms": lambda name: frozenset(),
            "search.query.persons.person_terms": lambda name: (),
        },
    }
    with contextlib.ExitStack() as stack:
        for target, stand_in in parts.get(part, {}).items():
            stack.enter_context(mock.patch(target, stand_in))
        yield


def _judged(
    engine: SearchEngine, queries: list[GradedQuery], letters: list[GradedLetter], part: str
) -> dict[str, Any]:
    rows = [_row(engine, query, letters, part) for query in queries]
    kinds = sorted({row["kind"] for row in rows})
    return {
        "ndcg": _mean([row["ndcg"] for row in rows]),
        "recall": _mean([row["recall"] for row in rows]),
        "kinds": {
            kind: {
                "ndcg": _mean([row["ndcg"] for row in rows if row["kind"] == kind]),
                "recall": _mean([row["recall"] for row in rows if row["kind"] == kind]),
            }
            for kind in kinds
        },
        "rows": rows,
    }


def _row(
    engine: SearchEngine, query: GradedQuery, letters: list[GradedLetter], part: str
) -> dict[str, Any]:
    grades = query.grades(letters)
    asked = SearchQuery(
        words=query.typed,
        reader_tokens=("office",),
        limit=_RECALL,
        facets=(),
        names=_names(),
        typos=False,
    )
    found = engine.search(asked) if part == "no typos" else search_forgivingly(engine, asked).result
    ids = [hit.id for hit in found.hits]
    best = sorted(grades.values(), reverse=True)
    ideal = _gain(best[:_NDCG])
    reachable = min(len(grades), _RECALL)
    return {
        "kind": query.kind,
        "typed": query.typed,
        "relevant": len(grades),
        "found": found.total,
        "ndcg": _gain([grades.get(key, 0) for key in ids[:_NDCG]]) / ideal if ideal else 0.0,
        "recall": sum(key in grades for key in ids) / reachable if reachable else 0.0,
    }


def _gain(grades: list[int]) -> float:
    return math.fsum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def _names() -> dict[str, dict[str, str]]:
    """Return what the demo organisation calls its kinds and departments."""
    from config.organisation import DEPARTMENTS, KINDS  # the top storey: only a bench may

    return {
        facet: {fold(name): code for code, *names in rows for name in (code, *names)}
        for facet, rows in (("kind", KINDS), ("department", DEPARTMENTS))
    }


def _mean(values: list[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def _drop_single(told: dict[str, Any]) -> None:
    for engine in _engines():
        for part in told[engine].values():
            del part["rows"]


def _table(told: dict[str, Any]) -> Iterator[str]:
    yield f"{told['letters']} letters, {told['queries']} queries ({told['half']})"
    for engine in _engines():
        yield f"\n{engine:14} nDCG@{_NDCG} recall@{_RECALL}"
        for part, judged in told[engine].items():
            yield f"{part:14} {judged['ndcg']:7.3f} {judged['recall']:9.3f}"
        everything = next(iter(told[engine].values()))
        yield from (
            f"  {kind:12} {one['ndcg']:7.3f} {one['recall']:9.3f}"
            for kind, one in everything["kinds"].items()
        )
        for row in everything.get("rows", []):
            yield (
                f"    {row['ndcg']:.3f} {row['recall']:.3f} {row['found']:4}/{row['relevant']:<4}"
                f" {row['typed']}"
            )


def run() -> int:
    """Set Django up (the organisation's names live there), then measure."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())

"""Search in a large archive, on Tantivy and on a real Elasticsearch: build, size, changes, answers.

Makes letters with realistic Arabic and French words (bulk-made rows), indexes them, and asks: by
`find_letters`, and over HTTP through the whole page and the API, rights, facets and snippets
included; as the registry office, and as a member of one department. With --keep DIR the office (and
Tantivy's index) is used again, and a making that was interrupted goes on.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benches._office import BenchOffice
from benches._searches import Asker, memory_mb, time_until_found
from benches._services import required

ENGINES = ("tantivy", "elasticsearch")


def main(arguments: Sequence[str]) -> int:
    """Print a table for each engine; exit 3 where a service is missing."""
    parser = argparse.ArgumentParser(prog="sijill bench search", description=__doc__)
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--engine", choices=(*ENGINES, "both"), default="both")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="make or use the office there")
    parser.add_argument("--rebuild", action="store_true", help="build the index anew all the same")
    together = "build all indexes anew in one pass: words are analysed once"
    parser.add_argument("--together", action="store_true", help=together)
    parser.add_argument("--postgres", action="store_true", help="PostgreSQL in place of SQLite")
    parser.add_argument("--rounds", type=int, default=40, help="questions of each kind")
    parser.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--json", type=Path, metavar="FILE")
    asked = parser.parse_args(arguments)
    engines = ENGINES if asked.engine == "both" else (asked.engine,)
    names = {"elasticsearch"} & set(engines) | ({"postgres"} if asked.postgres else set())
    with ExitStack() as stack:
        services = stack.enter_context(required(names))
        settings = {"JOB_DELIVERY": "none"}
        if asked.postgres:
            settings["DATABASE_URL"] = services.environment["DATABASE_URL"]
        if asked.keep:
            settings["DATA_DIR"] = str(asked.keep)
        office = BenchOffice(**settings)
        stack.callback(office.close)
        office.set_up()
        report = _measure(office, asked, engines, services.environment)
        if asked.json:
            asked.json.write_text(json.dumps(report, indent=1))
        _close_database()
    return 0


def _measure(
    office: BenchOffice, asked: argparse.Namespace, engines: Sequence[str], found: dict[str, str]
) -> dict[str, Any]:
    from benches._archive import fill

    seconds = fill(asked.letters)
    print(f"letters: {asked.letters}, made in {seconds:.0f} s", flush=True)
    report: dict[str, Any] = {"letters": asked.letters, "made_seconds": round(seconds, 1)}
    urls = {engine: _url(engine, found) for engine in engines}
    if asked.together:
        report["build_seconds"] = _build_together(asked, urls)
    for engine, url in urls.items():
        report[engine] = _measure_engine(office, asked, engine, url)
    return report


def _url(engine: str, found: dict[str, str]) -> str:
    """Return SEARCH_URL for the engine."""
    if engine == "tantivy":
        return ""
    return f"{found['TEST_ELASTICSEARCH_URL']}/?index=bench-search&timeout=60&tls=no&sign_in=no"


def _build_together(asked: argparse.Namespace, urls: dict[str, str]) -> dict[str, float]:
    from django.conf import settings

    from benches._indexes import build_together
    from search.engines import get_engine

    engines = {}
    for engine, url in urls.items():
        settings.SEARCH_URL = url
        engines[engine] = get_engine()
    progress = _Progress(asked.letters)
    seconds = build_together(engines, processes=asked.processes, progress=progress)
    seconds = {name: round(spent, 1) for name, spent in seconds.items()}
    print(f"built together, seconds: {json.dumps(seconds)}", flush=True)
    return seconds


def _measure_engine(
    office: BenchOffice, asked: argparse.Namespace, engine: str, url: str
) -> dict[str, Any]:
    from django.conf import settings

    settings.SEARCH_URL = url
    os.environ["SEARCH_URL"] = url
    report: dict[str, Any] = _build(asked) | {"size_mb": _size_mb(office, engine)}
    print(f"\n{engine}: {json.dumps(report)}", flush=True)
    web = office.start("up")
    office.wait_for_web()
    asker = Asker(office.port, rounds=asked.rounds, web=web.pid)
    report["rows"] = asker.ask_all()
    report["web_mb"] = memory_mb(web.pid)
    office.stop(web)
    _print_rows(report["rows"])
    report["seconds_until_found"] = time_until_found(office)
    print(f"memory of the web worker: {report['web_mb']:.0f} MB")
    print(f"registered until found, s: {report['seconds_until_found']}", flush=True)
    return report


def _build(asked: argparse.Namespace) -> dict[str, Any]:
    """Build the index where there is none for just these letters."""
    from search.services import index_state, rebuild_index, repair_index

    if not asked.rebuild and index_state() == "ready":
        looked = repair_index(only_look=True)
        if looked.missing + looked.orphaned < looked.letters / 20:
            repair_index()
            return {"build_seconds": None}
    began = time.monotonic()
    progress = _Progress(asked.letters)
    rebuild_index(lambda done, total: progress(done), processes=asked.processes)
    return {"build_seconds": round(time.monotonic() - began, 1)}


class _Progress:
    """Prints the progress, each ten seconds."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.at = time.monotonic()

    def __call__(self, done: int) -> None:
        if time.monotonic() - self.at > 10:
            self.at = time.monotonic()
            print(f"  indexed {done} / {self.total}", flush=True)


def _size_mb(office: BenchOffice, engine: str) -> float:
    if engine == "tantivy":
        files = (office.data_dir / "search").rglob("*")
        return round(sum(file.stat().st_size for file in files if file.is_file()) / 1e6, 1)
    from search.engines import get_engine

    client: Any = get_engine()
    stats = client._client.indices.stats(index=client._indexes.alias, metric="store")
    return float(round(stats["_all"]["primaries"]["store"]["size_in_bytes"] / 1e6, 1))


def _print_rows(rows: Sequence[dict[str, Any]]) -> None:
    print(
        f"{'question':<28}{'as':<8}{'by':<14}{'p50':>8}{'p95':>8}{'p99':>8}{'cpu':>8}  ms   total"
    )
    for row in rows:
        print(
            f"{row['question']:<28}{row['as']:<8}{row['by']:<14}"
            f"{row['p50']:>8.1f}{row['p95']:>8.1f}{row['p99']:>8.1f}{row['cpu']:>8.1f}"
            f"      {row['total']}"
        )


def _close_database() -> None:
    from django.db import connections

    connections.close_all()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Features around search: the page with facets and bars, suggestions, exports, alerts.

Letters of the starting set, registered and indexed; pages through Django's client as the office (a
clerk) asks for them, rights and snippets included. SEARCH_URL chooses the engine.
"""

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from benches._office import BenchOffice
from benches._read_letters import register_read_letters

QUESTIONS: Final = (
    *("facture compteur", "fuite", "رخصة", "شكاية الماء", "branchement eau", "devis", "عداد"),
    *('"mise en demeure"', "récl*", "", "demande -stage", "compteurs"),
)
TYPED: Final = ("fac", "comp", "شكا", "الم", "branch", "dem", "fuite ru", "رخ", "2026", "eau po")


def main(arguments: Sequence[str]) -> None:
    """Print one line for each kind of work."""
    parser = argparse.ArgumentParser(prog="sijill bench around_search", description=__doc__)
    parser.add_argument("--letters", type=int, default=2000)
    parser.add_argument("--saved", type=int, default=1000, help="saved searches with an alert")
    given = parser.parse_args(arguments)
    url = os.environ.get("SEARCH_URL", "")
    office = BenchOffice(JOB_DELIVERY="none", SEARCH_URL=url)
    try:
        office.set_up()
        _prepare(given.letters)
        _pages()
        for form in ("csv", "xlsx", "pdf", "zip"):
            _export(form)
        _alerts(given.saved)
    finally:
        office.close()


def _prepare(letters: int) -> None:
    """Register letters in the office, read them, and put them into the index."""
    from search.services import rebuild_index, wait_until_searchable

    register_read_letters(letters, senders=97)
    rebuild_index()
    wait_until_searchable()


def _pages() -> None:
    from django.test import Client

    from org.models import User
    from web.desk.find import suggest

    client = Client()
    client.force_login(User.objects.get(username="amina"))
    _timed("page", lambda q: client.get("/search/", {"q": q}), QUESTIONS)
    suggest.MOST_A_SECOND = 10**9  # type: ignore[misc]
    _timed("suggestions", lambda q: client.get("/search/suggestions/", {"q": q}), TYPED)


def _timed(name: str, ask: Callable[[str], Any], questions: Sequence[str]) -> None:
    spans, spent = [], 0.0
    for round_ in range(21):
        if round_ == 1:
            spent = time.process_time()
        for question in questions:
            start = time.perf_counter()
            assert ask(question).status_code == 200
            if round_:  # the first round fills caches
                spans.append(1000 * (time.perf_counter() - start))
    spent = 1000 * (time.process_time() - spent) / len(spans)
    spans.sort()
    p50, p95, p99 = (spans[int(len(spans) * share)] for share in (0.5, 0.95, 0.99))
    print(
        f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, p99 {p99:.1f} ms, "
        f"{spent:.1f} ms of CPU each ({len(spans)} times)"
    )


def _export(form: str) -> None:
    from django.db import transaction

    from config.exported import export_work
    from org.models import User
    from search.address.request import SearchRequest
    from search.exports.export_requests import request_export, save_export
    from search.finding import find_letters

    person = User.objects.get(username="amina")
    total = find_letters(viewer=person, words="", limit=1).total
    export = request_export(person=person, asked=SearchRequest(), format=form, language="fr")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, spent = time.monotonic(), time.process_time()
    made = export_work(str(export.pk), lambda _done, _total: None)
    written, spent = time.monotonic() - start, time.process_time() - spent
    with transaction.atomic():
        save_export(str(export.pk), made)
    kept = time.monotonic() - start - written
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert made is not None
    print(
        f"export {form}: {total} letters, {made.size / 1e6:.1f} MB in {written:.1f} s "
        f"({spent:.1f} s of CPU), "
        f"kept in {kept:.2f} s, peak memory +{grown:.0f} MB"
    )


def _alerts(count: int) -> None:
    from django.utils import timezone

    from org.models import User
    from search.saved import alerts
    from search.saved.models import SavedSearch

    people = list(User.objects.filter(username__in=["amina", "badr", "dounia", "chafik"]))
    before = timezone.now() - timedelta(days=1)
    SavedSearch.objects.bulk_create(
        SavedSearch(
            person=people[number % len(people)],
            name=f"{number}",
            address=f"q={QUESTIONS[number % 7]}+{number}",
            alert="at_once",
            created_at=before,
        )
        for number in range(count)
    )
    start, spent = time.monotonic(), time.process_time()
    looked = alerts.alert_round_work("", lambda _done, _total: None)
    print(
        f"alerts: a round of {len(looked.searches)} saved searches, all different, in "
        f"{time.monotonic() - start:.1f} s ({time.process_time() - spent:.1f} s of CPU); "
        f"{len(looked.found)} letters found"
    )


if __name__ == "__main__":
    main(sys.argv[1:])

"""Further pages by relevance on Elasticsearch: several are fetched at once from a frozen view."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from search.backends.elasticsearch.engine import ElasticsearchEngine
from search.contract import SearchQuery
from tests.search.letters import OFFICE, letter

pytestmark = pytest.mark.production
QUERY = SearchQuery(words="facture", reader_tokens=OFFICE, typos=False, limit=20)


@pytest.fixture
def searches(
    archive_in_elasticsearch: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
) -> list[dict[str, Any]]:
    """Return a list that takes every search in a view."""
    asked: list[dict[str, Any]] = []
    views = archive_in_elasticsearch._asking._views
    in_view = views._in_view

    def noted(query: SearchQuery, body: dict[str, Any], view: str) -> dict[str, Any]:
        asked.append(body)
        return in_view(query, body, view)

    monkeypatch.setattr(views, "_in_view", noted)
    return asked


def pages(engine: ElasticsearchEngine, query: SearchQuery) -> Iterator[tuple[str, list[str]]]:
    """Yield each page with the cursor that it was asked with."""
    cursor = ""
    while True:
        found = engine.search(replace(query, cursor=cursor))
        yield cursor, [hit.id for hit in found.hits]
        cursor = found.next_cursor
        if not cursor:
            return


@pytest.mark.parametrize("limit", [7, 20, 100])
def test_every_letter_comes_once_and_in_the_order_of_one_by_one(
    archive_in_elasticsearch: ElasticsearchEngine,
    searches: list[dict[str, Any]],
    monkeypatch: pytest.MonkeyPatch,
    limit: int,
) -> None:
    query = replace(QUERY, limit=limit)
    together = [page for _, page in pages(archive_in_elasticsearch, query)]
    asked = len(searches)
    monkeypatch.setattr("search.backends.elasticsearch.views._KEPT_SECONDS", -1.0)
    alone = [page for _, page in pages(archive_in_elasticsearch, query)]
    assert together == alone
    letters = [one for page in together for one in page]
    assert len(letters) == len(set(letters)) == archive_in_elasticsearch.search(query).total > 600
    assert asked < len(together) / 2 + 2
    assert len(searches) - asked == len(alone) - 1


def test_a_kept_page_is_found_again_and_what_was_left_behind_is_asked_for(
    archive_in_elasticsearch: ElasticsearchEngine, searches: list[dict[str, Any]]
) -> None:
    seen = pages(archive_in_elasticsearch, QUERY)
    first = [next(seen) for _ in range(4)]
    assert len(searches) == 1
    for cursor, page in first[2:]:
        again = archive_in_elasticsearch.search(replace(QUERY, cursor=cursor))
        assert [hit.id for hit in again.hits] == page
    assert len(searches) == 1
    for _ in range(14):  # past what was fetched together
        next(seen)
    asked = len(searches)
    again = archive_in_elasticsearch.search(replace(QUERY, cursor=first[2][0]))
    assert [hit.id for hit in again.hits] == first[2][1]
    assert len(searches) == asked + 1


def test_nobody_gets_what_was_kept_for_another(
    archive_in_elasticsearch: ElasticsearchEngine, searches: list[dict[str, Any]]
) -> None:
    seen = pages(archive_in_elasticsearch, QUERY)
    *_, (cursor, _) = (next(seen) for _ in range(3))
    others = replace(QUERY, reader_tokens=("others",), cursor=cursor)
    asked = len(searches)
    theirs = {hit.id for hit in archive_in_elasticsearch.search(others).hits}
    assert len(searches) == asked + 1
    ours = {one for _, page in pages(archive_in_elasticsearch, QUERY) for one in page}
    assert theirs.isdisjoint(ours)


@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
def test_letters_that_come_meanwhile_do_not_move_pages(engine: ElasticsearchEngine) -> None:
    engine.put(letter(serial, text="eau") for serial in range(1, 61))
    engine.settle()
    query = SearchQuery(words="eau", reader_tokens=OFFICE, typos=False, limit=10)
    seen = pages(engine, query)
    before = [page for _, page in (next(seen) for _ in range(2))]
    engine.put(letter(serial, subject="eau") for serial in range(61, 81))
    engine.settle()
    after = [page for _, page in seen]
    letters = [one for page in [*before, *after] for one in page]
    assert len(letters) == len(set(letters)) == 60

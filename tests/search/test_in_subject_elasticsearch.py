"""The best letters of a frequent word are found by their subjects on Elasticsearch too."""

from dataclasses import replace
from typing import Any

import pytest

from search.backends.elasticsearch.engine import ElasticsearchEngine
from search.contract import SearchQuery, SearchResult
from tests.search.frequent import FREQUENT
from tests.search.letters import OFFICE

pytestmark = pytest.mark.production
MANY = 10_000


def ask(engine: ElasticsearchEngine, query: SearchQuery, *, frequent: int) -> SearchResult:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.backends.elasticsearch.in_subject.FREQUENT", frequent)
        return engine.search(query)


@pytest.mark.parametrize("word", [*FREQUENT, "fact*", "الفات*", "compteur*"])
@pytest.mark.parametrize("limit", [1, 4, 8, 100])
def test_the_best_letters_of_a_frequent_word_are_the_best_of_all(
    archive_in_elasticsearch: ElasticsearchEngine, word: str, limit: int
) -> None:
    query = SearchQuery(words=word, reader_tokens=OFFICE, typos=False, limit=limit)
    by_subject, of_all = (
        ask(archive_in_elasticsearch, query, frequent=frequent) for frequent in (50, MANY)
    )
    assert (by_subject.hits, by_subject.total) == (of_all.hits, of_all.total)
    assert bool(by_subject.next_cursor) == bool(of_all.next_cursor)


@pytest.mark.parametrize("word", FREQUENT)
def test_all_letters_are_weighed_where_those_without_it_in_their_subject_may_be_better(
    archive_in_elasticsearch: ElasticsearchEngine, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    weighed = searches_of_letters(archive_in_elasticsearch, monkeypatch)
    query = SearchQuery(words=word, reader_tokens=OFFICE, typos=False, limit=4)
    ask(archive_in_elasticsearch, query, frequent=50)
    assert weighed == []
    ask(archive_in_elasticsearch, replace(query, limit=100), frequent=50)
    assert len(weighed) == 1


def searches_of_letters(
    engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
) -> list[dict[str, Any]]:
    """Return a list that takes every search of letters that is a request of its own."""
    asked: list[dict[str, Any]] = []
    search_one = engine._asking.search_one

    def noted(body: dict[str, Any]) -> dict[str, Any]:
        if body["size"]:
            asked.append(body)
        return search_one(body)

    monkeypatch.setattr(engine._asking, "search_one", noted)
    return asked


@pytest.mark.parametrize("typed", ["facture dossier", '"facture"', "fact*", "-facture", "hier"])
def test_other_questions_find_the_same_whatever_is_frequent(
    archive_in_elasticsearch: ElasticsearchEngine, typed: str
) -> None:
    query = SearchQuery(words=typed, reader_tokens=OFFICE, limit=8)
    some, all_of_them = (
        ask(archive_in_elasticsearch, query, frequent=frequent) for frequent in (50, MANY)
    )
    assert (some.hits, some.total) == (all_of_them.hits, all_of_them.total)

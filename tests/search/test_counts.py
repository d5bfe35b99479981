"""Counts are asked together, and find the letters that the ranked query finds, on each engine."""

import datetime
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from search.answers.forgiving import search_forgivingly
from search.answers.spelling import better_spelling
from search.backends.elasticsearch.engine import ElasticsearchEngine
from search.contract import COUNTS, EngineError, SearchEngine, SearchQuery
from tests.search.conftest import elasticsearch_url
from tests.search.letters import OFFICE, letter
from tests.search.test_sets import CASES, TEXTS, WORDS


@pytest.fixture
def archive(engine: SearchEngine) -> SearchEngine:
    told = {"parties": "Mohamed Benkirane", "sender": "Mohamed Benkirane"}
    texts = enumerate(TEXTS * 3, start=1)
    rows = [
        letter(n, text=text, subject=TEXTS[-n % len(TEXTS)], **(told if n % 2 else {}))
        for n, text in texts
    ]
    of_cases = (one if isinstance(one, dict) else {"text": one} for _, one, _ in CASES)
    rows += [letter(serial, **fields) for serial, fields in enumerate(of_cases, start=1_000)]
    engine.put(rows)
    engine.settle()
    return engine


def test_counts_are_those_of_the_ranked_query(archive: SearchEngine) -> None:
    asked = [
        SearchQuery(words=words, reader_tokens=OFFICE, typos=typos, facets=())
        for words in dict.fromkeys([*WORDS, *(typed for typed, _, _ in CASES)])
        for typos in (True, False)
    ]
    counts = archive.counts(asked)
    ranked = tuple(archive.search(query).total for query in asked)
    assert {q.words: n for q, n in zip(asked, counts, strict=True)} == {
        q.words: n for q, n in zip(asked, ranked, strict=True)
    }
    assert counts == ranked
    assert sum(counts) > len(asked)


def test_counts_hold_to_readers_filters_and_bounds(engine: SearchEngine) -> None:
    engine.put(
        [
            letter(1, text="eau", kind="invoice"),
            letter(2, text="eau", kind="complaint"),
            letter(3, text="eau", reader_tokens=("direction",)),
        ]
    )
    engine.settle()
    query = SearchQuery(words="eau", reader_tokens=OFFICE, limit=1)
    others = [
        replace(query, reader_tokens=()),
        replace(query, reader_tokens=("direction",)),
        replace(query, filters={"kind": ["invoice"]}),
        replace(query, after=datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)),
        replace(query, words="zellige"),
    ]
    assert engine.counts([query, *others]) == (2, 0, 1, 1, 0, 0)
    assert engine.counts([]) == ()


def test_counts_without_documents_are_none(engine: SearchEngine) -> None:
    assert engine.counts([SearchQuery(words="eau", reader_tokens=OFFICE)]) == (0,)


@pytest.fixture
def server() -> Iterator[ElasticsearchEngine]:
    engine = ElasticsearchEngine(elasticsearch_url())
    yield engine
    engine._client.indices.delete(index=f"{engine._indexes.alias}-first")


@pytest.fixture
def requests(server: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The requests that the engine sends, among letters, once it has found its index."""
    server.put(letter(serial, text="compteur facture zellige") for serial in range(60))
    server.put([letter(100, text="conpteur")])
    server.settle()
    server.search(SearchQuery(words="", reader_tokens=OFFICE))
    sent: list[str] = []
    transport: Any = server._client.transport
    perform = transport.perform_request

    def noted(method: str, target: str, **more: Any) -> Any:
        sent.append(target.partition("?")[0].rpartition("/")[2])
        return perform(method, target, **more)

    monkeypatch.setattr(transport, "perform_request", noted)
    return sent


@pytest.mark.production
def test_a_page_with_its_counts_is_one_request(
    server: ElasticsearchEngine, requests: list[str]
) -> None:
    query = SearchQuery(words="compteur", reader_tokens=OFFICE, facets=COUNTS)
    found = search_forgivingly(server, query)
    assert requests == ["_msearch"]
    assert (found.result.total, found.result.facets["register"]) == (60, {"IN": 60})
    del requests[:]
    server.search(replace(found.query, facets=(), cursor=found.result.next_cursor))
    assert requests == ["_pit", "_search"]


@pytest.mark.production
def test_a_better_letter_between_two_pages_by_relevance_hides_none(
    server: ElasticsearchEngine, requests: list[str]
) -> None:
    query = SearchQuery(words="compteur", reader_tokens=OFFICE, facets=(), limit=7)
    first = server.search(query)
    server.put([letter(500, subject="compteur", text="compteur")])
    server.settle()
    seen, cursor = [hit.id for hit in first.hits], first.next_cursor
    while cursor:
        page = server.search(replace(query, cursor=cursor))
        seen += [hit.id for hit in page.hits]
        cursor = page.next_cursor
    assert set(seen) == {letter(serial).id for serial in (*range(60), 100)}
    assert len(seen) == 62  # one slipped from the first page to the second


@pytest.mark.production
def test_a_typo_is_two_requests_and_its_better_spelling_none(
    server: ElasticsearchEngine, requests: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    query = SearchQuery(words="zelige", reader_tokens=OFFICE, facets=COUNTS)
    found = search_forgivingly(server, query)
    assert requests == ["_msearch", "_search"]
    monkeypatch.setattr("search.answers.spelling.get_engine", lambda: server)
    texts = ["compteur facture zellige"]
    spelt = better_spelling(found.query, texts, found=60, as_typed=found.as_typed)
    assert spelt == "zellige"
    assert requests == ["_msearch", "_search"]


@pytest.mark.production
def test_a_better_spelling_beside_other_words_is_counted(
    server: ElasticsearchEngine, requests: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.answers.spelling.get_engine", lambda: server)
    query = SearchQuery(words="compteur zelige", reader_tokens=OFFICE, facets=COUNTS)
    spelt = better_spelling(query, ["compteur zellige"], found=60, as_typed=0)
    assert spelt == "compteur zellige"
    assert requests == ["_msearch"]


@pytest.mark.production
def test_the_rarity_of_several_words_is_one_request(
    server: ElasticsearchEngine, requests: list[str]
) -> None:
    query = SearchQuery(words="compteur facture zelige", reader_tokens=OFFICE, facets=COUNTS)
    assert search_forgivingly(server, query).query.typos == frozenset({"zelige"})
    assert requests == ["_msearch", "_msearch", "_search"]


@pytest.mark.production
def test_one_refused_search_of_several_is_an_error(server: ElasticsearchEngine) -> None:
    server.put([letter(1)])
    server.settle()
    index = f"{server._indexes.alias}-first"
    query = SearchQuery(words="eau", reader_tokens=OFFICE, facets=COUNTS)
    assert server.search(query).total == 0
    server._client.indices.close(index=index)
    try:
        with pytest.raises(EngineError, match="index_closed"):
            server.search(query)
    finally:
        server._client.indices.open(index=index)

"""Facets that Elasticsearch counts together in one field are those of each."""

import pytest

from search.analysis.versions import Stamp
from search.backends.elasticsearch import mapping
from search.backends.elasticsearch.engine import ElasticsearchEngine
from search.contract import COUNTS, EngineError, SearchQuery
from tests.search.conftest import drop_indexes, elasticsearch_url
from tests.search.letters import OFFICE, letter

pytestmark = pytest.mark.production
TODAY = letter(1).day


def counted(engine: ElasticsearchEngine, query: SearchQuery) -> dict[str, list[tuple[str, int]]]:
    return {name: list(counts.items()) for name, counts in engine.search(query).facets.items()}


@pytest.mark.parametrize(
    "filters",
    [
        {},
        {"channel": ["c1", "c2"]},
        {"channel": ["c1"], "month": ["2026-03"], "kind": ["invoice"]},
        {name: ["IN"] if name == "register" else ["in"] for name in ("register", "direction")},
    ],
)
@pytest.mark.parametrize("facets", [COUNTS, ("year",), ("year", "channel", "stage"), ("overdue",)])
def test_facets_counted_together_are_those_of_each(
    archive_in_elasticsearch: ElasticsearchEngine,
    filters: dict[str, list[str]],
    facets: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    query = SearchQuery(
        words="facture", reader_tokens=OFFICE, filters=filters, facets=facets, today=TODAY
    )
    together = counted(archive_in_elasticsearch, query)
    assert list(together) == list(facets)
    monkeypatch.setattr("search.backends.elasticsearch.facets._fields", lambda names: names)
    assert counted(archive_in_elasticsearch, query) == together


def test_more_values_together_than_are_asked_for_are_counted_one_by_one(
    archive_in_elasticsearch: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = SearchQuery(words="facture", reader_tokens=OFFICE, today=TODAY)
    together = counted(archive_in_elasticsearch, query)
    monkeypatch.setattr("search.backends.elasticsearch.facets._MOST_PACKED", 2)
    assert counted(archive_in_elasticsearch, query) == together


def test_an_index_of_before_takes_letters_counts_them_and_is_rebuilt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = elasticsearch_url()
    with monkeypatch.context() as before:
        before.setattr(mapping, "PACKED", {})
        stamp = Stamp.present().as_json()
        before.setattr("search.backends.elasticsearch.indexes.Indexes._present", lambda _: stamp)
        ElasticsearchEngine(url).put([letter(1, text="eau"), letter(2, text="eau", channel="post")])
    engine = ElasticsearchEngine(url)
    try:
        assert engine.state() == "aged"
        engine.put([letter(3, text="eau", channel="post")])
        engine.settle()
        found = engine.search(SearchQuery(words="eau", reader_tokens=OFFICE))
        assert found.total == sum(found.facets["channel"].values()) == 3
        with engine.rebuild() as build:
            build.put(letter(serial, text="eau", channel="post") for serial in range(4))
        assert engine.state() == "ready"
        found = engine.search(SearchQuery(words="eau", reader_tokens=OFFICE))
        assert found.facets["channel"] == {"post": 4}
    finally:
        drop_indexes(engine)


@pytest.mark.parametrize("words", ["facture", "facture dossier", '"votre dossier"', "fact*"])
def test_counts_of_many_letters_are_those_of_one_request(
    archive_in_elasticsearch: ElasticsearchEngine, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = SearchQuery(words=words, reader_tokens=OFFICE, today=TODAY, typos=False)
    at_once = archive_in_elasticsearch.search(query)
    monkeypatch.setattr("search.backends.elasticsearch.in_subject.FREQUENT", 30)
    later = archive_in_elasticsearch.search(query)
    assert later.count.least < later.total == at_once.total == at_once.count.least
    assert dict(later.facets) == dict(at_once.facets)


def test_counts_of_all_letters_come_with_the_letters(
    archive_in_elasticsearch: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = SearchQuery(words="", reader_tokens=OFFICE, today=TODAY)
    at_once = archive_in_elasticsearch.search(query)
    monkeypatch.setattr("search.backends.elasticsearch.in_subject.FREQUENT", 30)
    found = archive_in_elasticsearch.search(query)
    assert found.count == at_once.count
    assert found.facets == at_once.facets
    assert found.count.least == sum(found.facets["stage"].values()) > 30


def test_counts_of_many_letters_that_fail_are_told_where_they_are_read(
    archive_in_elasticsearch: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object, **_more: object) -> None:
        raise EngineError("the counts fail")

    monkeypatch.setattr("search.backends.elasticsearch.in_subject.FREQUENT", 30)
    monkeypatch.setattr(archive_in_elasticsearch._asking, "_count", fails)
    query = SearchQuery(words="facture", reader_tokens=OFFICE, limit=4, typos=False)
    found = archive_in_elasticsearch.search(query)
    assert len(found.hits) == 4
    with pytest.raises(EngineError, match="the counts fail"):
        assert found.total

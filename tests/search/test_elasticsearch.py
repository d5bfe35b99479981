"""What only the engine across a network can get wrong."""

import socket
from typing import Any

import pytest

from search.backends.elasticsearch.bulk import SwappedError, bulks
from search.backends.elasticsearch.client import connect
from search.backends.elasticsearch.engine import ElasticsearchEngine
from search.backends.elasticsearch.mapping import safe
from search.contract import (
    EngineBusy,
    EngineError,
    EngineUnavailable,
    SearchQuery,
)
from tests.production.office import until
from tests.search.letters import found, letter, letter_id


def test_a_server_that_is_away_is_said_by_every_method() -> None:
    engine = ElasticsearchEngine("http://127.0.0.1:9/?timeout=1")
    for attempt in (
        lambda: engine.put([letter(1)]),
        lambda: engine.remove(["x"]),
        lambda: engine.search(SearchQuery(words="", reader_tokens=["office"])),
        engine.state,
        engine.settle,
        engine.merge,
        lambda: engine.rebuild().__enter__(),
    ):
        with pytest.raises(EngineUnavailable):
            attempt()


@pytest.mark.parametrize(
    "url",
    [
        *("", "elasticsearch:9200", "ftp://host", "https://", "https://u:secret@h/?verify=no"),
        # Beyond this machine: without TLS, or without a sign-in.
        *("http://u:secret@search.example:9200", "https://search.example:9200"),
        *("https://u:secret@h/?timeout=soon", "https://u:secret@h/?shards=0"),
    ],
)
def test_a_wrong_url_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(ValueError, match=r"http\(s\)|options|TLS|api_key|nombre") as refused:
        connect(url)
    assert "secret" not in str(refused.value)


def test_certificates_are_verified_and_the_login_is_sent() -> None:
    connection = connect("https://office:p%40ss@search.example:9200/es?index=letters")
    (node,) = connection.client.transport.node_pool.all()
    assert node.config.verify_certs is not False
    assert node.base_url == "https://search.example:9200/es"
    assert connection.alias == "letters"
    assert "Basic" in str(connection.client._headers.get("authorization"))


def test_every_token_stays_whole_for_the_servers_tokenizer() -> None:
    assert safe("eau كهرباء 2026_in_123") == "eau كهرباء 2026_in_123"
    assert safe("日本 eau") == "_65e5__672c_ eau"
    assert all(len(token) <= 250 for token in safe("日" * 100).split())


def test_who_says_so_leaves_this_machine_without_tls_or_sign_in() -> None:
    for url in (
        "http://127.0.0.1:9200",
        "http://[::1]:9200",
        "http://localhost:9200",
        "http://u:p@search.example:9200/?tls=no",
        "https://search.example:9200/?sign_in=no",
        "https://search.example:9200/?api_key=k&shards=3&replicas=2",
    ):
        connection = connect(url)
    assert (connection.shards, connection.replicas) == (3, 2)


class Answering:
    """A server that answers each document with one status."""

    def __init__(self, status: int, reason: str) -> None:
        self.answer = {"index": {"_id": "1", "status": status, "error": {"type": reason}}}

    def options(self, **_: object) -> "Answering":
        return self

    def bulk(self, **_: object) -> dict[str, object]:
        return {"items": [self.answer]}


@pytest.mark.parametrize(
    ("status", "reason", "error"),
    [
        (429, "es_rejected_execution_exception", EngineUnavailable),
        (503, "unavailable_shards_exception", EngineUnavailable),
        (403, "cluster_block_exception", EngineUnavailable),
        (429, "cluster_block_exception", EngineUnavailable),
        (404, "index_not_found_exception", SwappedError),
        (400, "document_parsing_exception", EngineError),
    ],
)
def test_a_document_that_is_not_taken_waits_unless_it_is_itself_at_fault(
    status: int, reason: str, error: type[Exception]
) -> None:
    (bulk,) = bulks([("1", 1, {"id": "1"})])
    with pytest.raises(error) as refused:
        bulk.write(Answering(status, reason), "letters")  # type: ignore[arg-type]
    assert isinstance(refused.value, EngineUnavailable) == (status != 400)


def test_a_conflict_is_an_older_version_and_no_error() -> None:
    (bulk,) = bulks([("1", 1, {"id": "1"})])
    conflict: Any = Answering(409, "version_conflict_engine_exception")
    assert bulk.write(conflict, "letters") == set()


def test_requests_are_bounded_by_bytes_and_by_count() -> None:
    long = [(str(n), 1, {"words": "eau " * 500_000}) for n in range(6)]
    assert [bulk.count for bulk in bulks(long)] == [3, 3]
    many = [(str(n), 1, {"words": "eau"}) for n in range(2_500)]
    assert [bulk.count for bulk in bulks(many)] == [1_000, 1_000, 500]


only_elasticsearch = pytest.mark.parametrize(
    "engine", [pytest.param("elasticsearch", marks=pytest.mark.production)], indirect=True
)


@only_elasticsearch
def test_a_swap_between_look_and_write_loses_no_letter(engine: ElasticsearchEngine) -> None:
    engine.put([letter(1, text="eau")])
    looked = engine._written_to
    swapped: list[bool] = []

    def swap_after_the_look() -> list[str]:
        aliases = looked()
        if not swapped:
            swapped.append(True)
            build.__exit__(None, None, None)
        return aliases

    build = engine.rebuild()
    build.__enter__().put([letter(1, text="eau")])
    engine._written_to = swap_after_the_look  # type: ignore[method-assign]
    engine.put([letter(2, text="eau")])
    assert sorted(found(engine, "eau")) == [1, 2]
    names = engine._client.indices.get(index=f"{engine._indexes.alias}*")
    assert len(names) == 1  # and none was made anew, without its mapping


@only_elasticsearch
def test_one_rebuild_at_a_time_and_one_that_died_is_gone_on_with(
    engine: ElasticsearchEngine,
) -> None:
    died = engine.rebuild()
    new = died.__enter__()
    new.put([letter(1, text="eau")])
    new.keep(letter_id(1))
    with pytest.raises(EngineBusy), engine.rebuild():
        pytest.fail("two rebuilds at once")
    index = engine._indexes.building() or ""
    meta = engine._indexes._meta(index)
    engine._client.indices.put_mapping(index=index, meta=meta | {"until": 0})
    with engine.rebuild() as again:
        assert again.place == letter_id(1)
        with pytest.raises(EngineBusy):
            new.keep(letter_id(2))
    assert found(engine, "eau") == [1]


def segments(engine: ElasticsearchEngine) -> int:
    stats = engine._client.indices.stats(index=engine._indexes.alias, metric="segments")
    return int(stats["_all"]["primaries"]["segments"]["count"])


@only_elasticsearch
def test_an_index_in_many_segments_is_merged_and_answers_the_same(
    engine: ElasticsearchEngine,
) -> None:
    for serial in range(1, 6):
        engine.put([letter(serial, text="eau")])
        engine.settle()
    assert segments(engine) > 1
    engine.merge()
    until(lambda: segments(engine) == 1)
    assert sorted(found(engine, "eau")) == [1, 2, 3, 4, 5]


@only_elasticsearch
def test_of_a_larger_index_the_small_segments_are_merged(
    engine: ElasticsearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.backends.elasticsearch.indexes._LETTERS_OF_SEGMENT", 2)
    for serial in range(1, 6):
        engine.put([letter(serial, text="eau")])
        engine.settle()
    engine.merge()
    until(lambda: segments(engine) == 3)


@only_elasticsearch
def test_a_rebuilt_index_is_merged(engine: ElasticsearchEngine) -> None:
    with engine.rebuild() as new:
        for serial in range(1, 6):
            new.put([letter(serial, text="eau")])
            new.keep(letter_id(serial))
    until(lambda: segments(engine) == 1)
    assert sorted(found(engine, "eau")) == [1, 2, 3, 4, 5]


@only_elasticsearch
def test_without_an_index_there_is_nothing_to_merge(engine: ElasticsearchEngine) -> None:
    engine.merge()
    assert engine.state() == "missing"


def test_after_a_timeout_the_next_pages_do_not_wait() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:  # it takes connections and says nothing
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/?timeout=0.2"
        engine = ElasticsearchEngine(url)
        question = SearchQuery(words="eau", reader_tokens=["office"])
        with pytest.raises(EngineUnavailable, match="Timeout"):
            engine.search(question)
        with pytest.raises(EngineUnavailable, match="a moment ago"):
            engine.search(question)

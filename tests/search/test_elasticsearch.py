"""What only the engine across a network can get wrong."""

import pytest

from search.backends.elasticsearch import ElasticsearchEngine
from search.backends.elasticsearch_client import connect
from search.backends.elasticsearch_index import safe
from search.contract import EngineUnavailable, SearchQuery
from tests.search.letters import letter


def test_a_server_that_is_away_is_said_by_every_method() -> None:
    engine = ElasticsearchEngine("http://127.0.0.1:9/?timeout=1")
    for attempt in (
        lambda: engine.put([letter(1)]),
        lambda: engine.remove(["x"]),
        lambda: engine.search(SearchQuery(words="", reader_tokens=["office"])),
        engine.state,
        engine.settle,
        lambda: engine.rebuild().__enter__(),
    ):
        with pytest.raises(EngineUnavailable):
            attempt()


@pytest.mark.parametrize(
    "url",
    ["", "elasticsearch:9200", "ftp://host", "https://", "https://u:secret@h/?verify=no"],
)
def test_a_wrong_url_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="SEARCH_URL") as refused:
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

"""Engines under test: Tantivy always, Elasticsearch where a real one is given."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.backends.elasticsearch.engine import ElasticsearchEngine
from search.backends.tantivy.engine import TantivyEngine
from search.contract import SearchEngine
from tests.plugins.wanting import wanting_service
from tests.search.frequent import letters_of_frequent_words


def elasticsearch_url() -> str:
    """A URL with an index of its own; skips loudly, and fails where a skip is not allowed."""
    url = os.environ.get("TEST_ELASTICSEARCH_URL", "").rstrip("/")
    if not url:
        wanting_service("Elasticsearch: TEST_ELASTICSEARCH_URL names no server")
    return f"{url}/?index=test-{uuid.uuid4().hex}&timeout=30&tls=no&sign_in=no"


@pytest.fixture(params=["tantivy", pytest.param("elasticsearch", marks=pytest.mark.production)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchEngine]:
    if request.param == "tantivy":
        yield TantivyEngine(tmp_path / "search")
        return
    running = ElasticsearchEngine(elasticsearch_url())
    yield running
    drop_indexes(running)


def drop_indexes(engine: ElasticsearchEngine) -> None:
    """Delete the indexes of that engine, also one that is being built."""
    made = engine._client.indices.get(index=f"{engine._indexes.alias}*", expand_wildcards="all")
    for index in made:
        engine._client.indices.delete(index=index)


@pytest.fixture(scope="module")
def archive_in_elasticsearch() -> Iterator[ElasticsearchEngine]:
    """Return an index of letters with frequent words, some put twice and some removed."""
    engine = ElasticsearchEngine(elasticsearch_url())
    letters = letters_of_frequent_words()
    engine.put(letters)
    engine.put(letters[:150])
    engine.remove([letters[-1].id])
    engine.settle()
    yield engine
    drop_indexes(engine)

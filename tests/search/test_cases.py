"""The contract, case by case: both engines find what is typed, and nothing else (`cases.py`)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from search.backends.elasticsearch.engine import ElasticsearchEngine
from search.backends.tantivy.engine import TantivyEngine
from search.contract import SearchEngine
from tests.every import each
from tests.search.cases import CASES, OFFICE_NAMES, WITHOUT_TYPOS
from tests.search.conftest import elasticsearch_url
from tests.search.letters import found, letter


@pytest.fixture(
    scope="module",
    params=["tantivy", pytest.param("elasticsearch", marks=pytest.mark.production)],
)
def shelf(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchEngine]:
    """An engine that holds the letter of every case, each with a reader of its own."""
    engine: SearchEngine
    if request.param == "tantivy":
        folder: Path = tmp_path_factory.mktemp("search")
        engine = TantivyEngine(folder)
    else:
        engine = ElasticsearchEngine(elasticsearch_url())
    engine.put(
        letter(
            1000 * group + place,
            reader_tokens=(f"case {1000 * group + place}",),
            **({"number": ""} | (fields if isinstance(fields, dict) else {"text": fields})),
        )
        for group, cases in enumerate(CASES.values())
        for place, (_, fields, _) in enumerate(cases)
    )
    engine.settle()
    yield engine
    if isinstance(engine, ElasticsearchEngine):
        made = engine._client.indices.get(index=f"{engine._indexes.alias}*", expand_wildcards="all")
        for index in made:
            engine._client.indices.delete(index=index)


@pytest.mark.parametrize("name", CASES)
def test_a_letter_is_found_by_what_means_it(shelf: SearchEngine, name: str) -> None:
    group, typos = list(CASES).index(name), name not in WITHOUT_TYPOS

    def attempt(place: int) -> None:
        typed, fields, is_found = CASES[name][place]
        serial = 1000 * group + place
        asked = {"reader_tokens": [f"case {serial}"], "names": OFFICE_NAMES, "typos": typos}
        hits = found(shelf, typed, **asked)
        assert hits == [serial] * is_found, (typed, fields)

    each(range(len(CASES[name])), attempt, named=lambda place: f"{name}-{place}")

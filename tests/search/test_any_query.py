"""Any text is a safe query on both engines, alone and inside every field."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from search.backends.elasticsearch.engine import ElasticsearchEngine
from search.backends.tantivy.engine import TantivyEngine
from search.contract import SearchEngine, SearchQuery
from search.query.parsing import ParsedQuery, Word, parse
from tests.search.cases import OFFICE_NAMES
from tests.search.conftest import elasticsearch_url
from tests.search.letters import OFFICE, letter

TODAY = datetime.date(2026, 3, 2)
PIECES = st.sampled_from(
    [
        *["from:", "à:", "réf:", "kind:", "dept:", "avant:", "بعد:", "n°:", "المرسل إليه:", "-"],
        *['"', "«", "»", "*", "12/03/2026", "mars", "2026", "345/DG/2025", "م ع", "بنكيران", "ben"],
        *["el", "عبد", "facture", "hier", "/", "_", ".", ":", "|", "°", "٣٤٥", "31/02/2026", "0"],
        *["A1", " ", "\n"],
    ]
)
TYPED = st.one_of(
    st.text(max_size=200),
    st.lists(PIECES, max_size=30).map("".join),
    st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=20).map(" ".join),
)


@pytest.fixture(
    scope="module",
    params=["tantivy", pytest.param("elasticsearch", marks=pytest.mark.production)],
)
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchEngine]:
    engine: SearchEngine
    if request.param == "tantivy":
        folder: Path = tmp_path_factory.mktemp("search")
        engine = TantivyEngine(folder)
    else:
        engine = ElasticsearchEngine(elasticsearch_url())
    engine.put([letter(1, text="facture 345/DG/2025", sender="Benkirane")])
    engine.settle()
    yield engine
    if isinstance(engine, ElasticsearchEngine):
        engine._client.indices.delete(index=f"{engine._indexes.alias}-first")


@settings(max_examples=150)
@given(typed=TYPED, order=st.sampled_from(["relevance", "newest"]), typos=st.booleans())
@example(typed="from:" * 200, order="relevance", typos=True)
@example(typed="ab/" * 300, order="relevance", typos=True)
@example(typed="\ud800 from:\ud800 -\x00*", order="relevance", typos=True)
@example(typed="ref:" + "1" * 900, order="relevance", typos=True)
@example(typed="avant:9999 après:0001", order="newest", typos=False)
def test_any_text_is_a_safe_query(
    filled: SearchEngine, typed: str, order: str, typos: bool
) -> None:
    asked = SearchQuery(
        words=typed,
        reader_tokens=OFFICE,
        order=order,  # type: ignore[arg-type]
        names=OFFICE_NAMES,
        today=TODAY,
        typos=typos,
    )
    assert filled.search(asked).total in (0, 1)


@given(TYPED)
def test_a_field_that_was_read_stands_in_what_was_typed(typed: str) -> None:
    parsed = parse(typed, names=OFFICE_NAMES, today=TODAY)
    for field in parsed.read:
        assert field.text.strip()
        assert field.value


@given(st.text(alphabet="abcéà ءاب0123٤", min_size=1, max_size=40))
def test_an_unknown_field_loses_no_word(value: str) -> None:
    """What stands behind `before:` is a date, or it is searched as words."""
    alone, behind = parse(f"zellige {value}"), parse(f"zellige before:{value}")
    if not behind.read:
        assert _words(alone) <= _words(behind)


def _words(parsed: ParsedQuery) -> set[str]:
    return {clause.text for clause in parsed.must if isinstance(clause, Word)}

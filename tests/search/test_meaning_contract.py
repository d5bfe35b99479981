"""One suite for both indexes of meanings: what `search.meaning_contract` promises."""

import contextlib
import itertools
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.backends.meaning.elasticsearch import ElasticsearchMeaning
from search.backends.meaning.embedded import EmbeddedMeaning
from search.contract import EngineUnavailable
from search.meaning_contract import SIZE, Meaning, MeaningEngine
from tests.search.conftest import elasticsearch_url

OFFICE = ("office",)
VERSION = 7


@pytest.fixture(
    params=["rows", "graphs", pytest.param("elasticsearch", marks=pytest.mark.production)]
)
def engine(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MeaningEngine]:
    """The embedded one comparing row by row, the same through its graphs, and Elasticsearch."""
    if request.param != "elasticsearch":
        if request.param == "graphs":
            monkeypatch.setattr("search.backends.meaning.embedded.FEW", 0)
            monkeypatch.setattr("search.backends.meaning.graphs.ROWS_OF_ONE", 7)
        yield EmbeddedMeaning(tmp_path / "meaning", version=VERSION, loose=2)
        return
    running = ElasticsearchMeaning(elasticsearch_url(), version=VERSION)
    yield running
    made = running._client.indices.get(index=f"{running._indexes.alias}*", expand_wildcards="all")
    for index in made:
        running._client.indices.delete(index=index)


def other_version(engine: MeaningEngine) -> MeaningEngine:
    """A program with another model, at the same index."""
    if isinstance(engine, EmbeddedMeaning):
        return EmbeddedMeaning(engine._store.folder, version=VERSION + 1)
    assert isinstance(engine, ElasticsearchMeaning)
    other = ElasticsearchMeaning("http://127.0.0.1:1/", version=VERSION + 1)
    other._client = engine._client
    other._indexes._client = engine._client
    other._indexes.alias = engine._indexes.alias
    other._indexes.building_alias = engine._indexes.building_alias
    return other


def name(serial: int) -> str:
    return str(uuid.UUID(int=serial))


def vector(angle: float) -> bytes:
    """A direction in the plane of the first two numbers, in degrees."""
    row = np.zeros(SIZE, dtype=np.int8)
    row[0] = round(127 * np.cos(np.radians(angle)))
    row[1] = round(127 * np.sin(np.radians(angle)))
    return row.tobytes()


def meaning(serial: int, *angles: float, **fields: Any) -> Meaning:
    vectors = tuple(vector(angle) for angle in angles)
    values: dict[str, Any] = {"id": name(serial), "version": 1, "vectors": vectors}
    values["reader_tokens"] = OFFICE
    return Meaning(**(values | fields))


def near(engine: MeaningEngine, *angles: float, **fields: Any) -> list[int]:
    engine.settle()
    asked: dict[str, Any] = {"reader_tokens": OFFICE, "limit": 10, "floor": -0.5} | fields
    return [uuid.UUID(one.id).int for one in engine.nearest([vector(a) for a in angles], **asked)]


def test_the_nearest_come_first_and_tell_how_near_they_are(engine: MeaningEngine) -> None:
    assert engine.put([meaning(1, 0), meaning(2, 30), meaning(3, 80)]) == 3
    assert near(engine, 25) == [2, 1, 3]
    best = engine.nearest([vector(30)], reader_tokens=OFFICE, limit=1, floor=0.5)
    assert [(one.id, one.position) for one in best] == [(name(2), 0)]
    assert best[0].likeness == pytest.approx(1.0, abs=0.01)


def test_what_is_below_the_floor_is_not_near(engine: MeaningEngine) -> None:
    engine.put([meaning(1, 0), meaning(2, 50), meaning(3, 85)])
    assert near(engine, 0, floor=0.6) == [1, 2]


def test_a_letter_with_several_vectors_comes_once_by_its_nearest(engine: MeaningEngine) -> None:
    engine.put([meaning(1, 0, 3, 6, 60), meaning(2, 20)])
    assert near(engine, 58, limit=2) == [1, 2]
    (best, *_) = engine.nearest([vector(58)], reader_tokens=OFFICE, limit=2, floor=0.5)
    assert best.position == 3


def test_several_questions_are_answered_as_one(engine: MeaningEngine) -> None:
    engine.put([meaning(1, 0), meaning(2, 45), meaning(3, 91)])
    assert near(engine, 0, 90, floor=0.9) == [1, 3]


def test_only_what_a_token_opens_is_found_however_near_the_rest_is(engine: MeaningEngine) -> None:
    hidden = [meaning(n, n / 10, reader_tokens=("all:0",)) for n in range(1, 60)]
    engine.put([*hidden, meaning(100, 40, reader_tokens=("all:0", "dept:SI:0"))])
    assert near(engine, 0, reader_tokens=("dept:SI:0",)) == [100]
    assert near(engine, 0, reader_tokens=("dept:EAU:0",)) == []
    assert near(engine, 0, reader_tokens=()) == []


def test_a_change_of_readers_counts_from_then_on(engine: MeaningEngine) -> None:
    engine.put([meaning(1, 0, reader_tokens=("a", "b"))])
    engine.put([meaning(1, 0, version=2, reader_tokens=("a",))])
    assert near(engine, 0, reader_tokens=("b",)) == []
    assert near(engine, 0, reader_tokens=("a",)) == [1]


def test_an_older_version_never_overwrites_a_newer_one(engine: MeaningEngine) -> None:
    engine.put([meaning(1, 0, version=5)])
    assert engine.put([meaning(1, 80, version=4)]) == 0
    assert near(engine, 0, floor=0.9) == [1]


def test_a_letter_with_fewer_vectors_is_no_longer_found_by_the_old_ones(
    engine: MeaningEngine,
) -> None:
    engine.put([meaning(1, 0, 90)])
    engine.put([meaning(1, 0, version=2)])
    assert near(engine, 90, floor=0.5) == []


def test_what_was_removed_does_not_come_back(engine: MeaningEngine) -> None:
    engine.put([meaning(1, 0, version=3), meaning(2, 10)])
    engine.remove([name(1), name(9)])
    assert near(engine, 0) == [2]
    engine.put([meaning(1, 0, version=3)])
    assert near(engine, 0) == [2]
    engine.put([meaning(1, 0, version=5)])
    assert near(engine, 0) == [1, 2]


def test_an_empty_index_answers_nothing(engine: MeaningEngine) -> None:
    assert engine.state() == "missing"
    assert near(engine, 0) == []


def test_a_rebuild_is_not_seen_before_its_end_and_misses_nothing(engine: MeaningEngine) -> None:
    engine.put([meaning(1, 0), meaning(2, 20)])
    with engine.rebuild() as build:
        assert build.put([meaning(1, 0)]) == 1
        engine.put([meaning(3, 10)])
        assert near(engine, 0) == [1, 3, 2]
    assert near(engine, 0) == [1, 3]


def test_a_rebuild_that_fails_leaves_the_old_index(engine: MeaningEngine) -> None:
    engine.put([meaning(1, 0)])
    with contextlib.suppress(ZeroDivisionError), engine.rebuild() as build:
        build.put([meaning(2, 0)])
        raise ZeroDivisionError
    assert near(engine, 0) == [1]


def test_vectors_of_another_model_are_not_mixed_but_said_and_rebuilt(
    engine: MeaningEngine,
) -> None:
    engine.put([meaning(1, 0)])
    newer = other_version(engine)
    assert (engine.state(), newer.state()) == ("ready", "outdated")
    with pytest.raises(EngineUnavailable, match="rebuild_meaning"):
        near(newer, 0)
    with pytest.raises(EngineUnavailable, match="rebuild_meaning"):
        newer.put([meaning(2, 0)])
    assert near(engine, 0) == [1], "the old one goes on meanwhile"
    with newer.rebuild() as build:
        build.put([meaning(2, 0)])
    assert (newer.state(), near(newer, 0)) == ("ready", [2])


@pytest.mark.parametrize("asked", [{"limit": 0}, {"limit": 51}, {"vectors": []}])
def test_a_wrong_question_is_refused(engine: MeaningEngine, asked: dict[str, Any]) -> None:
    values: dict[str, Any] = {"vectors": [vector(0)], "limit": 5, "floor": 0.0}
    values |= {"reader_tokens": OFFICE} | asked
    with pytest.raises(ValueError, match=r"limit|vectors"):
        engine.nearest(values.pop("vectors"), **values)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_nearest_are_those_that_comparing_all_would_give(
    engine: MeaningEngine, data: st.DataObject
) -> None:
    """Whoever reads, whatever lies beside: the same letters as by looking at each."""
    base = uuid.uuid4().int >> 40 << 32  # the index is kept between examples: ids of this one
    mine = f"token-{base}"
    angles = data.draw(st.lists(st.integers(0, 89), min_size=1, max_size=8, unique=True))
    open_ones = data.draw(st.lists(st.booleans(), min_size=len(angles), max_size=len(angles)))
    asked = data.draw(st.integers(0, 89))
    engine.put(
        meaning(base + n, angle, reader_tokens=(mine,) if is_open else ("others",))
        for n, (angle, is_open) in enumerate(zip(angles, open_ones, strict=True))
    )
    wanted = {n for n, is_open in enumerate(open_ones) if is_open}
    found = [one - base for one in near(engine, asked, reader_tokens=(mine,))]
    distances = [abs(angles[n] - asked) for n in found]
    assert set(found) == wanted
    assert all(a <= b + 1 for a, b in itertools.pairwise(distances))

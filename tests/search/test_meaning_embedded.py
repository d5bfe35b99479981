"""What only the embedded index of meanings can suffer: kills, full disks, damaged files."""

import multiprocessing
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from search.backends.meaning import graphs
from search.backends.meaning.embedded import EmbeddedMeaning
from search.contract import EngineBusy, EngineUnavailable
from search.meaning_contract import SIZE, Meaning
from tests.search.test_meaning_contract import VERSION, meaning, near


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedMeaning:
    """Whoever reads much is answered through graphs, in this office already from the first row."""
    monkeypatch.setattr("search.backends.meaning.embedded.FEW", 0)
    return EmbeddedMeaning(tmp_path / "meaning", version=VERSION, loose=2, wait_seconds=0.2)


def the_index(engine: EmbeddedMeaning) -> Path:
    index = engine._store.current()
    assert index is not None
    return index


def random_meanings(count: int, seed: int) -> Iterator[Meaning]:
    drawn = np.random.default_rng(seed).integers(-127, 127, (count, SIZE), dtype=np.int8)
    for serial, row in enumerate(drawn, start=1 + seed * 100_000):
        yield meaning(serial, vectors=(row.tobytes(),))


def put_for_ever(folder: Path) -> None:
    engine = EmbeddedMeaning(folder, version=VERSION, loose=50)
    for seed in range(1, 10_000):
        engine.put(random_meanings(60, seed))


def test_a_writer_killed_at_any_point_leaves_an_index_that_answers_and_takes_more(
    engine: EmbeddedMeaning,
) -> None:
    engine.put([meaning(1, 0)])
    context = multiprocessing.get_context("fork")
    for wait in (0.05, 0.15, 0.3, 0.5):
        child = context.Process(target=put_for_ever, args=(engine._store.folder,))
        child.start()
        time.sleep(wait)
        os.kill(child.pid or 0, signal.SIGKILL)
        child.join()
        assert near(engine, 0, floor=0.9) == [1]
    engine.put([meaning(2, 90)])
    assert near(engine, 90, floor=0.9) == [2]
    named = {one.file for one in graphs.listed(the_index(engine))}
    assert all(graphs.is_whole(the_index(engine), one) for one in graphs.listed(the_index(engine)))
    engine.put(random_meanings(60, 0))
    left = {path.name for path in the_index(engine).glob("graph-*")}
    assert left == {one.file for one in graphs.listed(the_index(engine))}
    assert named


@pytest.mark.parametrize("harm", ["cut", "gone", "other"])
def test_a_damaged_graph_is_not_used_and_made_again_with_the_next_letter(
    engine: EmbeddedMeaning, harm: str
) -> None:
    engine.put([meaning(serial, serial * 10) for serial in range(1, 9)])
    (graph,) = graphs.listed(the_index(engine))
    path = the_index(engine) / graph.file
    content = path.read_bytes()
    path.unlink()
    if harm != "gone":
        path.write_bytes(content[:-9] if harm == "cut" else bytes(len(content)))
    again = EmbeddedMeaning(engine._store.folder, version=VERSION, loose=2)
    assert near(again, 10) == [], "nothing, and no error"
    again.put([meaning(9, 1)])
    assert near(again, 10, limit=3) == [1, 9, 2]


def test_a_damaged_list_of_graphs_is_made_again(engine: EmbeddedMeaning) -> None:
    engine.put([meaning(serial, serial * 10) for serial in range(1, 9)])
    (the_index(engine) / "graphs.json").write_text("{")
    assert near(engine, 10, limit=2) == [1, 2]
    engine.put([meaning(9, 1)])
    assert len(graphs.listed(the_index(engine))) == 1


def test_damaged_rows_are_said_and_made_anew_by_a_rebuild(engine: EmbeddedMeaning) -> None:
    engine.put([meaning(1, 0)])
    for path in the_index(engine).glob("rows.sqlite3*"):
        path.write_bytes(b"no database" * 1000)
    with pytest.raises(EngineUnavailable, match="damaged"):
        near(engine, 0)
    with engine.rebuild() as build:
        build.put([meaning(1, 0)])
    assert near(engine, 0) == [1]


def test_a_full_disk_makes_writers_wait_and_readers_go_on(
    engine: EmbeddedMeaning, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.put([meaning(1, 0)])
    from search.backends.meaning import rows as meaning_rows

    def full(self: object, letters: object) -> int:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as disk:
        disk.setattr(meaning_rows.Rows, "put", full)
        with pytest.raises(EngineUnavailable, match="full"):
            engine.put([meaning(2, 0)])
        assert near(engine, 0) == [1]
    engine.put([meaning(2, 0)])
    assert near(engine, 0) == [1, 2]


def test_a_disk_that_takes_no_graph_loses_nothing(
    engine: EmbeddedMeaning, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(graphs.Growing, "save", full)
        with pytest.raises(EngineUnavailable):
            engine.put([meaning(serial, serial * 10) for serial in range(1, 9)])
    assert near(engine, 10, limit=2) == [1, 2]


def test_two_rebuilds_at_once_are_refused(engine: EmbeddedMeaning) -> None:
    other = EmbeddedMeaning(engine._store.folder, version=VERSION)
    with engine.rebuild(), pytest.raises(EngineBusy), other.rebuild():
        pass


def test_searches_go_on_while_the_index_is_rebuilt_again_and_again(
    engine: EmbeddedMeaning,
) -> None:
    engine.put([meaning(serial, serial) for serial in range(1, 30)])
    failed: list[object] = []
    ended = threading.Event()

    def ask() -> None:
        while not ended.is_set():
            try:
                if near(engine, 1, limit=1) != [1]:
                    failed.append("not found")
            except Exception as error:
                failed.append(error)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(6):
        with engine.rebuild() as build:
            build.put(meaning(serial, serial) for serial in range(1, 30))
    ended.set()
    for thread in threads:
        thread.join()
    assert failed == []


def test_the_graphs_find_nearly_what_comparing_all_finds(tmp_path: Path) -> None:
    """Vectors as letters have them: around common directions. The viewer reads a tenth."""
    drawn = np.random.default_rng(3)
    centres = drawn.normal(size=(40, SIZE))
    rows = centres[drawn.integers(0, 40, 3000)] + drawn.normal(size=(3000, SIZE))
    scaled = (rows / np.abs(rows).max(axis=1, keepdims=True) * 127).astype(np.int8)
    engine = EmbeddedMeaning(tmp_path / "meaning", version=VERSION, loose=100)
    engine.put(
        meaning(n, vectors=(row.tobytes(),), reader_tokens=("all", *(["a"] if n % 10 == 0 else [])))
        for n, row in enumerate(scaled)
    )
    same = wanted = 0
    with pytest.MonkeyPatch.context() as patch:
        for n in range(0, 300, 10):
            asked = (scaled[n].tobytes(),)
            patch.setattr("search.backends.meaning.embedded.FEW", 20_000)
            exact = engine.nearest(asked, reader_tokens=("a",), limit=10, floor=-1.0)
            patch.setattr("search.backends.meaning.embedded.FEW", 0)
            found = engine.nearest(asked, reader_tokens=("a",), limit=10, floor=-1.0)
            same += len({one.id for one in exact} & {one.id for one in found})
            wanted += len(exact)
    assert wanted == 300
    assert same >= 0.95 * wanted

"""What only the embedded engine can get wrong: processes that share a folder, and die in it."""

import fcntl
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from search.backends.tantivy.engine import TantivyEngine
from search.backends.tantivy.store import TantivyStore
from search.contract import EngineBusy, EngineUnavailable
from tests.search.letters import ask, found, letter

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "search"


def _put_many(folder: Path, first: int) -> None:
    engine = TantivyEngine(folder, wait_seconds=60)
    for serial in range(first, first + 10):
        engine.put([letter(serial, text="eau")])


def test_several_processes_write_and_none_loses_a_letter(folder: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_put_many, args=(folder, 100 * k)) for k in range(1, 4)]
    for writer in writers:
        writer.start()
    reader = TantivyEngine(folder)
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    assert ask(reader, "eau").total == 30


def test_a_reader_sees_what_another_engine_wrote_and_rebuilt(folder: Path) -> None:
    reader, writer = TantivyEngine(folder), TantivyEngine(folder)
    writer.put([letter(1, text="eau")])
    assert found(reader, "eau") == [1]
    writer.put([letter(2, text="eau")])
    assert sorted(found(reader, "eau")) == [1, 2]
    with writer.rebuild() as new:
        new.put([letter(3, text="eau")])
    assert found(reader, "eau") == [3]


def test_a_writer_waits_only_so_long_for_another(folder: Path) -> None:
    engine = TantivyEngine(folder, wait_seconds=0.1)
    engine.put([letter(1, text="eau")])
    with (folder / "write.lock").open("ab") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(EngineBusy):
            engine.put([letter(2, text="eau")])
        assert found(engine, "eau") == [1]
    engine.put([letter(2, text="eau")])
    assert ask(engine, "eau").total == 2


def test_an_index_replaced_just_now_is_never_taken_for_none(folder: Path) -> None:
    store = TantivyStore(folder, wait_seconds=1)
    folder.mkdir()
    store.point("current", store.new_index())
    ended, missed = threading.Event(), []

    def look() -> None:
        while not ended.is_set():
            missed.extend([1] if store.current() is None else [])

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(100):
        store.point("current", store.new_index())
        store.sweep()
    ended.set()
    for thread in threads:
        thread.join()
    assert not missed


def test_one_rebuild_at_a_time(folder: Path) -> None:
    engine = TantivyEngine(folder)
    with engine.rebuild() as new:
        new.put([letter(1, text="eau")])
        with pytest.raises(EngineBusy), TantivyEngine(folder).rebuild():
            pytest.fail("two rebuilds at once")
    assert found(engine, "eau") == [1]


KILLED = """
    import sys
    from pathlib import Path
    from search.backends.tantivy.engine import TantivyEngine
    from tests.search.letters import letter
    engine = TantivyEngine(Path(sys.argv[1]), wait_seconds=60)
    serial = int(sys.argv[2])
    while True:
        for _ in range(5):
            serial += 1
            engine.put([letter(serial, text="eau")])
            print(serial, flush=True)
        with engine.rebuild() as new:
            new.put([letter(n, text="eau") for n in range(1, serial + 1)])
"""


def test_a_process_killed_at_any_point_leaves_a_usable_index(folder: Path) -> None:
    serial = 0
    for attempt in range(6):
        serial = _work_until_killed(folder, serial, seconds=0.05 + 0.11 * attempt)
        engine = TantivyEngine(folder)
        # A letter may have been written and not yet told; none that was told is missing.
        assert ask(engine, "eau").total >= serial
        serial = ask(engine, "eau").total
    engine.put([letter(serial + 1, text="eau")])
    assert ask(engine, "eau").total == serial + 1


def _work_until_killed(folder: Path, serial: int, *, seconds: float) -> int:
    """Let a process write and rebuild, kill it, and return the last letter it told of."""
    code = textwrap.dedent(KILLED)
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder), str(serial)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        assert process.stdout
        told = [process.stdout.readline()]
        time.sleep(seconds)
        os.kill(process.pid, signal.SIGKILL)
        told += process.stdout.readlines()
    return int([line for line in told if line.endswith("\n")][-1])


def test_an_index_of_another_version_is_said_and_kept_until_rebuilt(folder: Path) -> None:
    engine = TantivyEngine(folder)
    engine.put([letter(1, text="eau")])
    (index,) = folder.glob("index-*")
    (index / "sijill.json").write_text(json.dumps({"schema": 0}))
    assert engine.state() == "outdated"
    with pytest.raises(EngineUnavailable, match="rebuild_index"):
        ask(engine, "eau")
    with pytest.raises(EngineUnavailable, match="rebuild_index"):
        engine.put([letter(2, text="eau")])
    assert index.is_dir()
    with engine.rebuild() as new:
        engine.put([letter(2, text="eau")])  # goes into the new one already
        new.put([letter(1, text="eau")])
    assert engine.state() == "ready"
    assert sorted(found(engine, "eau")) == [1, 2]
    assert not index.exists()


def test_a_damaged_index_is_said_and_not_wiped(folder: Path) -> None:
    engine = TantivyEngine(folder)
    engine.put([letter(1, text="eau")])
    (index,) = folder.glob("index-*")
    (index / "meta.json").write_text("{")
    with pytest.raises(EngineUnavailable):
        ask(TantivyEngine(folder), "eau")
    with pytest.raises(EngineUnavailable):
        engine.put([letter(2, text="eau")])
    assert (index / "meta.json").read_text() == "{"
    with engine.rebuild() as new:
        new.put([letter(1, text="eau")])
    assert found(engine, "eau") == [1]

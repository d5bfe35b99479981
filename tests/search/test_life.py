"""The life of an index, on every engine: rebuilt from its place, repaired, said when it is of
another program; and indexing that waits while an engine cannot write."""

import io
import os
import subprocess
import sys
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobs.errors import Unavailable
from jobs.models import Job
from registry.models.letters import Letter
from search import engines
from search.analysis import versions
from search.contract import EngineUnavailable, SearchEngine
from search.index import analysing, rebuilding
from search.index.documents import document_of
from search.index.keeping import ensure_index, index_letters_work, index_state
from search.index.many_documents import documents_of
from search.index.rebuilding import rebuild_index
from search.index.repairing import repair_index
from search.services import find_letters
from tests.factories import deposit, drain
from tests.search.letters import ask, found, letter, letter_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(engine: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> SearchEngine:
    """The engine under test is the office's."""
    engines._engine.cache_clear()
    monkeypatch.setattr(engines, "_engine", lambda *given: engine)
    return engine


def no_progress(done: int, total: int) -> None:
    """Progress nobody looks at."""


def numbers(viewer: Any, words: str) -> list[str]:
    engines.get_engine().settle()
    return sorted(hit.number for hit in find_letters(viewer=viewer, words=words).hits)


def test_many_letters_become_documents_in_a_fixed_number_of_queries() -> None:
    ids = [str(deposit(message=f"Texte {n}", departments=["EAU"]).letter.pk) for n in range(4)]
    drain("letter.read")

    def queries(wanted: list[str]) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert len(list(documents_of(wanted))) == len(wanted)
        return len(captured)

    assert queries(ids[:1]) == queries(ids)
    together = {document.id: document for document in documents_of(ids)}
    assert together == {key: document_of(key) for key in ids}


def test_waiting_changes_are_written_together(office: SearchEngine, amina: Any) -> None:
    letters = [deposit(subject="Zellige").letter for _ in range(3)]
    first = Job.objects.filter(kind="letter.index").order_by("pk")[0]
    from jobs import runner

    runner.run_job(first.pk)
    states = Job.objects.filter(kind="letter.index").values_list("state", flat=True)
    assert list(states) == ["done"] * 3
    assert numbers(amina, "zellige") == sorted(one.number for one in letters)


def test_an_interrupted_rebuild_goes_on_from_its_place(
    office: SearchEngine, amina: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = [deposit(subject="Zellige").letter for _ in range(4)]
    monkeypatch.setattr(rebuilding, "_READ_TOGETHER", 1)
    monkeypatch.setattr(rebuilding, "_KEPT_TOGETHER", 1)
    read: list[uuid.UUID] = []
    original = analysing.analyse_letters

    def noted(ids: list[uuid.UUID]) -> analysing.Analysed:
        read.extend(ids)
        return original(ids)

    monkeypatch.setattr(rebuilding, "analyse_letters", noted)

    def stop_at_half(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild_index(stop_at_half)
    begun = sorted(one.pk for one in letters)
    assert read == begun[:2]
    # What changes meanwhile is in the half-built index as well.
    changed = Letter.objects.get(pk=begun[0])
    Letter.objects.filter(pk=changed.pk).update(subject="Faience", version=changed.version + 1)
    index_letters_work([str(changed.pk)], no_progress)
    assert rebuild_index() == 4
    assert read == begun
    assert numbers(amina, "faience") == [changed.number]
    assert len(numbers(amina, "zellige")) == 3
    assert repair_index(only_look=True).sound


def test_anew_begins_anew(office: SearchEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    def begin() -> None:
        with office.rebuild() as new:
            new.put([letter(1, text="eau")])
            new.keep(letter_id(1))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begin()
    with office.rebuild(anew=True) as new:
        assert new.place == ""
        new.put([letter(2, text="eau")])
    assert found(office, "eau") == [2]


def test_an_engine_that_is_away_for_a_moment_does_not_end_a_rebuild(
    office: SearchEngine, amina: Any
) -> None:
    deposit(subject="Zellige")
    failures = iter([EngineUnavailable("full"), EngineUnavailable("full")])

    class Stumbling:
        def __init__(self, build: Any) -> None:
            self.build = build
            self.place = ""

        def put(self, documents: Any) -> int:
            return int(self.build.put(documents))

        def put_analysed(self, analysed: Any) -> int:
            for failure in failures:
                raise failure
            return int(self.build.put_analysed(analysed))

        def keep(self, place: str) -> None:
            self.build.keep(place)

    with office.rebuild() as new:
        (piece,) = rebuilding.gathered(None, 1)
        rebuilding._write(Stumbling(new), piece[0], piece[2], (0, 0, 0))
    assert len(numbers(amina, "zellige")) == 1


def test_repair_finds_and_mends_what_is_missing_too_old_and_orphaned(
    office: SearchEngine, amina: Any
) -> None:
    kept, missing, old = (deposit(subject="Zellige").letter for _ in range(3))
    index_letters_work([str(kept.pk), str(old.pk)], no_progress)
    Letter.objects.filter(pk=old.pk).update(subject="Faience", version=old.version + 1)
    office.put([letter(77, text="zellige", reader_tokens=("all:0",))])
    looked = repair_index(only_look=True)
    assert (looked.missing, looked.too_old, looked.orphaned) == (1, 1, 1)
    assert looked.letters == Letter.objects.count()
    assert repair_index() == looked
    assert repair_index().sound
    assert numbers(amina, "zellige") == sorted([kept.number, missing.number])
    assert numbers(amina, "faience") == [old.number]
    assert found(office, "zellige", reader_tokens=("all:0",), limit=100) != []
    assert letter_id(77) not in office.known("", limit=100)


def test_an_index_ahead_of_a_restored_database_asks_for_a_rebuild(office: SearchEngine) -> None:
    from search.index.repairing import repair_work

    restored = deposit().letter
    (document,) = documents_of([restored.pk])
    office.put([replace(document, version=restored.version + 5)])
    repair_work("all", no_progress)
    assert Job.objects.filter(kind="index.rebuild", subject="anew").count() == 1
    drain("index.rebuild")
    assert repair_index(only_look=True).sound


def test_the_nightly_repair_ends_well_where_the_index_cannot_be_merged(
    office: SearchEngine, amina: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    from search.index.repairing import repair_work

    asked: list[bool] = []

    def refused() -> None:
        asked.append(True)
        raise EngineUnavailable("Elasticsearch refuses these credentials")

    monkeypatch.setattr(office, "merge", refused)
    deposit(subject="Zellige")
    repair_work("all", no_progress)
    assert asked == [True]
    assert "not merged: Elasticsearch refuses these credentials" in caplog.text
    assert len(numbers(amina, "zellige")) == 1


def test_repair_goes_page_by_page_along_crowded_ids(
    office: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from search.index import repairing

    monkeypatch.setattr(repairing, "_PAGE", 2)
    office.put(letter(serial) for serial in range(1, 8))  # all but the last digits alike
    assert repair_index().orphaned == 7
    assert repair_index().sound


def test_an_index_of_another_analysis_answers_and_is_rebuilt_as_a_job(
    office: SearchEngine, amina: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = deposit(subject="Zellige").letter
    drain("letter.index")
    assert (index_state(), ensure_index()) == ("ready", "ready")
    monkeypatch.setattr(versions, "_mark", lambda: "another")
    assert ensure_index() == ensure_index() == "aged"
    assert Job.objects.filter(kind="index.rebuild").count() == 1
    assert numbers(amina, "zellige") == [one.number]
    drain("index.rebuild")
    assert index_state() == "ready"
    assert numbers(amina, "zellige") == [one.number]


def test_a_lost_index_is_built_again_from_the_database(office: SearchEngine, amina: Any) -> None:
    letters = [deposit(subject="Zellige").letter for _ in range(3)]
    Job.objects.filter(kind="letter.index").delete()
    assert ensure_index() == "missing"
    drain("index.rebuild")
    assert numbers(amina, "zellige") == sorted(one.number for one in letters)


def test_a_new_office_asks_for_no_rebuild(office: SearchEngine) -> None:
    deposit()
    assert ensure_index() == "missing"
    drain("letter.index")
    assert ensure_index() == "ready"
    assert not Job.objects.filter(kind="index.rebuild").exists()


def test_repair_is_told_in_counts(office: SearchEngine) -> None:
    deposit()
    out = io.StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("repair_index", "--check", "--json", stdout=out)
    assert left.value.code == 1
    assert '"missing": 1' in out.getvalue()
    call_command("repair_index", stdout=io.StringIO())
    call_command("repair_index", "--check", stdout=io.StringIO())


def test_while_the_engine_cannot_write_jobs_wait_and_search_goes_on(
    office: Any, amina: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = deposit(subject="Zellige").letter
    drain("letter.index")
    unblock = _block_writing(office, monkeypatch)
    two = deposit(subject="Zellige").letter
    with pytest.raises(Unavailable):
        index_letters_work([str(two.pk)], no_progress)
    assert numbers(amina, "zellige") == [one.number]
    assert ask(office, "zellige", reader_tokens=("all:0",)).total == 1
    unblock()
    drain("letter.index")
    assert numbers(amina, "zellige") == sorted([one.number, two.number])


def _block_writing(office: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A disk past the flood-stage mark, or a full one; return what ends it."""
    if office.name == "elasticsearch":
        blocks: Any = office._client.indices
        index, setting = office._indexes.alias, "index.blocks.read_only_allow_delete"
        blocks.put_settings(index=index, settings={setting: True})
        return lambda: blocks.put_settings(index=index, settings={setting: None})
    from search.backends.tantivy import rows as tantivy_rows

    original = tantivy_rows.open_index

    class Full:
        """The index on a full disk: everything but the writer is the real one."""

        def __init__(self, index: Any) -> None:
            self.index = index
            self.schema = index.schema

        def __getattr__(self, name: str) -> Any:
            return getattr(self.index, name)

        def writer(self, **_: Any) -> Any:
            raise ValueError("An IO error occurred: 'No space left on device (os error 28)'")

    monkeypatch.setattr(tantivy_rows, "open_index", lambda path: Full(original(path)))
    return lambda: monkeypatch.setattr(tantivy_rows, "open_index", original)


def test_every_process_gives_its_analysis_the_same_mark() -> None:
    code = "import django; django.setup(); from search.analysis.versions import Stamp"
    code += "; print(Stamp.present())"
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
        said = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True
        )
        assert said.stdout.strip() == str(versions.Stamp.present()), said.stderr


def test_a_letter_is_found_by_its_number_before_it_is_indexed(
    office: SearchEngine, amina: Any, chafik: Any
) -> None:
    deposit()
    drain("letter.index")
    waiting = deposit().letter
    found = find_letters(viewer=amina, words=waiting.number)
    assert ([hit.number for hit in found.hits], found.engine_down) == ([waiting.number], False)
    assert find_letters(viewer=chafik, words=waiting.number).total == 0

"""The list of words as files on each machine: whole or written again, and forgotten when old."""

import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.tidying import tidy
from org.models import User
from registry.models.letters import Letter
from search.meaning import word_list
from search.meaning.models import WordList, WordPart
from search.meaning.near_words import by_script, word_vectors
from search.meaning.translating import stems_of
from search.meaning.word_list import forget_old_words, known_words, words_in_use, words_of
from search.meaning.word_making import queue_words
from search.models import LetterVector
from search.services import fill_nightly, letters_by_meaning
from tests.search.test_meaning import LEAK_FR, letter_with
from tests.search.test_meaning_words import METER_AR, make_words

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("meaning")]


@pytest.fixture(autouse=True)
def _meaning_on(own_data_dir: Path, settings: Any) -> None:
    settings.MEANING = True


@pytest.fixture
def made(own_data_dir: Path) -> Path:
    """The folder of a list that this machine has written, and no process has opened."""
    letter_with(METER_AR)
    letter_with(LEAK_FR)
    row = make_words()
    assert words_of(row.made)
    word_list._opened.cache_clear()
    return own_data_dir / "meaning-words" / row.made


def test_files_and_folders_are_on_disk_before_the_list_has_its_name(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word_list._remove(made)
    real = os.fsync
    early: set[int] = set()
    late: set[int] = set()

    def told(handle: int) -> None:
        real(handle)
        (late if made.exists() else early).add(os.fstat(handle).st_ino)

    monkeypatch.setattr(os, "fsync", told)
    assert words_of(made.name)
    assert {one.stat().st_ino for one in (made, *made.iterdir())} <= early
    assert made.parent.stat().st_ino in late


@pytest.mark.parametrize("damage", ["empty", "short", "zeros", "gone", "a file"])
def test_a_damaged_list_is_written_again_and_answers(amina: User, made: Path, damage: str) -> None:
    file = made / "words-1.npy"
    whole = file.read_bytes()
    if damage == "gone":
        file.unlink()
    elif damage == "a file":
        word_list._remove(made)
        made.write_bytes(b"")
    else:
        file.write_bytes({"empty": b"", "short": whole[:-9], "zeros": bytes(len(whole))}[damage])
    (hit, *_) = letters_by_meaning(viewer=amina, words="remplacer le compteur de ma maison")
    assert hit.by_words
    assert file.read_bytes() == whole


def test_a_disk_that_is_full_leaves_nothing_and_is_answered_by_vectors(
    amina: User, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    word_list._remove(made)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    found = letters_by_meaning(viewer=amina, words="la conduite d'eau a éclaté dans la rue")
    assert found
    assert list(made.parent.iterdir()) == []


def test_long_words_of_other_letters_are_kept_whole() -> None:
    words = ["a" + "中" * 25, "𐎠" * 30, "eau"]
    known = by_script(words, word_vectors(words))
    nearest = known.nearest(np.ones((1, 512), dtype=np.int8), arabic=False, most=9)
    nearest += known.nearest(np.ones((1, 512), dtype=np.int8), arabic=True, most=9)
    assert sorted(word for near in nearest for word, _ in near) == sorted(words)
    assert all(known.latin.vector_of(word) is not None for word in ("eau", words[0]))
    assert stems_of("eau", known).own == [{"eau": 1.0}]


def test_a_search_does_not_read_the_draft(made: Path) -> None:
    row = words_in_use()
    with CaptureQueriesContext(connection) as queries:
        known_words(row.model)
        queue_words()
    read = [one["sql"] for one in queries if "search_wordlist" in one["sql"]]
    assert len(read) == 2
    assert not [sql for sql in read if '"draft"' in sql]


def test_files_of_other_lists_are_forgotten_where_nobody_asks(made: Path) -> None:
    old, begun = made.parent / "old", made.parent / "new-1"
    for folder in (old, begun):
        folder.mkdir()
        (folder / "words-0.npy").write_bytes(b"")
    forget_old_words()
    assert sorted(made.parent.iterdir()) == sorted([made, begun])
    os.utime(begun, (0, 0))
    forget_old_words()
    assert list(made.parent.iterdir()) == [made]


def test_switched_off_the_night_forgets_the_list_and_its_files(made: Path, settings: Any) -> None:
    settings.MEANING = False
    fill_nightly()
    assert not WordPart.objects.exists()
    assert not WordList.objects.exists()
    assert not made.exists()


def test_the_list_goes_with_the_last_letter(
    made: Path, django_capture_on_commit_callbacks: Any
) -> None:
    LetterVector.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        row = make_words()
    assert (row.made, row.model, row.words, row.letters, row.common) == ("", "", 0, 0, "")
    assert row.made_at is None
    assert not WordPart.objects.exists()
    assert not made.exists()


def test_a_new_list_takes_the_place_of_the_files_of_the_old_one(
    made: Path, django_capture_on_commit_callbacks: Any
) -> None:
    letter_with("Je demande une attestation de raccordement pour mon dossier de logement.")
    with django_capture_on_commit_callbacks(execute=True):
        assert make_words().made != made.name
    assert not made.exists()


def test_each_process_of_web_forgets_by_itself(made: Path, settings: Any) -> None:
    settings.MEANING = False
    stop = threading.Event()
    stop.set()
    thread = threading.Thread(target=tidy, args=(stop,))
    thread.start()
    thread.join()
    assert not made.exists()
    assert Letter.objects.exists(), "the connection of this thread is its own"

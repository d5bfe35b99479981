"""The watched folder: whole files alone, each once, moved only after they are registered."""

import fcntl
import os
import random
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from channels import services
from channels.models import WatchedItem
from jobs.errors import Unavailable
from jobs.models import Job
from registry.models.letters import Letter
from tests.channels.killed import program
from tests.factories import drain, pdf_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.WATCH_FOLDER = str(tmp_path)
    settings.WATCH_SECONDS = 10
    return tmp_path


def look() -> bool:
    """One round of the job, as if its wait were over since the last one."""
    waiting = services.scan_folder_work("folder", lambda done, total: None)
    for item in WatchedItem.objects.filter(state="waiting"):
        item.steady_since -= timedelta(seconds=11)
        item.save()
    return waiting


def names(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def letters() -> list[Letter]:
    return list(Letter.objects.filter(channel="scan").order_by("serial"))


def test_a_file_becomes_a_letter_and_moves_to_done(folder: Path) -> None:
    (folder / "lettre.pdf").write_bytes(pdf_bytes("Fuite"))

    assert look() is True  # seen for the first time: it may still be written
    assert letters() == []
    assert look() is False

    (letter,) = letters()
    assert [d.title for d in letter.documents.all()] == ["lettre.pdf"]
    day = timezone.localdate(WatchedItem.objects.get().changed_at).isoformat()
    assert names(folder) == [f"done/{day}/lettre.pdf"]


def test_a_subfolder_is_one_letter_with_its_files_in_order(folder: Path) -> None:
    inside = folder / "dossier 7"
    inside.mkdir()
    for name in ("b.pdf", "a.pdf", ".hidden"):
        (inside / name).write_bytes(pdf_bytes(name))

    look()
    look()

    (letter,) = letters()
    assert [d.title for d in letter.documents.order_by("position")] == ["a.pdf", "b.pdf"]
    assert not inside.exists()


def test_a_half_written_file_is_waited_for(folder: Path) -> None:
    whole = pdf_bytes("Longue lettre", pages=5)
    path = folder / "scan.pdf"
    for part in (100, 300, 500):
        path.write_bytes(whole[:part])
        look()
        assert letters() == []
    path.write_bytes(whole)
    look()
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert look() is True
        assert letters() == []  # another program still holds it
    look()

    assert len(letters()) == 1


@pytest.mark.parametrize("name", [".x.pdf", "x.pdf.part", "x.tmp", "~x.pdf", "x.pdf.crdownload"])
def test_names_of_unfinished_files_are_left_alone(folder: Path, name: str) -> None:
    (folder / name).write_bytes(pdf_bytes("x"))

    assert look() is False
    assert look() is False
    assert (letters(), names(folder)) == ([], [name])


def test_what_is_refused_is_set_aside_with_a_reason_and_can_be_put_back(
    folder: Path, settings: Any
) -> None:
    settings.UPLOAD_MAX_PAGES = 2
    (folder / "longue.pdf").write_bytes(pdf_bytes("x", pages=3))
    (folder / "programme.pdf").write_bytes(b"MZ" + b"\0" * 100)
    secret = folder.parent / "secret.txt"
    secret.write_text("Mot de passe")
    (folder / "lien.txt").symlink_to(secret)
    look()
    look()

    assert letters() == []
    said = (folder / "failed" / "longue.pdf.reason.txt").read_text()
    assert "too_many_pages" in said
    assert "plus de 2 pages" in said
    assert (folder / "failed" / "programme.pdf.reason.txt").exists()
    assert (folder / "failed" / "lien.txt").is_symlink()
    assert secret.read_text() == "Mot de passe"

    settings.UPLOAD_MAX_PAGES = 10
    (folder / "failed" / "longue.pdf").rename(folder / "longue.pdf")
    look()
    look()
    assert len(letters()) == 1


def test_a_file_that_comes_again_under_its_name_is_a_new_letter(folder: Path) -> None:
    for text in ("Première", "Deuxième"):
        (folder / "scan.pdf").write_bytes(pdf_bytes(text))
        look()
        look()

    assert len(letters()) == 2
    assert len([n for n in names(folder) if n.startswith("done/")]) == 2


def test_what_was_registered_and_not_moved_is_only_moved(folder: Path) -> None:
    """As after kill -9 between the commit and the move."""
    path = folder / "scan.pdf"
    path.write_bytes(pdf_bytes("Une fois"))
    look()
    look()
    (moved,) = (folder / "done").rglob("scan.pdf")
    moved.rename(path)
    WatchedItem.objects.update(moved=False)

    look()

    assert len(letters()) == 1
    assert not path.exists()


def test_a_name_of_other_bytes_is_taken(folder: Path) -> None:
    (folder / os.fsdecode(b"r\xe9ponse.pdf")).write_bytes(pdf_bytes("x"))

    look()
    look()

    (letter,) = letters()
    assert letter.documents.get().title == r"r\xe9ponse.pdf"
    assert len(list((folder / "done").rglob("*.pdf"))) == 1


def test_a_folder_that_is_away_waits(folder: Path, settings: Any) -> None:
    settings.WATCH_FOLDER = str(folder / "nowhere")

    with pytest.raises(Unavailable):
        services.scan_folder_work("folder", lambda done, total: None)
    assert "illisible" in services.folder_state().problem


def test_the_clock_asks_and_what_waits_is_looked_at_again(folder: Path) -> None:
    (folder / "scan.pdf").write_bytes(pdf_bytes("x"))
    services.queue_folder_scan()
    services.queue_folder_scan()
    assert Job.objects.filter(kind="folder.look").count() == 1

    drain("folder.look")

    again = Job.objects.get(kind="folder.look", state="ready")
    assert again.run_after > again.created_at + timedelta(seconds=8)


LOOKER = """
def waits():
    return services.scan_folder_work("folder", lambda *_: None) or services.watched_items("waiting")
while waits():
    pass
print("all", flush=True)
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_kill_9_again_and_again_loses_nothing_and_registers_nothing_twice(folder: Path) -> None:
    for number in range(100):
        (folder / f"{number:02d}.pdf").write_bytes(pdf_bytes(f"Lettre {number}"))
    draw = random.Random(3)

    with program(LOOKER, WATCH_FOLDER=str(folder), WATCH_SECONDS="0") as looker:
        for _ in range(6):
            looker.begin()
            before = len(letters())
            while len(letters()) == before and looker.runs():
                time.sleep(draw.uniform(0.001, 0.01))  # killed in the midst of a letter, not before
            looker.kill()
        before_last = len(letters())
        looker.begin()
        assert [looker.line() for _ in range(2)] == ["all", "ended"]

    assert 0 < before_last < 100, "the kills fell before or after the work: they show nothing"
    assert len(letters()) == 100
    titles = [letter.documents.get().title for letter in letters()]
    assert sorted(titles) == [f"{number:02d}.pdf" for number in range(100)]
    assert len(list((folder / "done").rglob("*.pdf"))) == 100
    assert names(folder) == sorted(n for n in names(folder) if n.startswith("done/"))

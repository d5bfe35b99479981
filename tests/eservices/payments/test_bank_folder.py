"""The folder of the bank: whole files, each once, moved away, beside the reason where refused."""

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from eservices.contracts.models import ImportRun
from eservices.kinds import EserviceJob
from eservices.payments import bank_folder, journal
from eservices.payments.models import BankFile, BankLine, Payment
from jobs.errors import Unavailable
from jobs.models import Job
from tests.eservices.bills.bills import a_bill
from tests.eservices.payments.banks import camt, entry, transaction
from tests.factories import drain

pytestmark = pytest.mark.django_db
TAKE = EserviceJob.BANK_TAKE


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.BANK_FOLDER = str(tmp_path)
    settings.WATCH_SECONDS = 10
    return tmp_path


def look() -> list[str]:
    """Look into the folder; the jobs that follow are due at once, as if the wait were over."""
    bank_folder.queue_folder_scan()
    drain(EserviceJob.BANK_LOOK)
    due = Job.objects.filter(kind=TAKE, state="ready")
    due.update(run_after=timezone.now())
    return list(due.values_list("subject", flat=True))


def park(ago: timedelta = timedelta()) -> None:
    """Have the jobs of the files parked, as if that were some time ago."""
    Job.objects.filter(kind=TAKE).update(state="parked", finished_at=timezone.now() - ago)


def drop(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)


def names(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_a_file_is_taken_once_and_moved_to_done(folder: Path) -> None:
    bill = a_bill(total=100)
    content = camt(entry("1.00", transaction(bill.number), own="E1"), entry("9.00", own="E2"))
    for place, name in enumerate(("a.xml", "b.xml")):
        drop(folder, name, content)
        assert len(look()) == 1
        assert look() == look()  # a job waits for it already
        drain(TAKE)
        [moved] = folder.glob(f"done/*/{name}")
        assert date.fromisoformat(moved.parent.name)
        run = ImportRun.objects.order_by("-started_at")[0]
        told = (run.kind, run.name, run.lines, run.new, run.same)
        assert told == ("bank", name, 2, 2 - 2 * place, 2 * place)
    assert (Payment.objects.count(), BankLine.objects.count()) == (1, 2)
    assert BankFile.objects.count() == 1
    assert list(journal.check()) == []


def test_a_file_that_still_changes_is_left(folder: Path) -> None:
    whole = camt(entry("9.00", own="E1"))
    drop(folder, "a.xml", whole[:200])
    look()
    drop(folder, "a.xml", whole)
    drop(folder, "b.xml.part", whole)
    (folder / "archive").mkdir()
    os.symlink(__file__, folder / "link.xml")
    drain(TAKE)
    assert not ImportRun.objects.exists()
    look()
    drain(TAKE)
    assert BankLine.objects.count() == 1
    assert [name for name in names(folder) if name.startswith("failed")] == []


def test_a_refused_file_lies_beside_its_reason(folder: Path) -> None:
    drop(folder, "a.xml", b"<none")
    look()
    drain(TAKE)
    assert names(folder) == ["failed/a.xml", "failed/a.xml.reason.txt"]
    said = (folder / "failed" / "a.xml.reason.txt").read_text()
    assert "The file is damaged: XML." in said
    assert said.endswith("damaged\n")
    run = ImportRun.objects.get()
    assert (run.problem, run.problem_data) == ("bank_damaged", {"detail": "XML"})


def test_what_the_office_fails_on_is_set_aside_and_not_tried_for_ever(folder: Path) -> None:
    drop(folder, "a.xml", b"x")
    [signature] = look()
    park()
    assert look() == []
    (folder / "failed").write_text("no folder")
    bank_folder._set_aside(signature)  # after the job's end: nobody is there to hear of it
    assert names(folder) == ["a.xml", "failed"]
    (folder / "failed").unlink()
    bank_folder._set_aside(signature)
    assert names(folder) == ["failed/a.xml", "failed/a.xml.reason.txt"]


def test_what_could_not_be_moved_away_is_tried_again_and_holds_no_other_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank_folder, "MOST_AT_ONCE", 1)
    drop(folder, "a.xml", b"x")
    [stuck] = look()
    park()
    drop(folder, "b.xml", b"x")
    [other] = look()
    assert other != stuck
    park(bank_folder.AGAIN)
    assert look() == [stuck]


def test_a_folder_that_is_away_is_waited_for(folder: Path, settings: Any) -> None:
    settings.BANK_FOLDER = str(folder / "away")
    with pytest.raises(Unavailable):
        bank_folder.scan_folder_work("folder", None)
    settings.BANK_FOLDER = ""
    bank_folder.queue_folder_scan()
    assert not Job.objects.exists()

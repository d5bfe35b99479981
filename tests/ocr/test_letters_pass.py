"""A letter of many pages lets the next one pass, and its own reading loses nothing by it."""

from __future__ import annotations

from typing import Any

import pytest

from jobs import runner
from jobs.models import Job
from ocr import letter_reading
from org.models import User
from registry.models.events import LetterEvent
from registry.models.letters import Letter
from registry.models.readings import DocumentReading
from registry.reading.readings import whole_pages
from tests import factories
from tests.ocr.conftest import FRENCH, html_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_data_dir")]


def long_pdf(pages: int) -> bytes:
    """So many pages of text, numbered."""
    pagebreak = "<div style='page-break-after: always'>"
    return html_pdf("".join(f"{pagebreak}Page {n}. {FRENCH}</div>" for n in range(1, pages + 1)))


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page is a slice."""
    monkeypatch.setattr(letter_reading, "SLICE_SECONDS", 0.0)


def reading_jobs(letter: Letter) -> Job:
    return Job.objects.get(kind="letter.read", subject=str(letter.pk))


@pytest.mark.usefixtures("impatient")
def test_a_letter_deposited_later_is_read_before_a_long_one_ends(amina: User) -> None:
    long = factories.deposit(actor=amina, files=[factories.file("a.pdf", long_pdf(12))]).letter
    short = factories.deposit(actor=amina, files=[factories.text_file(FRENCH)]).letter
    seen: list[tuple[int, int]] = []
    while DocumentReading.objects.filter(document__letter=short).count() == 0:
        (job_id, _), *_rest = runner.due_jobs(queue="slow", limit=1)
        runner.run_job(job_id)
        job = reading_jobs(long)
        seen.append((job.done_steps, job.total_steps))
    assert seen[-1][0] < 12
    assert seen[-1][1] == 12  # its page tells how far it is while it waits
    assert reading_jobs(long).state == "ready"
    factories.drain("letter.read")
    assert reading_jobs(long).state == "done"
    reading = DocumentReading.objects.get(document__letter=long)
    texts = [page["text"] for page in whole_pages(reading)]
    assert [text.split(".")[0] for text in texts] == [f"Page {n}" for n in range(1, 13)]
    assert LetterEvent.objects.filter(letter=long, kind="read").count() == 1


@pytest.mark.usefixtures("impatient")
def test_a_long_letter_alone_is_read_in_one_go(amina: User) -> None:
    letter = factories.deposit(actor=amina, files=[factories.file("a.pdf", long_pdf(5))]).letter
    assert factories.drain("letter.read") == 1
    assert (reading_jobs(letter).state, reading_jobs(letter).attempts) == ("done", 1)


@pytest.mark.usefixtures("impatient")
def test_two_long_letters_take_turns(amina: User) -> None:
    letters = [
        factories.deposit(actor=amina, files=[factories.file("a.pdf", long_pdf(count))]).letter
        for count in (3, 4)
    ]
    order: list[int] = []
    for _ in range(30):
        due = runner.due_jobs(queue="slow", limit=1)
        if not due:
            break
        job = Job.objects.get(pk=due[0][0])
        order.append([str(letter.pk) for letter in letters].index(job.subject))
        runner.run_job(job.pk)
    assert order[:6] == [0, 1, 0, 1, 0, 1]
    assert DocumentReading.objects.filter(current=True).count() == 2


def test_the_result_of_a_long_reading_holds_no_words(amina: User) -> None:
    """They are on their way to their rows already: memory does not grow with the pages."""
    letter = factories.deposit(actor=amina, files=[factories.file("a.pdf", long_pdf(3))]).letter
    result: Any = letter_reading.read_letter_work(str(letter.pk), lambda *_: None)
    (reading,) = result.readings
    assert all("words" not in page and "text" not in page for page in reading.pages)

"""Corrections as training data: only what a person saw, nothing of what is confidential."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from PIL import Image

from org.models import User
from registry.models.letters import Letter
from registry.reading.corrections import correct_words, seal_of_page
from registry.reading.page_edits import Edit, LineEdit, WordEdit
from registry.reading.readings import NewReading, current_reading, page_of, record_readings
from tests.factories import deposit, picture
from tests.registry.read_pages import page

pytestmark = pytest.mark.django_db


def read_letter(*lines: str, **data: Any) -> Letter:
    """A letter of one picture, read as these lines."""
    letter = deposit(files=[picture("\n".join(lines))], **data).letter
    new = NewReading(letter.documents.get().pk, "test", "fr", "", [page(*lines) | {"number": 1}])
    with transaction.atomic():
        record_readings(letter, [new])
    return letter


def correct(letter: Letter, actor: User, *edits: Edit, confirm: bool = False) -> None:
    document = letter.documents.get()
    reading = current_reading(document.pk)
    assert reading is not None
    seen = seal_of_page(page_of(reading, 1) or {})
    correct_words(
        letter, actor=actor, document=document, number=1, edits=edits, seen=seen, confirm=confirm
    )


def export(folder: Path, *options: str) -> str:
    said = StringIO()
    call_command("export_line_truth", str(folder), *options, stdout=said)
    return said.getvalue()


def truths(folder: Path) -> set[str]:
    return {path.read_text("utf-8") for path in folder.glob("*.gt.txt")}


def test_only_lines_that_a_person_saw_whole_are_written(amina: User, tmp_path: Path) -> None:
    letter = read_letter("Une fuxte", "chez nous", "mal lu")
    correct(letter, amina, LineEdit(0, "Une fuite"), WordEdit(4, "mal"))

    assert "1 ligne" in export(tmp_path / "out")

    assert truths(tmp_path / "out") == {"Une fuite\n"}
    (line,) = (tmp_path / "out").glob("*.png")
    assert (line.parent / f"{line.stem}.gt.txt").exists()
    with Image.open(line) as image:
        width, height = image.size
    # the page was read turned by 90°: 800 × 600 pixels
    assert width / height == pytest.approx((0.19 * 800) / (0.05 * 600), rel=0.2)


def test_a_confirmed_page_gives_every_line_and_again_none(amina: User, tmp_path: Path) -> None:
    correct(read_letter("Une fuite", "chez nous"), amina, confirm=True)
    export(tmp_path / "out")
    assert truths(tmp_path / "out") == {"Une fuite\n", "chez nous\n"}

    with pytest.raises(CommandError):
        export(tmp_path / "out")
    assert "2 étaient déjà là" in export(tmp_path / "out", "--add")


def test_confidential_letters_are_left_out(amina: User, tmp_path: Path) -> None:
    correct(read_letter("Une fuite", confidentiality=1), amina, confirm=True)
    assert "0 ligne" in export(tmp_path / "out")
    assert truths(tmp_path / "out") == set()


def test_what_was_checked_before_the_day_is_left_out(amina: User, tmp_path: Path) -> None:
    correct(read_letter("Une fuite"), amina, confirm=True)
    today = timezone.localdate()
    assert "0 ligne" in export(tmp_path / "late", "--since", str(today + timedelta(days=1)))
    assert "1 ligne" in export(tmp_path / "today", "--since", str(today))


def test_nothing_is_written_among_the_offices_own_files(own_data_dir: Path) -> None:
    with pytest.raises(CommandError):
        export(own_data_dir / "truth")
    assert not (own_data_dir / "truth").exists()

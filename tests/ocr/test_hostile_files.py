"""A sample of the files that break readers: each ends in a reading or a named reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from ocr.children.sandbox import read_in_child
from ocr.errors import Unreadable
from ocr.reading import PageReading
from tests.ocr.conftest import needs_corpus
from tests.ocr.traps import TRAPS

FOLDERS = {
    "hostile/pdf/qpdf-fuzz": 3,
    "hostile/pdf/qpdf-qtest": 3,
    "hostile/pdf/corkami": 3,
    "hostile/images/pillow": 5,
    "hostile/images/gofuzz-tiff": 2,
    "hostile/images/gofuzz-webp": 2,
    "hostile/images/imagetragick": 2,
    "hostile/archives/gofuzz-zip": 1,
    "hostile/mail/gofuzz-mail": 2,
    "pdf-mixed/ocrmypdf": 3,
    "mail/eml/mimekit": 2,
    "mail/msg/msg-extractor": 1,
}


def sample(folder: str, count: int) -> list[Path]:
    """So many files of a folder, evenly spread."""
    files = sorted(path for path in needs_corpus(folder).rglob("*") if path.is_file())
    return files[:: max(1, len(files) // count)][:count]


def has_text_or_reason(page: PageReading) -> bool:
    return bool(page.text.strip()) != bool(page.problem)


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "count"), FOLDERS.items())
def test_each_ends_in_a_reading_or_a_named_reason(folder: str, count: int) -> None:
    for path in sample(folder, count):
        try:
            reading = read_in_child(path, page_seconds=20)
        except Unreadable as error:
            assert error.code in Unreadable.CODES  # noqa: PT017 - reason and reading both are fine
            continue
        assert reading.pages
        assert all(has_text_or_reason(page) for page in reading.pages), path.name


CHEAP = {
    "page-of-five-metres.pdf": "",
    "pdf-in-pdf.pdf": "empty",
    "100000-pages.pdf": "too_large",
    "900-megapixels.pdf": "empty",
    "169-megapixels.png": "too_large",
    "mail-in-mail.eml": "",
}


@pytest.mark.parametrize(("name", "problem"), CHEAP.items())
def test_what_asks_for_far_more_than_it_weighs_is_read_or_named(
    tmp_path: Path, name: str, problem: str
) -> None:
    """Within the memory that `Limits` gives to the reading process."""
    (tmp_path / name).write_bytes(TRAPS[name]())
    try:
        found = read_in_child(tmp_path / name, page_seconds=20).pages[0].problem
    except Unreadable as error:
        found = error.code
    assert found == problem

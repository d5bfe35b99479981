"""Pages that were read are not read again after a crash."""

from pathlib import Path

from ocr import spool
from ocr.reading import PageReading, Word

PAGE = PageReading(1, "ocr", "ar", 0.9, "نص", (Word("نص", (0.1, 0.1, 0.2, 0.2), 0.9),), 1.0)


def test_pages_and_deaths_are_found_again(tmp_path: Path) -> None:
    with spool.open_spool(tmp_path, "a") as kept:
        kept.keep(PAGE, 7)
        assert kept.note_death() == 1
    with spool.open_spool(tmp_path, "a") as kept:
        assert kept.pages == [PAGE]
        assert (kept.total, kept.deaths) == (7, 1)


def test_a_line_cut_off_in_writing_loses_that_page_only(tmp_path: Path) -> None:
    with spool.open_spool(tmp_path, "a") as kept:
        kept.keep(PAGE, 7)
    path = tmp_path / "a.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + whole[: len(whole) // 2])
    with spool.open_spool(tmp_path, "a") as kept:
        assert kept.pages == [PAGE]
        kept.keep(PageReading(2, "none", problem="empty"), 7)
    with spool.open_spool(tmp_path, "a") as kept:
        assert [page.number for page in kept.pages] == [1, 2]


def test_two_workers_never_write_the_same_spool(tmp_path: Path) -> None:
    with spool.open_spool(tmp_path, "a") as first, spool.open_spool(tmp_path, "a") as second:
        second.keep(PAGE, 7)
        first.keep(PAGE, 9)
    with spool.open_spool(tmp_path, "a") as kept:
        assert (len(kept.pages), kept.total) == (1, 9)


def test_what_is_forgotten_is_gone(tmp_path: Path) -> None:
    with spool.open_spool(tmp_path, "a") as kept:
        kept.keep(PAGE, 7)
    spool.forget(tmp_path, "a")
    spool.forget(tmp_path, "a")
    with spool.open_spool(tmp_path, "a") as kept:
        assert kept.pages == []

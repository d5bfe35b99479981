"""Pages that were read are not read again after a crash."""

from dataclasses import replace
from pathlib import Path

from ocr import spool
from ocr.reading import PageReading, Word

PAGE = PageReading(1, "ocr", "ar", 0.9, "نص", (Word("نص", (0.1, 0.1, 0.2, 0.2), 0.9),), 1.0)


def test_pages_and_losses_are_found_again(tmp_path: Path) -> None:
    with spool.open_spool(tmp_path, "a") as kept:
        kept.keep(PAGE, 7)
        kept.note(engine="tesseract/x", deaths=1, lost=3)
    with spool.open_spool(tmp_path, "a") as kept:
        assert list(kept.pages()) == [PAGE.to_dict()]
        assert (kept.total, kept.engine, kept.deaths, kept.lost) == (7, "tesseract/x", 1, 3)


def test_pages_come_in_any_order_and_are_given_in_theirs(tmp_path: Path) -> None:
    with spool.open_spool(tmp_path, "a") as kept:
        assert kept.missing is None
        for number in (3, 1, 4):
            kept.keep(replace(PAGE, number=number), 5)
    with spool.open_spool(tmp_path, "a") as kept:
        assert kept.missing == [2, 5]
        assert [page["number"] for page in kept.pages()] == [1, 3, 4]
        assert kept.page(4)["number"] == 4


def test_a_line_cut_off_in_writing_loses_that_page_only(tmp_path: Path) -> None:
    with spool.open_spool(tmp_path, "a") as kept:
        kept.keep(PAGE, 7)
    path = tmp_path / "a.jsonl"
    whole = path.read_bytes()
    for cut in (whole[: len(whole) // 2], whole[:-1]):
        path.write_bytes(whole + cut)
        with spool.open_spool(tmp_path, "a") as kept:
            assert kept.numbers == [1]
            kept.keep(PageReading(2, "none", problem="empty"), 7)
        with spool.open_spool(tmp_path, "a") as kept:
            assert kept.numbers == [1, 2]


def test_two_workers_never_write_the_same_spool(tmp_path: Path) -> None:
    with spool.open_spool(tmp_path, "a") as first, spool.open_spool(tmp_path, "a") as second:
        second.keep(PAGE, 7)
        first.keep(PAGE, 9)
        assert list(second.pages()) == [PAGE.to_dict()]  # who came second reads all the same
    with spool.open_spool(tmp_path, "a") as kept:
        assert (kept.numbers, kept.total) == ([1], 9)


def test_what_is_forgotten_is_gone(tmp_path: Path) -> None:
    with spool.open_spool(tmp_path, "a") as kept:
        kept.keep(PAGE, 7)
    spool.forget(tmp_path, "a")
    spool.forget(tmp_path, "a")
    with spool.open_spool(tmp_path, "a") as kept:
        assert kept.numbers == []

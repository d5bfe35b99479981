"""The benchmark looks at the pages it says it looks at."""

import itertools
from pathlib import Path

import pytest

from ocr import bench


@pytest.fixture
def page_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bench.PageSet:
    """Forty-four pages with truths."""
    for folder, suffix in (("images", "png"), ("gt", "txt")):
        (tmp_path / folder).mkdir()
        for number in range(44):
            (tmp_path / folder / f"doc{number // 4:02}_{number:02}.{suffix}").touch()
    monkeypatch.setattr(bench, "CORPUS", tmp_path)
    return bench.PageSet("images", "gt")


@pytest.mark.parametrize("limit", [1, 5, 24, 43])
def test_a_limit_thins_the_set_out_evenly(page_set: bench.PageSet, limit: int) -> None:
    numbers = [int(picture.stem[-2:]) for picture, _ in bench.pages_of(page_set, limit)]
    assert len(numbers) == limit
    gaps = {after - before for before, after in itertools.pairwise(numbers)}
    assert not gaps or max(gaps) - min(gaps) <= 1
    assert 44 - numbers[-1] <= 44 // limit + 1


def test_without_a_limit_every_page_counts(page_set: bench.PageSet) -> None:
    assert len(bench.pages_of(page_set, 0)) == 44


def test_pages_of_one_document_are_in_one_half(page_set: bench.PageSet) -> None:
    halves: dict[str, set[bool]] = {}
    for picture, _ in bench.pages_of(page_set, 0):
        halves.setdefault(picture.stem[:5], set()).add(bench.in_second_half(page_set, picture))
    assert all(len(half) == 1 for half in halves.values())
    assert len({next(iter(half)) for half in halves.values()}) == 2

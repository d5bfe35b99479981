"""Caches stay within their bounds; what is still needed stays."""

import os
import time
from pathlib import Path

import pytest

from ocr import caches, spool


def aged(path: Path, *, days: float) -> Path:
    then = time.time() - days * 24 * 3600
    os.utime(path, (then, then))
    return path


def picture(folder: Path, name: str, *, days: float) -> Path:
    path = folder / "ab" / "abc" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(1000))
    return aged(path, days=days)


def test_the_oldest_pictures_go_when_there_are_too_many(
    own_data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = own_data_dir / "cache" / "pages"
    old, middle, new = (picture(folder, f"{n}.webp", days=n) for n in (9, 5, 1))
    caches.forget_old_caches()
    assert old.exists()
    monkeypatch.setattr(caches, "PICTURES_BYTES", 2500)
    caches.forget_old_caches()
    assert [path.exists() for path in (old, middle, new)] == [False, True, True]


def test_what_could_not_be_drawn_is_forgotten_after_a_while(own_data_dir: Path) -> None:
    folder = own_data_dir / "cache" / "pages"
    old, new = (picture(folder, f"{n}.undrawn", days=n) for n in (1, 0))
    caches.forget_old_caches()
    assert [path.exists() for path in (old, new)] == [False, True]


def test_spools_that_nobody_finishes_go_and_fresh_ones_stay(own_data_dir: Path) -> None:
    folder = caches.spool_folder()
    for name in ("old", "new"):
        with spool.open_spool(folder, name) as kept:
            kept.note(deaths=1)
    aged(folder / "old.jsonl", days=8)
    caches.forget_old_caches()
    assert [path.name for path in folder.iterdir()] == ["new.jsonl"]


def test_an_office_without_caches_has_nothing_to_forget(own_data_dir: Path) -> None:
    caches.forget_old_caches()
    assert not (own_data_dir / "cache").exists()

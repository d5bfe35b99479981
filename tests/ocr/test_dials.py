"""Figures on dials: read straight and at an angle, doubtful where wheels turn, never wrong."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from ocr.dials import DialRead, read_dial, read_dial_in_child
from ocr.errors import Unreadable
from tests.ocr.dials import Dial, any_dial, drawn, jpeg


def _read(dial: Dial, digits: int | None = None) -> DialRead:
    photo = Image.open(io.BytesIO(jpeg(dial)))
    return read_dial(photo, digits=len(dial.figures) if digits is None else digits)


@pytest.mark.parametrize("angle", [0, 17, -14])
def test_the_index_is_read_without_the_red_figures(angle: float) -> None:
    dial = Dial("04718", "293", angle=angle, lean=0.15, light=0.7)
    assert _read(dial) == DialRead("04718")


@pytest.mark.parametrize("seed", range(6))
def test_a_wheel_between_two_figures_is_doubtful(seed: int) -> None:
    found = _read(any_dial(3000 + seed, angle=12, turning=True))
    assert (found.index, found.doubt != "") == ("", True)


@pytest.mark.parametrize("seed", range(8))
def test_what_is_read_is_true(seed: int) -> None:
    dial = any_dial(4000 + seed, angle=25)
    assert _read(dial).index in ("", dial.figures)


def test_another_number_of_figures_is_doubtful() -> None:
    assert _read(Dial("04718"), digits=6) == DialRead("", "count")
    assert _read(Dial("04718")) == DialRead("04718")


def test_no_dial_is_doubtful() -> None:
    assert read_dial(Image.new("RGB", (800, 600), "grey"), digits=5) == DialRead("", "no_figures")
    dark = replace(Dial("04718"), noise=60, blur=3)
    assert read_dial(drawn(dark), digits=5).index in ("", "04718")


def test_a_photo_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    photo = tmp_path / "dial.jpg"
    photo.write_bytes(jpeg(Dial("00372", "5", angle=9)))
    assert read_dial_in_child(photo, digits=5, seconds=60) == DialRead("00372")
    photo.write_bytes(b"no picture at all")
    with pytest.raises(Unreadable):
        read_dial_in_child(photo, digits=5, seconds=60)

"""The second reader: found or not, offline, its lines and words, its cost in memory and threads."""

from __future__ import annotations

import importlib.util
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ocr.engines.rapid import MODELS, RapidReader, find_second_reader
from ocr.engines.tessdata import ROOT
from ocr.errors import EngineTimeout
from ocr.judging.scoring import character_error_rate
from tests.ocr.conftest import FRENCH


@pytest.fixture(scope="module")
def second() -> RapidReader:
    """The installed one: requirements.txt brings it."""
    found = find_second_reader()
    assert found is not None
    return found


def test_every_line_of_a_french_letter_is_found_and_read(
    second: RapidReader, french_scan: Image.Image
) -> None:
    boxes = sorted(second.find_lines(french_scan, seconds=60), key=lambda box: box[1])
    lines = second.read_lines(french_scan, boxes, seconds=60)
    text = " ".join(line.text for line in lines if line)
    assert character_error_rate(FRENCH, text) < 0.03


def test_words_have_boxes_in_their_order_inside_the_line(
    second: RapidReader, french_scan: Image.Image
) -> None:
    box = min(second.find_lines(french_scan, seconds=60), key=lambda box: box[1])
    (line,) = second.read_lines(french_scan, [box], seconds=60)
    assert line is not None
    assert len(line.words) > 4
    lefts = [word.box[0] for word in line.words]
    assert lefts == sorted(lefts)
    assert all(box[0] <= word.box[0] < word.box[2] <= box[2] for word in line.words)
    assert {word.by for word in line.words} == {"rapid"}


def test_arabic_lines_are_found_though_not_read(
    second: RapidReader, arabic_scan: Image.Image
) -> None:
    assert len(second.find_lines(arabic_scan, seconds=60)) >= 5
    assert "ar" not in second.languages


def test_white_paper_has_no_lines(second: RapidReader) -> None:
    white = Image.new("L", (600, 800), 255)
    assert second.find_lines(white, seconds=60) == []
    assert second.read_lines(white, [(10.0, 10.0, 90.0, 30.0)], seconds=60) == [None]


def test_its_time_is_bounded(second: RapidReader, french_scan: Image.Image) -> None:
    boxes = second.find_lines(french_scan, seconds=60)
    with pytest.raises(EngineTimeout):
        second.read_lines(french_scan, boxes, seconds=-1.0)


def test_nothing_is_asked_of_the_network(
    french_scan: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the second reader asked for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    fresh = find_second_reader()
    assert fresh is not None
    assert fresh.read_lines(french_scan, [(0.0, 0.0, 300.0, 60.0)], seconds=60)


@pytest.mark.parametrize("package", ["rapidocr", "onnxruntime"])
def test_an_office_without_the_package_has_no_second_reader(
    package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.util.find_spec

    def hide(name: str, *rest: Any) -> Any:
        return None if name == package else real(name, *rest)

    monkeypatch.setattr(importlib.util, "find_spec", hide)
    assert find_second_reader() is None


def test_an_altered_model_is_not_used(
    tmp_path: Path, second: RapidReader, caplog: pytest.LogCaptureFixture
) -> None:
    for name in MODELS:
        (tmp_path / name).write_bytes(b"another model")
    assert find_second_reader(tmp_path) is None
    assert "missing or altered" in caplog.text


def test_it_runs_in_one_thread_within_the_memory_of_a_reading_process() -> None:
    script = """
import resource, threading, os
resource.setrlimit(resource.RLIMIT_AS, (2048 * 10**6, 2048 * 10**6))
from PIL import Image, ImageDraw
from ocr.engines.rapid import find_second_reader
page = Image.new("L", (1654, 2339), 255)
draw = ImageDraw.Draw(page)
for row in range(40):
    draw.text((100, 50 + row * 55), "Objet : raccordement au reseau " * 3, 0, font_size=30)
second = find_second_reader()
boxes = second.find_lines(page, seconds=60)
lines = second.read_lines(page, boxes[:12], seconds=60)
assert len(boxes) >= 36 and any(lines)
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
used = int(status["VmHWM"].split()[0]) // 1024  # ru_maxrss would count the test's own process
print(used, len(os.listdir("/proc/self/task")))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
        env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"},
    )
    megabytes, threads = map(int, done.stdout.split())
    assert megabytes < 600
    assert threads <= 2

"""A searchable PDF in Chromium's own viewer, as a person has it: select all, copy, paste."""

from __future__ import annotations

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ocr.test_archive import ARABIC_LINES, make_searchable, page_of, paper, plain

_TRIES = 30


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A web server on the test's folder."""
    serve = functools.partial(_Silent, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@pytest.fixture
def browser(playwright_driver: Any) -> Iterator[Any]:
    """Chromium with its PDF viewer, which only its new headless mode has."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("NO CHROMIUM HERE (Debian's package: chromium): its viewer was not tried")
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu"]
    chromium = playwright_driver.chromium
    started = chromium.launch(executable_path=program, headless=False, args=flags)
    yield started
    started.close()


def test_what_a_person_copies_out_of_the_viewer_reads_as_the_letter_does(
    tmp_path: Path, address: str, browser: Any
) -> None:
    make_searchable(paper(tmp_path), [page_of(ARABIC_LINES)], tmp_path / "out.pdf")
    (tmp_path / "pad.html").write_text("<textarea id=pad></textarea>")
    context = browser.new_context()
    viewer, pad = context.new_page(), context.new_page()
    viewer.goto(f"{address}/out.pdf")
    pad.goto(f"{address}/pad.html")
    copied = ""
    for _ in range(_TRIES):  # until the viewer has drawn the page
        viewer.bring_to_front()
        viewer.mouse.click(400, 400)
        viewer.keyboard.press("Control+a")
        viewer.keyboard.press("Control+c")
        pad.bring_to_front()
        pad.click("#pad")
        pad.keyboard.press("Control+v")
        copied = pad.eval_on_selector("#pad", "pad => pad.value")
        if ARABIC_LINES[0] in copied:
            break
        pad.fill("#pad", "")
        pad.wait_for_timeout(500)
    assert [plain(line) for line in copied.splitlines() if plain(line)] == list(ARABIC_LINES)

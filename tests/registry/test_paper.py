"""Papers that the office draws."""

import gc
import threading
from inspect import unwrap

from registry import paper

PAGE = "<html lang=fr><head><title>Reçu</title></head><body><h1>Reçu</h1><p>وصل رقم 12</p></body>"


def test_equal_pages_are_equal_papers() -> None:
    # Unwrapped: the tests' own set-up draws a page once (tests/conftest.py), and relies on this.
    drawn = unwrap(paper.drawn)
    assert drawn(PAGE, "pdf/a-3a", True) == drawn(PAGE, "pdf/a-3a", True)


def _fonts_here() -> list[object]:
    from weasyprint.text.fonts import FontConfiguration

    # Not `isinstance`, which asks weak references to what is gone.
    return [one for one in gc.get_objects() if type(one) is FontConfiguration]


def test_the_papers_of_a_thread_are_drawn_with_fonts_gathered_once() -> None:
    drawn = unwrap(paper.drawn)
    drawn(PAGE, None, False)
    known = _fonts_here()
    for number in range(3):
        drawn(f"{PAGE}<p>{number}", None, False)
        assert [one for one in _fonts_here() if one not in known] == []


def test_papers_of_other_threads_are_drawn_with_fonts_of_their_own() -> None:
    drawn = unwrap(paper.drawn)
    drawn(PAGE, None, False)
    known, found = _fonts_here(), []

    def draw() -> None:
        found.append(drawn(PAGE, None, False))
        found.extend(one for one in _fonts_here() if one not in known)

    thread = threading.Thread(target=draw)
    thread.start()
    thread.join()
    content, *others = found
    assert content == drawn(PAGE, None, False)
    assert len(others) == 1

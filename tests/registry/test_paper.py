"""Papers that the office draws."""

import gc
import threading
from inspect import unwrap

import pytest

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


RED = "<style>@page { margin: 9mm } h1 { color: red; font-size: 30pt } p { color: blue }</style>"
LARGE = "<style>#told { font-size: 40pt }</style>"
TOLD = "<p id=told style='color: green'>Dit</p>"


@pytest.mark.parametrize(
    "head", [RED, "", RED + LARGE, LARGE + RED, "<style media=screen>p { color: red }</style>"]
)
@pytest.mark.parametrize("variant", [None, "pdf/a-3a"])
def test_a_style_kept_draws_as_the_one_in_the_page(head: str, variant: str | None) -> None:
    from weasyprint import HTML

    page = PAGE.replace("</head>", f"{head}</head>") + TOLD
    drawn = unwrap(paper.drawn)
    fresh = HTML(string=page).write_pdf(pdf_variant=variant, pdf_tags=True)
    assert drawn(page, variant, True) == fresh
    assert drawn(page, variant, True) == fresh  # with the style that the first one left


def test_a_style_is_of_its_pages_only() -> None:
    drawn = unwrap(paper.drawn)
    before = drawn(PAGE + TOLD, None, True)
    in_red = drawn(PAGE.replace("</head>", f"{RED}</head>") + TOLD, None, True)
    assert in_red != before == drawn(PAGE + TOLD, None, True)


def test_the_papers_of_a_style_read_it_once() -> None:
    page = PAGE.replace("</head>", "<style>p { color: #123456 }</style></head>")
    drawn, known = unwrap(paper.drawn), paper._read.cache_info()
    for number in range(3):
        drawn(f"{page}<p>{number}", None, False)
    now = paper._read.cache_info()
    assert (now.misses - known.misses, now.hits - known.hits) == (1, 2)

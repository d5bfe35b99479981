"""Papers that the office draws."""

from inspect import unwrap

from registry import paper

PAGE = "<html lang=fr><head><title>Reçu</title></head><body><h1>Reçu</h1><p>وصل رقم 12</p></body>"


def test_equal_pages_are_equal_papers() -> None:
    # Unwrapped: the tests' own set-up draws a page once (tests/conftest.py), and relies on this.
    drawn = unwrap(paper.drawn)
    assert drawn(PAGE, "pdf/a-3a", True) == drawn(PAGE, "pdf/a-3a", True)

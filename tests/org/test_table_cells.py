"""Cells of the tables that staff export: no formula, and read again as they were meant."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from org.tables import _as_meant, _defused

SIGNS = st.text(st.sampled_from("=+-@＝;\"' \t\r\nab"))


@given(SIGNS)
@example("a\n=1")
@example("a;\r=1")
@example("'=1;'\n''-1")
def test_no_piece_of_a_cell_begins_as_a_formula_and_it_comes_back(text: str) -> None:
    said = _defused(text)
    assert re.search('(?:^|[;\r\n][ "]*)[=+@＝\t-]', said) is None
    assert _as_meant(said) == text


@pytest.mark.parametrize("text", ["", "a", "a-b", "l'eau", "d'où; 'ici'", "a\nb", "'a"])
def test_what_is_no_formula_stays(text: str) -> None:
    assert _defused(text) == text

"""The institution's colours: measured as WCAG does, refused where words on them cannot be read."""

import re
from datetime import date

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from org.errors import BadOrganisationError
from org.institution import keep_institution
from org.models import Institution
from org.theme import DARK_SURFACE, PAPERS, colour_problems, contrast, style_sheet

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


def test_colours_on_which_nothing_can_be_read_are_refused_with_their_measure() -> None:
    with override("fr"):
        problems = colour_problems(main="#ffcc00", head="#8899aa")
    assert "au moins 4,5" in problems["colour_main"]
    assert set(problems) == {"colour_main", "colour_head"}
    assert colour_problems(main="#7a1f3d", head="#123a63") == {}
    assert colour_problems(main="", head="") == {}


@pytest.mark.parametrize("wrong", ["red", "#fff", "#12345g", "#123456;", "#١٢٣٤٥٦", "0d5a5f0"])
def test_what_is_no_colour_is_refused(wrong: str) -> None:
    assert set(colour_problems(main=wrong, head=wrong)) == {"colour_main", "colour_head"}


@pytest.mark.django_db
def test_an_institution_with_unreadable_colours_is_not_kept() -> None:
    values = {"name_ar": "جماعة", "name_fr": "Commune", "colour_main": "#ffff00"}
    with pytest.raises(BadOrganisationError) as refused:
        keep_institution(values, actor=None, valid_from=date(2026, 1, 1))
    assert "colour_main" in refused.value.problems
    assert not Institution.objects.exists()


@given(COLOURS)
def test_what_is_made_of_an_allowed_colour_can_be_read_by_day_and_by_night(colour: str) -> None:
    if colour_problems(main=colour, head=""):
        return
    day, night = (
        dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", line))
        for line in style_sheet(main=colour, head="").splitlines()
    )
    for papers, shown in ((PAPERS, day), ((DARK_SURFACE,), night)):
        for paper in (*papers, shown["brand-soft"]):
            assert contrast(shown["brand-text"], paper) >= 4.5


def test_without_colours_there_is_no_sheet() -> None:
    assert style_sheet(main="", head="") == ""

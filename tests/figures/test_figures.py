"""A new model takes the place of the old one only where it is not worse."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from understanding.learning.figures import Figures, figures_of, why_worse

OLD = {"kind": Figures(900, 700, 600, 550), "department": Figures(900, 810, 700, 690)}
HERE = {"kind": Figures(40, 30, 20, 19), "department": Figures(40, 36, 30, 30)}


def changed(report: dict[str, Figures], **numbers: int) -> dict[str, Figures]:
    return report | {"department": replace(report["department"], **numbers)}


def test_a_model_equal_to_the_old_one_is_not_worse() -> None:
    assert why_worse(OLD, old=OLD, office_new=HERE, office_old=HERE) is None


@pytest.mark.parametrize(
    ("new", "here", "reason"),
    [
        (changed(OLD, right=802), HERE, None),  # less than a standard error
        (changed(OLD, right=795), HERE, "fewer_right"),
        (changed(OLD, sure_right=670), HERE, "less_sure_right"),
        (changed(OLD, sure=500, sure_right=498), HERE, "fewer_sure"),
        (OLD, changed(HERE, right=35), "fewer_right_here"),
        (OLD, changed(HERE, right=37, sure=33, sure_right=31), "less_sure_right_here"),
        (OLD, changed(HERE, right=37, sure=38, sure_right=37), "less_sure_right_here"),
        (OLD, changed(HERE, right=38, sure=38, sure_right=38), None),
    ],
)
def test_what_refuses_a_model(
    new: dict[str, Figures], here: dict[str, Figures], reason: str | None
) -> None:
    found = why_worse(new, old=OLD, office_new=here, office_old=HERE)
    assert found == (None if reason is None else (reason, "department"))


def test_an_office_without_letters_of_its_own_to_judge_by_is_judged_by_the_bundled_ones() -> None:
    none = {"kind": Figures(), "department": Figures()}
    assert why_worse(OLD, old=OLD, office_new=none, office_old=none) is None


def test_figures_count_right_and_sure() -> None:
    chances = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]])
    figures = figures_of(chances, np.array([0, 1, 0]), threshold=0.7)
    assert figures == Figures(letters=3, right=1, sure=2, sure_right=1)
    assert figures.precision == 0.5
    assert figures.share_sure == pytest.approx(2 / 3)
    assert Figures(**figures.plain()) == figures

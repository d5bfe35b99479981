"""Counts written out are read in three languages, also the compound ones."""

from __future__ import annotations

import pytest

from language.counts import count_of
from language.given_names import is_given_name
from language.towns import is_town


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("huit", 8), ("vingt et un", 21), ("vingt-et-une", None), ("trente-cinq", 35),
        ("soixante-quinze", 75), ("quatre-vingt-dix", 90), ("dix-sept", 17), ("dix-neuf", 19),
        ("forty-five", 45),
        ("خمسه واربعين", 45), ("خمسه عشر", 15), ("اثني عشر", 12), ("ثلاثين", 30), ("12", 12),
        ("beaucoup", None),
    ],
)  # fmt: skip
def test_a_count_is_its_number(words: str, number: int | None) -> None:
    assert count_of(words) == number


def test_names_and_towns_are_known_in_both_scripts_however_spelled() -> None:
    assert all(map(is_given_name, ["Fatima", "فاطمة", "Naïma", "إبراهيم"]))
    assert all(map(is_town, ["El Jadida", "الجديدة", "Kenitra", "سيدي بنور."]))
    assert not any(map(is_town, ["rue de Safi", "الموضوع", ""]))

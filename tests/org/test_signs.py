"""Signs between words, and what stands apart in a text from right to left."""

import pytest
from django.utils.translation import override

from org.signs import set_apart

NUMBER = "2026/IN-000012"


@pytest.mark.parametrize(
    ("language", "shown"),
    [("ar", f"\u2068{NUMBER}\u2069"), ("fr", NUMBER), ("en", NUMBER)],
)
def test_a_number_is_set_apart_where_the_text_would_turn_it_round(
    language: str, shown: str
) -> None:
    with override(language):
        assert set_apart(NUMBER) == shown

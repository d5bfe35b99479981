"""A contract's address and town in one line."""

import pytest

from eservices.contracts.models import Contract


@pytest.mark.parametrize(
    ("address", "city", "words"),
    [
        ("12, rue des Orangers", "Settat", "12, rue des Orangers, Settat"),
        ("زنقة المسجد، حي السلام", "سطات", "زنقة المسجد، حي السلام، سطات"),
        ("زنقة المسجد", "Settat", "زنقة المسجد، Settat"),
        ("", "Settat", "Settat"),
        ("7, rue des Jardins", "", "7, rue des Jardins"),
        ("", "", ""),
    ],
)
def test_the_comma_is_that_of_the_script(address: str, city: str, words: str) -> None:
    assert Contract(address=address, city=city).place == words

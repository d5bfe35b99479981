"""One spelling of a phone, an e-mail, a number, however a person wrote it."""

import pytest

from language.reach import (
    address_key,
    email_key,
    is_miscounted,
    number_key,
    phone_key,
    phone_keys,
    town_of,
)


@pytest.mark.parametrize(
    "written",
    [
        "0612345678",
        "06 12 34 56 78",
        "+212 6 12 34 56 78",
        "+212 (0)6.12.34.56.78",
        "00212612345678",
        "212612345678",
        "٠٦١٢٣٤٥٦٧٨",
        "612345678",
    ],
)
def test_a_moroccan_number_has_one_spelling(written: str) -> None:
    assert phone_key(written) == "0612345678"


@pytest.mark.parametrize(
    "written",
    ["0523341212/13", "05 23 34 12 12 - 13", "0523-34-12-12/13/14", "+212 523 34 12 12 – 19",
     "٠٥٢٣٣٤١٢١٢/١٣"],
)  # fmt: skip
def test_of_a_range_the_first_number_counts(written: str) -> None:
    assert phone_key(written) == "0523341212"
    assert not is_miscounted(written)


def test_other_numbers_keep_their_country() -> None:
    assert phone_key("+33 1 42 68 53 00") == phone_key("0033142685300") == "+33142685300"


def test_a_line_may_hold_several_phones() -> None:
    assert phone_keys("0612345678 / 0523 34 12 12") == ("0612345678", "0523341212")


@pytest.mark.parametrize("written", ["", "néant", "12", "+212 12"])
def test_what_is_no_phone_has_no_spelling(written: str) -> None:
    assert phone_key(written) == ""


@pytest.mark.parametrize(
    "written",
    ["06 12 34 56 7", "06123456789", "٠٦١٢٣٤٥٦٧", "+212 6 12 34 56 7", "06123456", "+0612345678",
     "061234567/13", "061234567 / 0523341212", "0612345678 / 052334121", "06-12-34-56-78-9"],
)  # fmt: skip
def test_a_moroccan_number_has_ten_digits(written: str) -> None:
    """Whoever waits for a message to another waits in vain."""
    assert is_miscounted(written)


@pytest.mark.parametrize(
    "written",
    ["06 12 34 56 78", "+212612345678", "612345678", "+33 1 42 68 53 00", "", "néant",
     "0523 34 12 12 poste 14", "0612345678 / 0523341212"],
)  # fmt: skip
def test_other_lines_are_not_counted(written: str) -> None:
    assert not is_miscounted(written)


def test_an_email_is_taken_out_of_what_surrounds_it() -> None:
    assert email_key("Karim <Karim.T@Example.ORG>") == "karim.t@example.org"
    assert email_key("karim at example") == ""


def test_customer_numbers_forget_marks_and_leading_zeros() -> None:
    assert number_key("00-123/456 A") == number_key("١٢٣٤٥٦a") == "123456A"
    assert number_key("abc") == ""


def test_addresses_forget_accents_and_commas() -> None:
    assert address_key("12, rue de l'Été") == address_key("12 RUE DE L ETE")


@pytest.mark.parametrize(
    ("address", "town"),
    [
        ("12 rue des Amandiers, El Jadida", "El Jadida"),
        ("Hay Essalam n° 4, 24000 El Jadida, Maroc", "El Jadida"),
        ("حي السلام، رقم 12، سيدي بنور", "سيدي بنور"),
        ("12 rue des Amandiers 24000 Azemmour", "Azemmour"),
        ("12 rue des Amandiers", ""),
    ],
)
def test_the_town_is_what_an_address_ends_in(address: str, town: str) -> None:
    assert town_of(address) == town

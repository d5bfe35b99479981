"""Dates of a letter, however they are written."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.dates import days_listed_before, find_dates, to_gregorian, to_hijri
from language.months import MONTHS

SECOND_OF_MARCH = datetime.date(2025, 3, 2)


@pytest.mark.parametrize(
    "text",
    [
        "El Jadida, le 02/03/2025.",
        "2-3-2025",
        "02.03.25",
        "2025-03-02",
        "٠٢/٠٣/٢٠٢٥",
        "02\u200f/03\u200f/2025",
        "2 mars 2025",
        "le 02 MARS 2025",
        "March 2nd, 2025",
        "2 March 2025",
        "في 2 مارس 2025",
        "٢ مَارِس ٢٠٢٥",
        "2 من شهر مارس سنة 2025",
        "2 آذار 2025",
    ],
)
def test_one_day_in_many_notations(text: str) -> None:
    assert [date.value for date in find_dates(text)] == [SECOND_OF_MARCH]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1er janvier 2024", (2024, 1, 1)),
        ("فاتح غشت 2025", (2025, 8, 1)),
        ("15 كانون الثاني 2024", (2024, 1, 15)),
        ("30 دجنبر 2024", (2024, 12, 30)),
        ("30 ديسمبر 2024", (2024, 12, 30)),
        ("12 août 2025", (2025, 8, 12)),
        ("12 AOUT 2025", (2025, 8, 12)),
        ("03/25/2025", (2025, 3, 25)),
        ("12/05/98", (1998, 5, 12)),
    ],
)
def test_month_names_and_year_rules(text: str, value: tuple[int, int, int]) -> None:
    assert [date.value for date in find_dates(text)] == [datetime.date(*value)]


@pytest.mark.parametrize(
    "text", ["25 رجب 1446", "٢٥ رجب ١٤٤٦ هـ", "25 rejeb 1446", "25/07/1446", "25 من رجب عام 1446"]
)
def test_hijri_dates_are_converted(text: str) -> None:
    (date,) = find_dates(text)
    assert (date.value, date.calendar) == (datetime.date(2025, 1, 25), "hijri")


def test_both_dates_of_a_bulletin_are_found_with_their_places() -> None:
    text = "Décret du 16 rabii I 1446 (20 septembre 2024)"
    dates = find_dates(text)
    assert [date.text for date in dates] == ["16 rabii I 1446", "20 septembre 2024"]
    assert all(text[date.start : date.end] == date.text for date in dates)


@pytest.mark.parametrize(
    "text", ["31/02/2025", "mars 2025", "345/12/2025/99", "12/2025", "le 45 mars 2025", "2 mars"]
)
def test_what_is_no_full_date_is_not_found(text: str) -> None:
    assert find_dates(text) == []


@given(st.text(alphabet="0123456789٠١٢٣/.-– marsغشترجب,\u200f", max_size=60))
def test_any_text_is_safe(text: str) -> None:
    for date in find_dates(text):
        assert text[date.start : date.end] == date.text


@given(st.dates(datetime.date(1950, 1, 1), datetime.date(2049, 12, 31)))
def test_every_day_written_in_figures_comes_back(day: datetime.date) -> None:
    assert [date.value for date in find_dates(f"le {day:%d/%m/%Y} à")] == [day]
    assert [date.value for date in find_dates(f"du {day:%d/%m/%y} au")] == [day]


@pytest.mark.parametrize(
    "text",
    ["O2/03/2O25", "l2/03/2025", "2mars2025", "le2 mars 2025", "2 mers 2025", "2 marss 2025",
     "2 mars 2O25", "2 مارز 2025", "2\nmars\n2025"],
)  # fmt: skip
def test_a_date_misread_in_one_sign_is_still_that_date(text: str) -> None:
    day = 12 if text.startswith("l2") else 2
    assert [date.value for date in find_dates(text)] == [SECOND_OF_MARCH.replace(day=day)]


@pytest.mark.parametrize("text", ["12 rues 2025", "lO/lO/lO", "3 juit 2025", "Il.Ol.lOO"])
def test_what_only_resembles_a_date_is_none(text: str) -> None:
    assert find_dates(text) == []


@given(
    st.dates(datetime.date(1950, 1, 1), datetime.date(2049, 12, 31)),
    st.sampled_from(sorted(" ".join(words) for names in MONTHS.values() for words, _, _ in names)),
    st.booleans(),
)
def test_every_day_with_a_month_name_comes_back(
    day: datetime.date, name: str, eastern: bool
) -> None:
    known = {" ".join(w): (month, calendar) for ns in MONTHS.values() for w, month, calendar in ns}
    month, calendar = known[name]
    year = day.year if calendar == "gregorian" else 1440 + day.year % 10
    number = min(day.day, 28)
    text = f"{number} {name} {year}"
    if eastern:
        text = text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
        if any(char.isdigit() for char in name):
            return
    (found,) = find_dates(f"x, {text}.")
    value = to_gregorian(day=number, month=month, year=year, calendar=calendar)
    assert (found.value, found.calendar) == (value, calendar)


@given(st.dates(datetime.date(1930, 1, 1), datetime.date(2070, 12, 31)))
def test_both_calendars_are_one_day(day: datetime.date) -> None:
    hijri = to_hijri(day)
    assert hijri is not None
    year, month, number = map(int, hijri.split("-"))
    assert to_gregorian(day=number, month=month, year=year, calendar="hijri") == day


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("les 3, 4 et 5 mars 2026", [4, 3]),
        ("mercredi 10 et jeudi 11 décembre 2025", [10]),
        ("from 6 to 17 October 2025", [6]),
        ("أيام 15 و16 و17 غشت 2025", [16, 15]),
        ("lot 5, 12 mars 2025", []),
        ("du 30 au 2 mars 2025", []),
        ("3 et 12/03/2025", []),
        ("factures 12 et 3 du 4 mars 2025", []),
    ],
)
def test_days_that_share_month_and_year_with_the_last(text: str, days: list[int]) -> None:
    (date,) = find_dates(text)
    assert [day.day for day in days_listed_before(text, date)] == days


def test_of_two_dates_that_share_a_year_the_first_is_kept() -> None:
    assert [date.text for date in find_dates("le 12 mars 2024-05-06.")] == ["12 mars 2024"]

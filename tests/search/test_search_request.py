"""A search's address: what it says is read again the same, and nothing in it can do harm."""

import datetime
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.address.request import FILTERS, SearchRequest

_DAYS = st.none() | st.dates(datetime.date(1900, 1, 1), datetime.date(2999, 12, 31))
_VALUES = st.lists(
    st.text(string.ascii_letters + "-éش", min_size=1, max_size=12), max_size=3, unique=True
).map(tuple)


@given(
    words=st.text('abc é"*-:٣ش&=+%', max_size=40).map(str.strip),
    filters=st.dictionaries(st.sampled_from(FILTERS), _VALUES.filter(bool), max_size=3),
    overdue=st.booleans(),
    after=_DAYS,
    before=_DAYS,
    order=st.sampled_from(["relevance", "newest"]),
)
def test_an_address_is_read_as_it_was_written(**fields: object) -> None:
    asked = SearchRequest(**fields)  # type: ignore[arg-type]
    again = SearchRequest.of_address(asked.address())
    assert again == asked
    assert again.address() == asked.address()


@given(st.text(max_size=3000))
def test_any_address_is_safe(text: str) -> None:
    asked = SearchRequest.of_address(text)
    assert SearchRequest.of_address(asked.address()[:2000]) is not None
    assert "\0" not in asked.words


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "0001-01-01", "9999-12-31", "٢٠٢٦"])
def test_what_is_no_date_narrows_nothing_and_is_said(day: str) -> None:
    asked = SearchRequest.of_values({"after": [day]})
    assert asked.after is None
    assert asked.wrong == ("after",)


def test_the_last_day_is_included() -> None:
    asked = SearchRequest.of_address("after=2026-03-01&before=2026-03-01")
    assert asked.since
    assert asked.until
    assert asked.until - asked.since == datetime.timedelta(days=1)


def test_a_value_is_chosen_and_taken_away_by_the_same_link() -> None:
    asked = SearchRequest.of_address("q=fuite&department=EAU")
    both = asked.toggled("department", "SI")
    assert both.filters["department"] == ("EAU", "SI")
    assert both.toggled("department", "SI").address() == asked.address()

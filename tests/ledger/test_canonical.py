"""The digest of a row: one spelling of each value, and a different one of each other row."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.canonical import canonical, digest, row_digest, spelt_name

TEXTS = st.text(max_size=12)
VALUES = st.one_of(
    *(st.none(), st.booleans(), st.integers(), TEXTS, st.dates(), st.uuids()),
    st.lists(TEXTS | st.integers(), max_size=3),
    st.dictionaries(TEXTS, st.integers() | st.floats(allow_nan=False), max_size=3),
)
NONE = object()


def columns(*names: str, empty: Any = NONE) -> list[tuple[str, Any]]:
    return [(spelt_name(name), empty) for name in names]


@settings(max_examples=40)
@given(VALUES, VALUES)
def test_a_row_is_the_canonical_json_of_its_columns(one: Any, other: Any) -> None:
    found = row_digest(columns("a", "b"), [one, other])
    assert found == digest({"a": one, "b": other})[:32]
    kept = json.loads(json.dumps(canonical([one, other])))
    assert row_digest(columns("a", "b"), kept) == found, "as a JSON column gives it back"


@settings(max_examples=40)
@given(st.lists(TEXTS, min_size=2, max_size=2), st.lists(TEXTS, min_size=2, max_size=2))
def test_rows_that_differ_have_digests_that_differ(one: list[str], other: list[str]) -> None:
    named = columns("a", "b", empty="")
    assert (row_digest(named, one) == row_digest(named, other)) == (one == other)


def test_an_empty_column_that_is_added_changes_nothing() -> None:
    before = row_digest(columns("a"), ["x"])
    assert row_digest([*columns("a"), *columns("b", empty=None)], ["x", None]) == before
    assert row_digest([*columns("a"), *columns("b", empty=None)], ["x", ""]) != before


@pytest.mark.parametrize(
    ("one", "same"),
    [
        (
            datetime(2026, 1, 1, tzinfo=UTC),
            datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
        ),
        (1e22, 10**22),
        (Decimal("1.50"), "1.50"),
        (UUID(int=7), str(UUID(int=7))),
        (date(2026, 1, 1), "2026-01-01"),
        (b"\x00\xff", memoryview(b"\x00\xff")),
    ],
)
def test_one_value_has_one_spelling(one: Any, same: Any) -> None:
    assert row_digest(columns("a"), [one]) == row_digest(columns("a"), [same])

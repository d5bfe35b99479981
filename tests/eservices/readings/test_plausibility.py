"""Whether an index can be true: last index, days, last year's days, the band, turned wheels."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from eservices.readings.plausibility import Facts, Use, judge, per_day

DAY = date(2026, 11, 20)
LAST = date(2026, 10, 21)  # thirty days before
FACTS = Facts(
    last_index=1000,
    last_on=LAST,
    uses=(
        Use(LAST - timedelta(days=365), DAY - timedelta(days=365), 30),  # one a day last year
        Use(LAST - timedelta(days=200), LAST, 600),  # three a day since
    ),
)


@pytest.mark.parametrize(
    ("index", "verdict", "code"),
    [
        (1000, "plausible", "equal"),
        (1030, "plausible", "as_usual"),
        (1080, "plausible", "as_usual"),  # 250 % of 30, and five more
        (1081, "doubtful", "high"),
        (1160, "doubtful", "high"),
        (1161, "implausible", "far_too_high"),
        (1003, "doubtful", "low"),
        (1004, "plausible", "as_usual"),  # 30 % of 30 less five
        (999, "implausible", "below_last"),
        (3, "implausible", "below_last"),
        (100_000, "implausible", "digits"),
    ],
)
def test_an_index_is_compared_with_the_same_days_of_last_year(
    index: int, verdict: str, code: str
) -> None:
    found = judge(FACTS, index=index, read_on=DAY)
    assert (found.verdict, found.checks[-1]["code"]) == (verdict, code)
    if code in {"high", "low", "as_usual", "far_too_high"}:
        told = found.checks[-1]
        assert (told["expected"], told["days"], told["basis"]) == (30, 30, "last_year")


def test_a_meter_that_turned_over_is_flagged_and_counted() -> None:
    full = replace(FACTS, last_index=99_999)
    found = judge(full, index=3, read_on=DAY)
    assert found.verdict == "doubtful"
    assert found.checks[0] == {"code": "rollover", "last": 99_999, "use": 4}
    assert found.use == 4
    assert judge(full, index=50_000, read_on=DAY).verdict == "implausible"


def test_without_last_years_days_the_mean_of_the_year_counts() -> None:
    found = judge(replace(FACTS, uses=FACTS.uses[1:]), index=1090, read_on=DAY)
    assert found.checks[-1]["basis"] == "mean"
    assert found.checks[-1]["expected"] == 90
    assert found.verdict == "plausible"


def test_of_an_unknown_customer_only_much_is_doubted() -> None:
    new = replace(FACTS, uses=())
    assert judge(new, index=1090, read_on=DAY).verdict == "plausible"
    assert judge(new, index=1091, read_on=DAY).checks[-1]["code"] == "above_ceiling"
    assert judge(replace(new, large=True), index=1900, read_on=DAY).verdict == "plausible"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"removed_on": DAY - timedelta(days=3)}, "replaced"),
        ({"installed_on": DAY + timedelta(days=3)}, "not_installed"),
        ({"contract_closed": True}, "contract_closed"),
        ({"last_index": None}, "no_last"),
        ({"last_on": DAY + timedelta(days=1)}, "before_last_day"),
    ],
)
def test_what_is_odd_about_the_meter_goes_to_a_person(change: dict[str, object], code: str) -> None:
    found = judge(replace(FACTS, **change), index=1030, read_on=DAY)  # type: ignore[arg-type]
    assert found.verdict == "doubtful"
    assert code in [check["code"] for check in found.checks]


def test_a_use_that_two_sources_tell_of_counts_once() -> None:
    use = Use(date(2026, 1, 1), date(2026, 1, 31), 30)
    once = per_day([use], date(2026, 1, 1), date(2026, 1, 31))
    assert once == per_day([use, use], date(2026, 1, 1), date(2026, 1, 31)) == 1
    assert per_day([use], date(2026, 1, 1), date(2026, 3, 31)) is None

"""Numbers are neither skipped nor given twice, on the database of the profile."""

import threading
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection, transaction
from django.utils import timezone as clock
from hypothesis import given
from hypothesis import strategies as st

from registry.book.numbering import format_number, take_number
from registry.models.letters import Letter
from registry.models.registers import NumberSeries, Register
from registry.verification import verify_register
from tests.factories import deposit, text_file

WRITERS, EACH = 16, 50


class RollBackError(Exception):
    """The transaction goes wrong after the number was taken."""


def in_threads(work: Callable[[int], None], *, writers: int = WRITERS) -> None:
    start = threading.Barrier(writers)

    def run(number: int) -> None:
        try:
            start.wait()
            work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(run, range(writers)))


@pytest.mark.django_db(transaction=True)
def test_sixteen_writers_with_roll_backs_leave_no_gap_and_no_double() -> None:
    def write(number: int) -> None:
        for turn in range(EACH):
            goes_wrong = (number * EACH + turn) % 10 < 3
            try:
                with transaction.atomic():
                    deposit(files=[text_file(f"{number} {turn}")])
                    if goes_wrong:
                        raise RollBackError
            except RollBackError:
                pass

    in_threads(write)
    kept = WRITERS * EACH * 7 // 10
    serials = list(Letter.objects.order_by("serial").values_list("serial", flat=True))
    assert serials == list(range(1, kept + 1))
    assert NumberSeries.objects.get().last == kept
    assert list(verify_register(files=False)) == []


@pytest.mark.django_db(transaction=True)
def test_the_first_number_of_a_year_is_given_once_to_writers_that_start_together() -> None:
    register, taken = Register.objects.get(code="OUT"), []

    def take(_number: int) -> None:
        with transaction.atomic():
            taken.append(take_number(register, at=clock.now()).serial)

    in_threads(take)
    assert sorted(taken) == list(range(1, WRITERS + 1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "year"),
    [
        (datetime(2026, 12, 31, 22, 30, tzinfo=UTC), 2026),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), 2027),  # 00:30 in Casablanca
        (datetime(2027, 1, 1, 0, 30, tzinfo=UTC), 2027),
        (datetime(2027, 1, 1, 4, 0, tzinfo=timezone(timedelta(hours=9))), 2026),
    ],
)
def test_the_year_is_that_of_the_office_wherever_the_viewer_is(moment: datetime, year: int) -> None:
    register = Register.objects.get(code="IN")
    for zone in ("Asia/Tokyo", "America/Los_Angeles"):
        with clock.override(zone), transaction.atomic():
            assert take_number(register, at=moment).year == year


@pytest.mark.django_db
def test_numbers_start_again_each_year_and_each_register_counts_for_itself() -> None:
    incoming, outgoing = (Register.objects.get(code=code) for code in ("IN", "OUT"))
    old, new = (datetime(year, 6, 1, tzinfo=UTC) for year in (2026, 2027))
    wanted = [(incoming, old), (incoming, old), (outgoing, old), (incoming, new)]
    numbers = [take_number(register, at=at).number for register, at in wanted]
    assert numbers == ["2026/IN/000001", "2026/IN/000002", "2026/OUT/000001", "2027/IN/000001"]


@pytest.mark.django_db(transaction=True)
def test_a_number_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        take_number(Register.objects.get(code="IN"), at=clock.now())
    assert not NumberSeries.objects.exists()


@pytest.mark.django_db
def test_an_unusable_pattern_takes_no_number_and_registers_nothing() -> None:
    Register.objects.filter(code="IN").update(pattern="{year}")
    with pytest.raises(ValueError, match="pattern"), transaction.atomic():
        deposit()
    assert not Letter.objects.exists()
    assert not NumberSeries.objects.exists()


YEARS, SERIALS = st.integers(2000, 2100), st.integers(1, 999_999)


@given(YEARS, SERIALS, YEARS, SERIALS)
def test_different_letters_have_different_numbers(y: int, s: int, y2: int, s2: int) -> None:
    numbers = [
        format_number("{year}/{register}/{serial:06d}", year=year, register="IN", serial=serial)
        for year, serial in ((y, s), (y2, s2))
    ]
    assert (numbers[0] == numbers[1]) == ((y, s) == (y2, s2))


@given(st.text(max_size=30), YEARS, SERIALS)
def test_any_pattern_gives_a_number_or_a_clear_error(pattern: str, year: int, serial: int) -> None:
    try:
        number = format_number(pattern, year=year, register="IN", serial=serial)
    except ValueError:
        return
    assert 0 < len(number) <= 60
    assert number != pattern.format(year=year, register="IN", serial=serial + 1)


@pytest.mark.parametrize(
    "pattern",
    [
        *("", "fixed", "{serial}", "{year}", "{year}/{serial}/{nothing}", "{year:x}{serial!z}"),
        *("{year.__class__}/{serial}", "{year}{serial:080d}", "{", "{0}/{year}"),
    ],
)
def test_a_pattern_that_would_repeat_or_break_numbers_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="pattern"):
        format_number(pattern, year=2026, register="IN", serial=7)


@pytest.mark.parametrize("spec", ["010000000d", ".9999999f", "{year}0000d"])
def test_a_width_beyond_all_numbers_is_refused_before_it_is_filled(spec: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="pattern"):
            format_number("{year}/{serial:" + spec + "}", year=2026, register="IN", serial=7)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()

"""A cashier's day: opening, taking money, closing with a difference."""

import pytest

from config.demo_counter import add_counter
from eservices.payments import journal
from eservices.payments.cashier import (
    CashierError,
    Handed,
    close_day,
    close_for,
    counts_of,
    in_drawer,
    open_day,
    open_day_of,
    take_money,
)
from eservices.payments.day_page import day_page
from eservices.payments.models import BankLine, CashierDay, Channel, JournalEntry, Payment
from eservices.payments.posting import AlreadyPaidError, Line, WrongAmountError
from registry.files.vault import get_vault
from routing.acting.errors import NotAllowedError
from tests.eservices.bills.bills import a_bill
from tests.eservices.payments.office import staff

pytestmark = pytest.mark.django_db
CASH = Handed(Channel.CASH)


def code_of(error: "pytest.ExceptionInfo[CashierError]") -> str:
    return error.value.code


def test_without_an_open_day_nothing_is_taken() -> None:
    bill = a_bill(total=100)
    with pytest.raises(CashierError) as refused:
        take_money(staff(), [Line(bill.number, 100)], CASH)
    assert code_of(refused) == "no_day"


def test_a_cashier_has_one_open_day() -> None:
    user = staff()
    open_day(user, desk="G1", opening=50000)
    with pytest.raises(CashierError) as refused:
        open_day(user, desk="G1", opening=0)
    assert code_of(refused) == "open_already"


def test_a_head_closes_the_day_of_a_cashier_who_is_away() -> None:
    away, head = staff(), staff("samira", role="head")
    day = open_day(away, desk="G1", opening=500)
    for other in (staff("hind"), away):  # no colleague, nor the cashier this way
        with pytest.raises(NotAllowedError):
            close_for(day, counted=500, reason="Malade", by=other)
    with pytest.raises(CashierError) as refused:
        close_for(day, counted=500, reason=" ", by=head)
    assert code_of(refused) == "reason"
    closed = close_for(day, counted=400, reason="Malade", by=head)
    assert (closed.closed_by, closed.difference, closed.remark) == (head, -100, "Malade")
    told = JournalEntry.objects.get(kind="cashier_closed")
    assert (told.actor, told.data["cashier"], told.data["reason"]) == (
        f"user:{head.pk}",
        away.pk,
        "Malade",
    )
    assert list(journal.check()) == []
    with pytest.raises(CashierError) as refused:
        close_for(day, counted=400, reason="Malade", by=head)
    assert code_of(refused) == "closed_already"
    open_day(away, desk="G1", opening=0)


def test_money_is_counted_by_how_it_came_and_the_drawer_holds_cash_alone() -> None:
    user = staff()
    day = open_day(user, desk="G1", opening=50000)
    ways = (CASH, Handed(Channel.CHEQUE, "0012345"), Handed(Channel.TERMINAL, "T9"))
    for at, handed in enumerate(ways, start=1):
        take_money(user, [Line(a_bill(total=100 * at).number, 100 * at)], handed)
    counts = counts_of(day)
    assert {way: counts[way]["total"] for way in ("cash", "cheque", "terminal")} == {
        "cash": 100,
        "cheque": 200,
        "terminal": 300,
    }
    assert in_drawer(day) == 50100


@pytest.mark.parametrize(
    ("handed", "code"),
    [
        (Handed(Channel.CHEQUE), "cheque_number"),
        (Handed(Channel.CASH, tendered=99), "tendered"),
        (Handed(Channel.TRANSFER), "channel"),
    ],
)
def test_what_is_handed_over_must_fit(handed: Handed, code: str) -> None:
    user = staff()
    open_day(user, desk="", opening=0)
    with pytest.raises(CashierError) as refused:
        take_money(user, [Line(a_bill(total=100).number, 100)], handed)
    assert code_of(refused) == code
    assert not Payment.objects.exists()


def test_the_same_click_twice_is_one_payment_also_of_a_part() -> None:
    user = staff()
    open_day(user, desk="", opening=0)
    bill = a_bill(total=1000, partial=True)
    first = take_money(user, [Line(bill.number, 400)], CASH)
    assert take_money(user, [Line(bill.number, 400)], CASH) == first
    assert take_money(user, [Line(bill.number, 300)], CASH) != first
    assert Payment.objects.count() == 2


def test_a_wrong_amount_and_a_paid_bill_are_refused() -> None:
    user = staff()
    open_day(user, desk="", opening=0)
    bill = a_bill(total=1000)
    with pytest.raises(WrongAmountError):
        take_money(user, [Line(bill.number, 400)], CASH)
    take_money(user, [Line(bill.number, 1000)], CASH)
    other = staff("other")
    open_day(other, desk="", opening=0)
    with pytest.raises(AlreadyPaidError):
        take_money(other, [Line(bill.number, 1000)], CASH)


def test_a_difference_needs_a_remark_and_the_closed_day_is_numbered_and_on_record() -> None:
    user = staff()
    open_day(user, desk="G1", opening=50000)
    take_money(user, [Line(a_bill(total=12840).number, 12840)], CASH)
    with pytest.raises(CashierError) as refused:
        close_day(user, counted=62800)
    assert code_of(refused) == "remark"
    day = close_day(user, counted=62800, remark="Rendu de monnaie")
    assert (day.expected, day.counted, day.difference) == (62840, 62800, -40)
    assert day.number.startswith("JC/")
    assert open_day_of(user) is None
    with pytest.raises(CashierError):
        take_money(user, [Line(a_bill(total=1).number, 1)], CASH)
    assert list(journal.check()) == []


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_the_page_of_a_closed_day_is_drawn_once(language: str) -> None:
    user = staff()
    open_day(user, desk="G1", opening=50000)
    take_money(user, [Line(a_bill(total=12840).number, 12840)], CASH)
    day = close_day(user, counted=62840)
    page = day_page(day, language=language)
    day.refresh_from_db()
    assert day_page(day, language=language) == page
    with get_vault().open(page.sha256) as stream:
        assert stream.read(5) == b"%PDF-"


def test_the_demo_has_a_closed_day_and_credits_that_wait_once() -> None:
    for total in (12840, 9900, 20050, 31000):
        a_bill(total=total)
    for _twice in range(2):
        add_counter()
    assert [day.difference for day in CashierDay.objects.all()] == [-50]
    assert list(BankLine.objects.order_by("pk").values_list("state", flat=True)) == [
        "matched",
        "proposed",
        "unmatched",
    ]
    assert list(journal.check()) == []

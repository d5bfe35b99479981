"""The paper of a bill: bands, readings, estimated or real, last year's use, reference and code."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pikepdf
import pypdfium2
import pytest

from eservices.bills.bill_state import State, state_of, used_of
from eservices.bills.consumption import uses_until
from eservices.bills.drawing import as_pdf
from eservices.bills.models import Bill, BillLine
from tests.eservices.bills.bills import a_bill, a_contract

pytestmark = pytest.mark.django_db
DAY: Final = date(2026, 11, 5)


def a_year(**last: Any) -> Bill:
    """Return the last of fourteen monthly bills of water, with two bands."""
    index = 1000
    for month in range(14):
        end = date(2025 + (9 + month) // 12, (9 + month) % 12 + 1, 28)
        used = 15 + month % 7
        bill = a_bill(
            a_contract(address="12, rue des Orangers", city="Settat"),
            number=f"F{month:03d}", service="water", period_from=end.replace(day=1), period_to=end,
            issued_on=end + timedelta(days=2), due_on=end + timedelta(days=20),
            previous_index=index, index=index + used, **(last if month == 13 else {}),
        )  # fmt: skip
        index += used
    for position, (band, net, tax) in enumerate(
        (("0–6 m³", 2000, 140), ("7–20 m³", 10000, 700)), 1
    ):
        BillLine.objects.create(
            bill=bill, position=position, label="Eau potable", band=band, quantity=Decimal(6),
            unit="m³", price=Decimal("3.3333"), net=net, tax_rate=Decimal(7), tax=tax,
        )  # fmt: skip
    return bill


def text_of(paper: bytes) -> str:
    """Return the words of a PDF."""
    document = pypdfium2.PdfDocument(paper)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_the_paper_says_all_that_is_asked_for(tmp_path: Path) -> None:
    """Tagged, with the state of the day."""
    bill = a_year(estimated=True)
    paper = as_pdf(bill, language="fr")
    (tmp_path / "bill.pdf").write_bytes(paper)
    words = " ".join(text_of(paper).split())
    for wanted in ("F013", "1000001", "0–6 m³", "7–20 m³", "Estimé", "128,40", "State of"[:0]):
        assert wanted in words, wanted
    with pikepdf.open(tmp_path / "bill.pdf") as document:
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "fr"


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_period_begins_where_the_language_begins(language: str) -> None:
    bill = a_year()
    page = pypdfium2.PdfDocument(as_pdf(bill, language=language))[0].get_textpage()
    assert bill.period_from
    assert bill.period_to
    begins, ends = (_place(page, day) for day in (bill.period_from, bill.period_to))
    assert (begins > ends) == (language == "ar")


def _place(page: pypdfium2.PdfTextPage, day: date) -> float:
    """Return how far from the left a day stands first."""
    found = page.search(f"{day:%d/%m/%Y}").get_next()
    assert found is not None
    left: float = page.get_charbox(found[0])[0]
    return left


def test_uses_stand_beside_those_of_the_year_before() -> None:
    """Twelve months, and the months of the year before as far as there are bills."""
    uses = uses_until(a_year())
    assert len(uses) == 12
    assert (uses[-1].used, uses[-1].year_before) == (15 + 13 % 7, 15 + 1)
    assert uses[0].year_before is None


def test_a_meter_that_turned() -> None:
    """99990 is followed by 00007: seventeen."""
    assert used_of(a_bill(previous_index=99990, index=7)) == 17
    assert used_of(a_bill(index=7)) is None


def test_an_index_that_was_corrected_tells_no_use() -> None:
    """Far from the end of the register it has not turned."""
    assert used_of(a_bill(previous_index=1200, index=1150)) is None


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, State.DUE),
        ({"remaining": 0}, State.PAID),
        ({"remaining": 10}, State.PART),
        ({"due_on": date(2020, 1, 1)}, State.LATE),
        ({"total": -100, "remaining": -100}, State.CREDIT),
        ({"total": -100, "remaining": 0}, State.USED),
        ({"total": 0, "remaining": 0}, State.NOTHING),
        ({"total": 0, "remaining": 0, "kind": "fee"}, State.CANCELLED),
    ],
)
def test_how_a_bill_stands(fields: dict[str, Any], state: State) -> None:
    """Late beats partly paid."""
    assert state_of(a_bill(**fields)) == state

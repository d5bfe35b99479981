"""Forms with a first and a last day: typed the wrong way round, they say so and keep both days."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.eservices.bills.bills import a_bill, a_contract

pytestmark = pytest.mark.django_db
Browser = Callable[[str], Client]
FIRST, LAST = "2026-05-20", "2026-05-03"
WORDS = "Le dernier jour précède le premier."
PAGES = (
    ("amina", "/bills/statement/?contract=1000001&", "from", "to"),
    ("samira", "/payments/?", "since", "until"),
    ("samira", "/payments/figures/?", "since", "until"),
    ("samira", "/banks/settlements/?", "since", "until"),
    ("amina", "/lists/?", "since", "until"),
    ("amina", "/lists/outcomes/?", "since", "until"),
    ("amina", "/tray/?", "since", "until"),
    ("badr", "/inbox/?", "since", "until"),
    ("amina", "/search/?", "after", "before"),
    ("audit", "/security/?", "first", "last"),
)


@pytest.mark.parametrize(("who", "address", "first", "last"), PAGES)
def test_days_the_wrong_way_round_are_said_and_kept(
    browser: Browser, who: str, address: str, first: str, last: str
) -> None:
    a_bill(a_contract("1000001"))
    client = browser(who)
    answer = client.get(f"{address}{first}={FIRST}&{last}={LAST}")
    page = answer.content.decode()
    assert answer.status_code == (422 if "security" in address else 200)
    assert WORDS in page
    assert f'value="{FIRST}"' in page
    assert f'value="{LAST}"' in page
    for given in (f"{first}={LAST}&{last}={FIRST}", f"{first}={LAST}&{last}={LAST}", ""):
        assert WORDS not in client.get(address + given).content.decode(), given


def test_a_statement_the_wrong_way_round_gives_no_file(browser: Browser) -> None:
    a_bill(a_contract("1000001"))
    client, days = browser("amina"), f"contract=1000001&from={FIRST}&to={LAST}"
    assert "statement.pdf" not in client.get(f"/bills/statement/?{days}").content.decode()
    for name in ("pdf", "csv"):
        assert client.get(f"/bills/statement/statement.{name}?{days}").status_code == 404

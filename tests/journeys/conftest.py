"""One running office and one browser for all journeys of a test process."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.office import Office, running_office
from tests.services.sim_nestpay import simulated


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Started once, with a bank's gateway; every journey deposits letters of its own."""
    folder: Path = tmp_path_factory.mktemp("office")
    with simulated() as bank, running_office(folder, PAYMENT_URL=bank.setting) as running:
        yield running


@pytest.fixture(scope="session")
def chromium(playwright_driver: Any, chromium_program: str) -> Iterator[Any]:
    """The system's Chromium, driven by playwright."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    browser = playwright_driver.chromium.launch(executable_path=chromium_program, args=flags)
    yield browser
    browser.close()

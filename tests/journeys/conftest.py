"""One running office and one browser for all journeys of a test process."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.office import Office, as_prepared, prepared_office, running_office
from tests.services.sim_nestpay import simulated


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """What each office of the demo's people begins with: migrated and loaded once."""
    folder: Path = tmp_path_factory.mktemp("prepared")
    with prepared_office(folder, workers=False, begin="demo --prepare") as office:
        yield office


@pytest.fixture(scope="session")
def office(prepared: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Started once, with a bank's gateway; every journey deposits letters of its own."""
    folder: Path = tmp_path_factory.mktemp("office")
    begin = as_prepared(prepared)
    with (
        simulated() as bank,
        running_office(folder, begin=begin, PAYMENT_URL=bank.setting) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def chromium(playwright_driver: Any, chromium_program: str) -> Iterator[Any]:
    """The system's Chromium, driven by playwright."""
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    browser = playwright_driver.chromium.launch(executable_path=chromium_program, args=flags)
    yield browser
    browser.close()


@pytest.fixture(autouse=True)
def _windows_are_closed(request: pytest.FixtureRequest) -> Iterator[None]:
    """A window that stays open asks the office for news, and draws them, until the run ends."""
    if "chromium" not in request.fixturenames:
        yield
        return
    browser = request.getfixturevalue("chromium")
    of_the_file = set(browser.contexts)
    yield
    for window in set(browser.contexts) - of_the_file:
        window.close()

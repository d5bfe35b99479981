"""What a test wants of the machine: one fixture for each cause, one line for each in the summary.

Without it a test is skipped; with CI set it fails, since there set-up has installed everything.
"""

import os
import shutil
from collections import Counter
from collections.abc import Generator
from pathlib import Path
from typing import Any, NoReturn

import pytest

PRODUCTION = "they run in the production profile: ./sijill test production"


def wanting(cause: str) -> NoReturn:
    """Skip the test for want of a service or a program; fail it where CI is set."""
    if os.environ.get("CI"):
        pytest.fail(f"missing, and CI is set: {cause}", pytrace=False)
    pytest.skip(cause)


def wanting_service(cause: str) -> NoReturn:
    """The same for what only the production profile's set-up installs."""
    if os.environ.get("SIJILL_PROFILE") != "production":
        pytest.skip(PRODUCTION)
    wanting(cause)


def program(*names: str, package: str) -> str:
    """The path of the first of these programs that is here; wanting without any."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    return found or wanting(f"{names[0]} is not installed (Debian's package: {package})")


@pytest.fixture(scope="session")
def libreoffice() -> str:
    """LibreOffice's writer, which turns texts into PDF."""
    return _office_part("sw", package="libreoffice-writer-nogui")


@pytest.fixture(scope="session")
def libreoffice_tables(libreoffice: str) -> str:
    """LibreOffice's calc, which turns tables into PDF."""
    return _office_part("sc", package="libreoffice-calc-nogui")


def _office_part(part: str, *, package: str) -> str:
    found = program("soffice", "libreoffice", package=package)
    if not Path(found).resolve().with_name(f"lib{part}lo.so").exists():
        wanting(f"this LibreOffice has no {package.split('-')[1]} (Debian's package: {package})")
    return found


@pytest.fixture(scope="session")
def poppler() -> str:
    """pdftotext, which reads our PDFs as a stranger would."""
    return program("pdftotext", package="poppler-utils")


@pytest.fixture(scope="session")
def openssl() -> str:
    """OpenSSL, which makes keys and stamps times for tests."""
    return program("openssl", package="openssl")


@pytest.fixture(scope="session")
def chromium_program() -> str:
    """The system's Chromium; the one without windows, where it is here, costs a third less."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return program(*names, package="chromium")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that is skipped for want of a service, and that no profile would run."""
    report = yield
    if report.skipped and runs_nowhere(item, _cause_of(report)):
        report.outcome = "failed"
        report.longrepr = "it runs in no profile: mark it `production`"
    return report


def runs_nowhere(item: pytest.Item, cause: str) -> bool:
    """Return whether a test skipped for that cause is none of the production profile's either."""
    from tests.profiles import SERVICE, needs_services

    return bool(cause == PRODUCTION or SERVICE.search(cause)) and not needs_services(item)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say once for each cause how many tests were skipped for it."""
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    terminalreporter.section("skipped")
    for cause, count in Counter(map(_cause_of, skipped)).most_common():
        terminalreporter.write_line(f"{count:>5}  {cause}")


def _cause_of(report: Any) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return " ".join(reason.removeprefix("Skipped: ").split())

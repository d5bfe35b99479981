"""The test office: a DATA_DIR of its own, the demo organisation in the database, people at hand.

The profile is the environment's: embedded (SQLite in a real file) unless SIJILL_PROFILE is
production, where DATABASE_URL names a PostgreSQL. Jobs are done when a test asks for it: `drain()`.
"""

import atexit
import gc
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from org.models import User
    from tests.database import Database

pytest_plugins = [
    "tests.letters_on_their_way",
    "tests.plugins.wanting",
    "tests.plugins.second_chance",
    "tests.plugins.groups",
    "tests.plugins.compiling",
    "tests.plugins.frames",
    "tests.plugins.sendable",
]
PRODUCTION = os.environ.get("SIJILL_PROFILE") == "production"
# A test must not touch the office that the caller's environment describes.
_OURS = ("SEARCH_URL", "VAULT_URL", "CLAMD_URL", "EMAIL_URL", "MAILBOX_URL", "SECRET_KEY_FILE")
_CHANNELS = ("MAILBOX_DONE", "WATCH_FOLDER", "BANK_FOLDER")
for _name in (*_OURS, *_CHANNELS, *(() if PRODUCTION else ("DATABASE_URL", "BROKER_URL"))):
    os.environ.pop(_name, None)
# Without compiled files every program that a test starts would compile the whole house.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
_folder = tempfile.mkdtemp(prefix="sijill-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ |= {
    "DATA_DIR": _folder,
    "JOB_DELIVERY": "none",
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "LANGUAGE_CODE": "fr",
    "TIME_ZONE": "Africa/Casablanca",
    "MEANING": "no",  # vectors cost each test process two seconds: tests of meaning switch it on
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--all` leaves no test out of a profile (tests/profiles.py)."""
    parser.addoption("--all", action="store_true", help="leave out no test of the profile")


def pytest_configure(config: pytest.Config) -> None:
    """Read the settings now that the environment is right (pytest-django then sets Django up)."""
    import hypothesis
    from django.conf import settings

    # How long an example takes says how busy the machine is, not whether the rule holds. A change
    # is judged by the same examples each time; whoever works at a desk tries new ones.
    judged = "CI" in os.environ
    patient = hypothesis.settings(deadline=None, derandomize=judged)
    hypothesis.settings.register_profile("patient", patient)
    hypothesis.settings.load_profile("patient")
    assert Path(_folder) == settings.DATA_DIR, "settings were read before this process's DATA_DIR"
    if config.getoption("numprocesses", None):
        # Test processes inherit this: named there, settings would be read before their conftest.
        os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Several writers need a real file; Django's default for tests is a database in memory.
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        test = settings.DATABASES["default"].setdefault("TEST", {})
        test["NAME"] = str(Path(_folder) / "test.sqlite3")
        # A power cut may take the test database: nobody waits for the disk. And how long a writer
        # waits for sixteen others says how busy the machine is.
        options = settings.DATABASES["default"]["OPTIONS"]
        options["timeout"] = 120
        options["init_command"] += "PRAGMA synchronous=OFF;"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The production profile runs what is long and what its services make a difference to."""
    from tests.plugins.groups import group_of
    from tests.profiles import choose, give_time, leave_out_long

    give_time(items, config)
    if PRODUCTION:
        choose(items, config)
    else:
        leave_out_long(items, config)
    # The driver of browsers leaves an event loop in its thread: Django opens no database there.
    # So they come last, and with them whoever shares their group.
    last = {group_of(item.path) for item in items if _drives_a_browser(item)} - {""}
    items.sort(key=lambda item: _drives_a_browser(item) or group_of(item.path) in last)


def _drives_a_browser(item: pytest.Item) -> bool:
    return "playwright_driver" in getattr(item, "fixturenames", ())


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """What is imported stays: no search for garbage looks at it, now or later."""
    gc.disable()


def pytest_collection_finish() -> None:
    """What was imported stays until the end: no search for garbage looks at it again.

    And what a test leaves is soon gone, garbage or not: it is searched for less often.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Every process has a DATA_DIR, and so a SQLite file, of its own; PostgreSQL gets a suffix."""
    from django.db import connection

    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker and connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["NAME"] = f"test_sijill_{worker}"


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_modify_db_settings: None,
) -> "Iterator[Database]":
    """The demo organisation stands in the test database, in front of every test; transactional
    tests put it back so at their end."""
    from django.test import TransactionTestCase

    from tests.database import open_database

    with django_db_blocker.unblock():
        database = open_database(_kept_folder(request.config))
    original = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown = (  # type: ignore[attr-defined]
        lambda _case: database.restore()
    )
    yield database
    TransactionTestCase._fixture_teardown = original  # type: ignore[attr-defined]
    with django_db_blocker.unblock():
        database.drop()


def _kept_folder(config: pytest.Config) -> Path:
    """Where a migrated database is kept between runs."""
    cache: pytest.Cache | None = getattr(config, "cache", None)
    if cache is None:  # pytest was told to keep nothing
        return Path(_folder)
    return cache.mkdir("database")


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """No test leaves its language to the next one."""
    from django.utils import translation

    with translation.override("fr"):
        yield


@pytest.fixture(scope="session", autouse=True)
def _equal_papers_are_drawn_once() -> Iterator[None]:
    """Hundreds of requests have the same answers; the same page is the same PDF, to the byte."""
    from registry import paper

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paper, "drawn", lru_cache(maxsize=256)(paper.drawn))
        yield


@pytest.fixture(scope="session", autouse=True)
def _nobody_waits_for_the_disk() -> Iterator[None]:
    """A power cut may take what a test has kept. A program that a test starts waits as always."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _file: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_window_of_a_brake_ends_in_a_test() -> Iterator[None]:
    """Attempts are counted in fixed windows: what a test tries would fall into two of them."""
    from web import throttle

    a_minute_of_the_day = time.time() // 86_400 * 86_400 + 60
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(throttle, "time", SimpleNamespace(time=lambda: a_minute_of_the_day))
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_found_once() -> Iterator[None]:
    """Each browser of a test has its own middleware; the files of the pages are the same."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    find, found = WhiteNoiseMiddleware.add_files_from_finders, dict[str, Any]()

    def find_once(middleware: WhiteNoiseMiddleware) -> None:
        if not found:
            find(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", find_once)
        yield


@pytest.fixture
def own_data_dir(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A DATA_DIR of the test's own: an empty vault and whatever else is kept there."""
    from registry.files.vault import get_vault

    settings.DATA_DIR = tmp_path
    get_vault.cache_clear()
    yield tmp_path
    get_vault.cache_clear()


def _person(username: str) -> Any:
    @pytest.fixture(name=username)
    def person(db: None) -> "User":
        from tests.factories import person

        return person(username)

    return person


amina = _person("amina")  # clerk of the registry office
badr = _person("badr")  # member of EAU
dounia = _person("dounia")  # head of EAU
chafik = _person("chafik")  # member of SI: sees nothing that is not addressed to SI
direction = _person("direction")  # director
audit = _person("audit")  # auditor
admin = _person("admin")  # administrator


@pytest.fixture
def client_as(db: None) -> "Callable[[str], Client]":
    """A browser that is logged in as the person of this user name."""
    from django.test import Client

    from tests.factories import freshly_signed_in, person

    def open_browser(username: str) -> Client:
        client = Client()
        client.force_login(person(username))
        freshly_signed_in(client)
        return client

    return open_browser


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Any]:
    """The one driver of browsers in a test process: playwright allows no second."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver

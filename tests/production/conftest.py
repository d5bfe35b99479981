"""These tests need PostgreSQL and Redis; they run in the production profile."""

import os

import pytest

from tests.plugins.wanting import PRODUCTION, wanting


@pytest.fixture(autouse=True, scope="session")
def _services() -> None:
    """Before any fixture of a module: no broker is started for tests that are skipped."""
    if os.environ.get("SIJILL_PROFILE") != "production":
        pytest.skip(PRODUCTION)
    for name in ("TEST_POSTGRES_URL", "TEST_REDIS_URL"):
        if not os.environ.get(name):
            wanting(f"{name} names no server")

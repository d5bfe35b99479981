"""These tests need PostgreSQL and Redis; they run in the production profile."""

import os

import pytest

from tests.plugins.wanting import PRODUCTION, wanting


@pytest.fixture(autouse=True)
def _services() -> None:
    if os.environ.get("SIJILL_PROFILE") != "production":
        pytest.skip(PRODUCTION)
    for name in ("TEST_POSTGRES_URL", "TEST_REDIS_URL"):
        if not os.environ.get(name):
            wanting(f"{name} names no server")

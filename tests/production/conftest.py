"""These tests need PostgreSQL and Redis; they run in the production profile."""

import os

import pytest


@pytest.fixture(autouse=True)
def _services() -> None:
    if os.environ.get("SIJILL_PROFILE") != "production":
        pytest.skip("NOT RUN HERE: needs `./sijill test production`")
    for name in ("TEST_POSTGRES_URL", "TEST_REDIS_URL"):
        if not os.environ.get(name):
            reason = f"NOT RUN: {name} names no server"
            pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)

"""The scene that every address is asked in."""

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.web.access.scene import Scene


@pytest.fixture
def scene(db: None, settings: Any) -> "Iterator[Scene]":
    """Build it; nobody's sign-in grows old while thousands of requests are sent."""
    from tests.web.access.scene import build
    from tests.web.refusals import plain_refusals

    settings.CONFIRM_MINUTES = 24 * 60
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 24 * 3600
    found = build()
    logging.disable(logging.CRITICAL)  # ten thousand refusals, each with its way
    with plain_refusals():
        yield found
    logging.disable(logging.NOTSET)

"""The job table of the tests in place of the office's."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.jobs import table


@pytest.fixture(autouse=True)
def _test_table(settings: Any) -> Iterator[None]:
    settings.JOB_TABLE = "tests.jobs.table.TABLE"
    settings.JOB_CLOCK = "tests.jobs.table.tick"
    yield
    traces = (table.done, table.parked, table.begun, table.during_work, table.together)
    for trace in traces:
        trace.clear()

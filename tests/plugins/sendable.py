"""What a test process reports can be sent, whatever the test wrote to a log or compared.

pytest-xdist sends reports as UTF-8: half a surrogate pair in one, even of a test that passed, ended
the whole run.
"""

from collections.abc import Generator
from typing import Any

import pytest


def sendable(value: Any) -> Any:
    """Return the value with `\\udcff` and the like written out, in all texts within it."""
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, dict):
        return {sendable(key): sendable(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(sendable, value))
    return value


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """Make each report sendable."""
    return sendable((yield))

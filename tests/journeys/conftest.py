"""One running office for all journeys of a test process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.office import Office, running_office


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Started once; every journey deposits letters of its own."""
    folder: Path = tmp_path_factory.mktemp("office")
    with running_office(folder) as running:
        yield running

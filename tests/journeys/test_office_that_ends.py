"""An office of the journeys that cannot start says why, and is not waited for."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.journeys.office import Office, running_office


@pytest.mark.whole_office
def test_an_office_whose_port_was_taken_says_so(tmp_path: Path) -> None:
    with socket.socket() as other:

        def take_its_port(office: Office) -> None:
            office.manage("migrate", "--no-input")
            other.bind(("127.0.0.1", urlsplit(office.url).port or 0))
            other.listen()

        with (
            pytest.raises(AssertionError, match=r"ended with 4\n[\s\S]*Le port \d+ est"),
            running_office(tmp_path, begin=take_its_port, workers=False),
        ):
            raise RuntimeError("it is up, on a port of another's")

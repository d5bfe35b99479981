"""The desk's furniture: a letter of EAU, browsers with and without log-in."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from tests.web.desk.cases import Case


@pytest.fixture
def case(amina: Any, badr: Any) -> "Case":
    """A letter that lies with EAU."""
    from tests.web.desk.cases import letter_of_eau

    return letter_of_eau(amina=amina, badr=badr)


@pytest.fixture
def browser(client_as: "Callable[[str], Client]") -> "Callable[[str], Client]":
    """A logged-in browser by user name."""
    return client_as


@pytest.fixture
def nobody() -> "Client":
    """A browser without log-in."""
    from django.test import Client

    return Client()

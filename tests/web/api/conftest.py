"""Programs that call the API, each with the token of a person."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from rest_framework.test import APIClient


@pytest.fixture
def api_as(db: None) -> "Callable[[str], APIClient]":
    """A client with the token of the person of this user name; no token for an empty name."""
    from rest_framework.test import APIClient

    from tests.factories import api_key

    def call(username: str) -> "APIClient":
        client = APIClient(headers={"accept-language": "en"})
        if username:
            client.credentials(HTTP_AUTHORIZATION=f"Token {api_key(username)}")
        return client

    return call

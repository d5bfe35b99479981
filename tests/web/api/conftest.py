"""Programs that call the API, each with the token of a person."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

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


@pytest.fixture
def schema(db: None) -> dict[str, Any]:
    """The document of the API, as it is answered."""
    return _document()


@cache
def _document() -> dict[str, Any]:
    """It costs two seconds of a processor, and is the same for every test."""
    from django.test import Client
    from drf_spectacular.drainage import GENERATOR_STATS

    from web.api.document import written_in

    GENERATOR_STATS.reset()
    written_in.cache_clear()  # what is wrong is told while it is made
    found: dict[str, Any] = Client().get("/api/schema/").json()
    return found

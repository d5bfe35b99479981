"""Every address of SCIM, tried with the token of seven kinds of people, and without one."""

from collections.abc import Callable
from typing import Final

import pytest
from django.test import Client

from tests.factories import api_key
from web.scim.urls import urlpatterns

pytestmark = pytest.mark.django_db
PEOPLE: Final = ("amina", "badr", "dounia", "chafik", "direction", "audit")
ADDRESSES: Final = {
    "users": ("Users", 200),
    "user": ("Users/1", 200),
    "groups": ("Groups", 200),
    "group": ("Groups/department-1", 200),
    "config": ("ServiceProviderConfig", 200),
    "types": ("ResourceTypes", 200),
    "type": ("ResourceTypes/User", 200),
    "schemas": ("Schemas", 200),
    "schema": ("Schemas/urn:ietf:params:scim:schemas:core:2.0:User", 200),
    "search": (".search", 405),
    "bulk": ("Bulk", 405),
    "unknown": ("whatever", 404),
}


def test_every_address_is_in_the_matrix() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(ADDRESSES)


def test_only_an_administrators_token_for_the_directory_opens_an_address() -> None:
    keys = {name: api_key(name, areas=["scim"]) for name in (*PEOPLE, "admin")}
    whole = api_key("admin")
    for path, status in ADDRESSES.values():
        address = f"/scim/v2/{path}"
        told = {
            name: Client().get(address, headers={"authorization": f"Bearer {key}"}).status_code
            for name, key in (keys | {"whole": whole}).items()
        }
        assert told == dict.fromkeys((*PEOPLE, "whole"), 403) | {"admin": status}, path
        assert Client().get(address).status_code == 401
        assert Client().post(address).status_code == 401


def test_a_session_opens_nothing(client_as: Callable[[str], Client]) -> None:
    browser = client_as("admin")
    assert browser.get("/scim/v2/Users").status_code == 401

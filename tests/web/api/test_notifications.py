"""Notifications over the API: one's own, marked as read, and what one wants to be told."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from org.models import User
from routing.assigning import giving
from tests.factories import department, deposit, drain

pytestmark = pytest.mark.django_db
Caller = Callable[[str], APIClient]
NOTIFICATIONS = "/api/v1/notifications"


def test_what_one_is_told_is_listed_marked_and_wished(amina: User, api_as: Caller) -> None:
    letter = deposit(actor=amina, subject="Fuite").letter
    giving.assign(letter, department=department("EAU"), actor=amina)
    drain("notice.spread")
    head, other = api_as("dounia"), api_as("chafik")
    told = head.get(NOTIFICATIONS).json()
    assert told["unread"] == 1
    (row,) = told["notifications"]
    assert (row["kind"], row["letter"], row["number"]) == ("given", str(letter.pk), letter.number)
    assert other.get(NOTIFICATIONS).json()["notifications"] == []
    named = {"ids": [row["id"]]}
    assert other.post(f"{NOTIFICATIONS}/read", named, format="json").json() == {"marked": 0}
    assert head.post(f"{NOTIFICATIONS}/read", named, format="json").json() == {"marked": 1}
    assert head.get(f"{NOTIFICATIONS}?unread=true").json()["notifications"] == []
    for wrong in ({}, {"ids": [1], "all": True}, {"ids": ["x"]}, {"alle": True}):
        assert head.post(f"{NOTIFICATIONS}/read", wrong, format="json").status_code == 400
    wish = {"kind": "given", "page": True, "mail": "at_once", "push": False}
    kept = head.put(f"{NOTIFICATIONS}/preferences", {"wishes": [wish]}, format="json").json()
    assert wish in kept["wishes"]
    assert wish not in other.get(f"{NOTIFICATIONS}/preferences").json()["wishes"]

"""No name can be told from another by what a wrong password costs: hashes are counted, no time."""

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher, make_password

from org.models import User
from tests.factories import person

pytestmark = pytest.mark.django_db
PASSWORD = "Une phrase assez longue 7"
ran: list[str] = []


class Newer(MD5PasswordHasher):
    """The preferred one."""

    algorithm = "newer"

    def encode(self, password: str, salt: str) -> str:
        ran.append(self.algorithm)
        return str(super().encode(password, salt))


class Older(Newer):
    """One of an earlier version."""

    algorithm = "older"


@pytest.fixture(autouse=True)
def _as_after_an_upgrade(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Newer", f"{__name__}.Older"]


def keep(username: str, hashed: str) -> None:
    User.objects.filter(pk=person(username).pk).update(password=hashed)


def cost(username: str) -> list[str]:
    ran.clear()
    authenticate(None, username=username, password="Une autre phrase 8")
    return sorted(ran)


def test_while_hashes_of_an_earlier_version_stand_every_name_costs_both() -> None:
    User.objects.update(password="!")
    keep("amina", make_password(PASSWORD, hasher="older"))
    keep("badr", make_password(PASSWORD))
    for name in ("amina", "badr", "dounia", "nobody"):
        assert cost(name) == ["newer", "older"], name


def test_once_none_stands_a_name_costs_one_hash() -> None:
    User.objects.update(password="!")
    keep("amina", make_password(PASSWORD, hasher="older"))
    assert authenticate(None, username="amina", password=PASSWORD)
    keep("badr", make_password(PASSWORD))
    for name in ("amina", "badr", "dounia", "nobody"):
        assert cost(name) == ["newer"], name
